"""Whether two strategies differ in accuracy on the same items: McNemar's exact test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import bdtr

from reasongap.analysis.items import Cells


@dataclass(frozen=True, slots=True)
class PairedTest:
    """One setting of one model under two strategies.

    `gained` counts the items that `strategy` answers better than `baseline`, `lost` those
    it answers worse. `p_holm` is corrected for the number of models.
    """

    model: str
    baseline: str
    strategy: str
    setting: str
    gained: int
    lost: int
    p_value: float
    p_holm: float


def mcnemar(gained: int, lost: int) -> float:
    """The exact two-sided p-value of gains and losses being equally likely.

    Items are taken as independent; McNemar 1947, the binomial form.
    """
    return min(1.0, 2 * float(bdtr(min(gained, lost), gained + lost, 0.5)))


def paired_tests(cells: Cells, baseline: str, strategy: str) -> list[PairedTest]:
    """McNemar's test in every setting; with repeats, the sign test on each item's mean."""
    difference = cells.correct[strategy] - cells.correct[baseline]
    tests = []
    for setting, column in zip(cells.settings, difference.T, strict=True):
        gained, lost = int(np.sum(column > 0)), int(np.sum(column < 0))
        p = mcnemar(gained, lost)
        tests.append(PairedTest(cells.model, baseline, strategy, setting, gained, lost, p, p))
    return tests


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down correction (1979), in the order given."""
    corrected, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(np.argsort(p_values, kind="stable")):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        corrected[place] = highest
    return corrected


def across_models(tests: Sequence[PairedTest]) -> tuple[PairedTest, ...]:
    """The same tests, corrected by Holm over the models of each strategy and setting."""
    families: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, test in enumerate(tests):
        families[test.strategy, test.setting].append(place)
    corrected = list(tests)
    for places in families.values():
        for place, p in zip(places, holm([tests[i].p_value for i in places]), strict=True):
            corrected[place] = replace(tests[place], p_holm=p)
    return tuple(corrected)
