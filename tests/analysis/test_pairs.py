from __future__ import annotations

import pytest

from reasongap.analysis.evidence import Evidence
from reasongap.analysis.pairs import ModelPair, model_pairs
from reasongap.analysis.published import published
from reasongap.analysis.trajectory import trajectories
from reasongap.models.seam import ModelSpec
from tests.analysis.records import answers
from tests.analysis.simulated import Habits, study


def pairs(first: ModelSpec, second: ModelSpec) -> tuple[ModelPair, ...]:
    rows = {first.name: ["110"] * 30 + ["111"] * 10, second.name: ["110"] * 10 + ["111"] * 30}
    records = [r for name, marks in rows.items() for r in answers(*marks, model=name)]
    return model_pairs(Evidence({s.name: s for s in (first, second)}, ("cot",), {}, records))


CHEAP = ModelSpec("cheap", family="F", tier="low-cost", size=1e9)
DEAR = ModelSpec("dear", family="F", tier="high-cost", size=1e11)


def test_a_dear_model_stands_against_the_cheap_one_of_its_family() -> None:
    (row,) = pairs(CHEAP, DEAR)
    assert (row.kind, row.first, row.second) == ("tier", "cheap", "dear")
    assert (row.single.value, row.composed.value) == (0, 0.5)
    assert [gap.value for gap in row.gaps] == [-0.75, -0.25]
    assert row.delta.value == pytest.approx(0.5)
    assert row.ratio == pytest.approx(3)
    assert row.ratio_ci is not None
    assert row.ratio_ci[0] < 3 < row.ratio_ci[1]


def test_other_families_and_unknown_tiers_make_no_pair() -> None:
    assert pairs(CHEAP, ModelSpec("dear", family="G", tier="high-cost")) == ()
    assert pairs(CHEAP, ModelSpec("dear", family="F")) == ()
    assert pairs(ModelSpec("cheap", tier="low-cost"), ModelSpec("dear", tier="high-cost")) == ()


def test_tuning_is_compared_at_one_size() -> None:
    base = ModelSpec("base", family="F", size=7e9, tuning="base")
    tuned = ModelSpec("tuned", family="F", size=7.6e9, tuning="instruct")
    (row,) = pairs(base, tuned)
    assert (row.kind, row.first, row.second) == ("tuned", "base", "tuned")
    assert pairs(base, ModelSpec("tuned", family="F", size=7e10, tuning="instruct")) == ()
    math = ModelSpec("math", family="F", size=7e9, tuning="math")
    assert [row.kind for row in pairs(tuned, math)] == ["math"]


def test_a_ratio_to_no_clear_gap_is_none_with_its_reason() -> None:
    marks = {"cheap": ["110"] * 40, "dear": ["111"] * 40}
    records = [r for name, rows in marks.items() for r in answers(*rows, model=name)]
    (row,) = model_pairs(Evidence({"cheap": CHEAP, "dear": DEAR}, ("cot",), {}, records))
    assert row.ratio is None
    assert row.ratio_ci is None
    assert "not clearly below 0" in str(row.reason)


def test_models_without_a_common_composition_make_no_pair() -> None:
    records = list(answers("111", model="cheap"))
    assert model_pairs(Evidence({"cheap": CHEAP, "dear": DEAR}, ("cot",), {}, records)) == ()


def checkpoint(step: int, later: float) -> tuple[ModelSpec, str, Habits]:
    spec = ModelSpec(f"ck{step}", series="human", step=step)
    return spec, "cot", Habits(0.9, 0.9, 0.9, later=later)


def test_a_trajectory_finds_the_peak_and_a_fall_beyond_noise() -> None:
    ways = [checkpoint(400, 0.5), checkpoint(50, 0.6), checkpoint(100, 0.95)]
    (row,) = trajectories(study(ways, 150))
    assert [point.step for point in row.checkpoints] == [50, 100, 400]
    assert row.peak == 100
    assert row.fall is not None
    assert row.p_value is not None
    assert row.fall.ci[0] < 0.9 * (0.5 - 0.95) < row.fall.ci[1] < 0
    assert row.p_value < 0.001
    assert row.single is not None
    assert row.single.ci[0] < 0 < row.single.ci[1]


def test_a_fall_within_noise_is_not_called_one() -> None:
    ways = [checkpoint(step, 0.8) for step in (10, 20, 30, 40)]
    (row,) = trajectories(study(ways, 100))
    assert row.fall is None or not row.fall.clear


def test_a_peak_at_the_end_or_a_lone_step_has_no_fall() -> None:
    (row,) = trajectories(study([checkpoint(1, 0.3), checkpoint(2, 0.9)], 60))
    assert (row.peak, row.fall) == (2, None)
    assert "last step" in str(row.reason)
    (row,) = trajectories(study([checkpoint(1, 0.3)], 20))
    assert "two steps" in str(row.reason)


def test_a_step_without_a_series_is_the_start_of_all_of_them() -> None:
    ways = [
        (ModelSpec(name, series=series, step=step), "cot", Habits(later=later))
        for name, series, step, later in (
            *(("base", None, 0, 0.1), ("h5", "human", 5, 0.5), ("o5", "own", 5, 0.6)),
            *(("h9", "human", 9, 0.7), ("other", None, None, 0.9)),
        )
    ]
    human, own = trajectories(study(ways, 60))
    assert [point.model for point in human.checkpoints] == ["base", "h5", "h9"]
    assert [point.model for point in own.checkpoints] == ["base", "o5"]


def test_models_without_a_series_have_no_trajectory() -> None:
    assert trajectories(study([(ModelSpec("m"), "cot", Habits())], 10)) == ()


def test_published_gaps_name_their_source_and_are_shares() -> None:
    rows = published()
    assert len(rows) == 12
    assert rows[0].model == "Gemma2-9B-IT"
    assert rows[0].delta == pytest.approx(-0.373)
    assert all(-1 < row.delta < 0 and "arXiv" in row.source for row in rows)
