"""Which answers go wrong is a matter of the request alone, and as often as was asked for."""

from __future__ import annotations

from collections import Counter
from statistics import median

import pytest

from reasongap.errors import UnknownName, UsageError
from reasongap.testing import FATAL, ODD, PASSING, Answer, Faults, Latency, chat, even, text


def test_faults_come_as_often_as_their_odds() -> None:
    faults = Faults({"reset": 0.1, "hang": 0.3})
    drawn = Counter(faults.drawn(0, f"key{i}", 0) for i in range(4000))
    assert drawn["reset"] / 4000 == pytest.approx(0.1, abs=0.02)
    assert drawn["hang"] / 4000 == pytest.approx(0.3, abs=0.03)


def test_another_attempt_is_another_draw_and_the_same_one_is_not() -> None:
    faults = Faults(even(0.5))
    drawn = [[faults.drawn(n, "key", attempt) for attempt in range(50)] for n in (0, 7)]
    assert drawn[0] == drawn[1]
    assert None in drawn[0]
    assert len(set(drawn[0])) > 5
    assert drawn[0] != [Faults(even(0.5), seed=1).drawn(0, "key", i) for i in range(50)]


def test_a_schedule_goes_before_the_odds() -> None:
    faults = Faults({"reset": 1.0}, schedule=("quota", None))
    assert [faults.drawn(n, "key", 0) for n in range(3)] == ["quota", None, "reset"]


def test_wrong_names_and_odds_are_refused() -> None:
    with pytest.raises(UnknownName, match="error_500"):
        Faults({"eror_500": 0.1})
    with pytest.raises(UnknownName, match="fault 'gone'"):
        Faults(schedule=("gone",))
    with pytest.raises(UsageError, match="at most 1 together"):
        Faults({"reset": 0.6, "hang": 0.6})


@pytest.mark.parametrize("good", [chat("7"), text("7")])
@pytest.mark.parametrize("name", PASSING + ODD + FATAL)
def test_every_fault_changes_an_answer_of_either_form(good: Answer, name: str) -> None:
    assert Faults().spoil(name, good) != good


def test_latency_spreads_around_its_median() -> None:
    assert Latency(0.2).drawn("key", 3) == 0.2
    waits = [Latency(0.2, sigma=0.5).drawn(f"key{i}", 0) for i in range(2000)]
    assert median(waits) == pytest.approx(0.2, rel=0.1)
    assert max(waits) > 0.5
    assert min(waits) > 0
