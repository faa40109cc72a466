"""A tally says what a run has brought so far, and how long the rest will take."""

from __future__ import annotations

import pytest

from reasongap.report.tally import Tally, duration
from reasongap.runs.events import Answered, Paced, Paid, Planned, Retried
from tests.analysis.records import record


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_running_gaps_are_those_of_the_answers_so_far() -> None:
    tally = Tally(Clock())
    tally.hear(Planned(12, 0))
    tally.hear(Answered(record("a", "hop1", "correct")))
    tally.hear(Answered(record("b", "hop1", "wrong")))
    tally.hear(Answered(record("a", "hop2", "correct")))
    row = ("m", "cot")
    assert tally.delta(row) is None, "no chain was answered"
    assert tally.gap(row) == "S1 0.50 S2 1.00"
    tally.hear(Answered(record("a", "composed", "wrong")))
    tally.hear(Answered(record("a", "hop2-source", "wrong")))
    tally.hear(Answered(record("b", "composed", "model_error")))
    assert tally.delta(row) == pytest.approx(-0.5)
    assert tally.gap(row) == "S1 0.50 S2 1.00 S_comp 0.00 Δ −0.50"
    assert tally.rows == [row]
    assert tally.trouble() == "1 failed"


def test_the_rate_follows_the_last_answers() -> None:
    clock = Clock()
    tally = Tally(clock)
    tally.hear(Planned(1000, 400))
    assert tally.seconds_left is None
    for pause in [1.0] * 100 + [0.1] * 300:
        clock.now += pause
        tally.hear(Answered(record("a", "hop1")))
    assert tally.rate == pytest.approx(10, rel=0.05)
    assert tally.seconds_left == pytest.approx(20, rel=0.05)


def test_money_is_what_this_sitting_paid() -> None:
    tally = Tally(Clock())
    tally.hear(Answered(record("a", "hop1", cost=3.0)))
    assert tally.trouble() == "", "a reply from the cache was paid before"
    tally.hear(Paid("m", 0.25, 10))
    assert tally.trouble() == "$0.2500"
    tally.hear(Paid("m", None, 10))
    tally.hear(Retried("m", "slow down"))
    tally.hear(Paced("here", 4, "saturated", 0.0))
    tally.hear(Paced("there", 8, "saturated", 0.0))
    assert tally.trouble() == "$0.2500 + unknown · 1 retries · 12 at once"


def test_durations_are_for_people() -> None:
    assert [duration(s) for s in (7, 89, 91, 3000, 12_000)] == [
        *("7 s", "89 s", "2 min", "50 min", "3 h 20 min")
    ]
