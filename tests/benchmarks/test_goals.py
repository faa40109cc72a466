import pytest

from benchmarks.goals import Goal, Results, at_size, field, ratio
from benchmarks.saved import Measurement
from benchmarks.tables import goals


def results(**rows: list[dict[str, object]]) -> Results:
    return {name: Measurement("", "", {}, {}, own) for name, own in rows.items()}


TIMES = results(start=[{"name": "ours", "median": 0.3}, {"name": "floor", "median": 0.1}])
OURS, FLOOR = field("start", "ours", "median"), field("start", "floor", "median")


@pytest.mark.parametrize(
    ("bound", "above", "verdict"),
    [(0.3, False, "met"), (0.2, False, "missed, × 1.50"), (0.6, True, "missed, × 2.00")],
)
def test_a_goal_says_by_how_much_it_is_missed(bound: float, above: bool, verdict: str) -> None:
    goal = Goal("start", bound, "s", OURS, "slow", above)
    assert goal.line(TIMES)[2:] == ("0.3 s", verdict)
    assert goal.missed(TIMES) == (verdict != "met")


def test_a_ratio_needs_both_numbers() -> None:
    assert ratio(OURS, FLOOR)(TIMES) == pytest.approx(3)
    assert ratio(OURS, field("start", "nobody", "median"))(TIMES) is None


def test_a_goal_that_was_not_measured_is_neither_met_nor_missed() -> None:
    goal = Goal("start", 1, "s", field("start", "nobody", "median"), "slow")
    assert goal.line(TIMES)[2:] == ("not measured", "–")
    assert not goal.missed(TIMES)


def test_a_way_that_could_not_run_has_no_number() -> None:
    assert field("start", "ours", "median")(results(start=[{"name": "ours"}])) is None


def test_a_cost_is_read_at_its_size() -> None:
    points = [{"size": 10, "peak": 1024}, {"size": 100, "peak": 2048}]
    grown = results(growth=[{"name": "page", "points": points}])
    assert at_size("page", 100, "peak", 1024)(grown) == 2
    assert at_size("page", 1000, "peak")(grown) is None


def test_reasons_stand_only_beneath_goals_that_are_missed() -> None:
    assert "Why those are missed" not in goals({})
    slow = results(start=[{"name": "reasongap --help", "median": 0.4}])
    assert "- `--help`: " in goals(slow)
