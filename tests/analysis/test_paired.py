from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar as oracle_mcnemar  # type: ignore[import-untyped]
from statsmodels.stats.multitest import multipletests  # type: ignore[import-untyped]

from reasongap.analysis.items import Cells
from reasongap.analysis.paired import PairedTest, across_models, holm, mcnemar, paired_tests


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_that_of_statsmodels(gained: int, lost: int) -> None:
    found = mcnemar(gained, lost)
    if gained + lost:
        table = oracle_mcnemar([[9, gained], [lost, 9]], exact=True)
        assert found == pytest.approx(min(1, table.pvalue))  # pyright: ignore
        assert found == pytest.approx(binomtest(gained, gained + lost).pvalue)
    else:
        assert found == 1


def test_five_gains_without_a_loss_are_not_yet_significant() -> None:
    assert mcnemar(5, 0) == 0.0625
    assert mcnemar(6, 0) == 0.03125


@settings(max_examples=25)  # the oracle collects garbage on every call
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_that_of_statsmodels(p_values: list[float]) -> None:
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_holm_of_nothing_is_nothing() -> None:
    assert holm([]) == []


def test_gains_and_losses_are_counted_per_setting() -> None:
    correct = {
        "cot": np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]),
        "pot": np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 0.0]]),
    }
    cells = Cells("m", ("hop1", "composed"), correct, correct, np.arange(3))
    first, second = paired_tests(cells, "cot", "pot")
    assert (first.setting, first.gained, first.lost, first.p_value) == ("hop1", 2, 0, 0.5)
    assert (second.setting, second.gained, second.lost, second.p_value) == ("composed", 2, 1, 1.0)


def test_with_repeats_an_item_counts_once_by_its_mean() -> None:
    correct = {"cot": np.array([[1 / 3], [0.5], [1.0]]), "pot": np.array([[2 / 3], [0.5], [0.0]])}
    (test,) = paired_tests(Cells("m", ("composed",), correct, correct, np.arange(3)), "cot", "pot")
    assert (test.gained, test.lost) == (1, 1)


def test_models_are_corrected_for_within_each_strategy_and_setting() -> None:
    def test(model: str, setting: str, p: float) -> PairedTest:
        return PairedTest(model, "cot", "pot", setting, 1, 1, p, p)

    tests = [test("a", "hop1", 0.01), test("a", "composed", 0.2), test("b", "hop1", 0.04)]
    assert [t.p_holm for t in across_models(tests)] == pytest.approx([0.02, 0.2, 0.04])
