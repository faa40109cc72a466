"""A question is settled or not, among however many."""

from __future__ import annotations

from itertools import product

from reasongap.domain import Key
from reasongap.runs.outcomes import Outcomes

KEYS = [Key("m", s, f"item{i}", h) for i, s, h in product(range(3000), ("cot", "pot"), ("1", "2"))]


def test_what_was_answered_is_settled_and_nothing_else() -> None:
    known = Outcomes((key, "wrong") for key in KEYS[::2])
    assert len(known) == len(KEYS) // 2
    assert [known.settled(key) for key in KEYS] == [True, False] * (len(KEYS) // 2)
    assert [key in known for key in KEYS] == [True, False] * (len(KEYS) // 2)


def test_what_the_machinery_failed_at_is_known_but_not_settled() -> None:
    known = Outcomes([(KEYS[0], "model_error"), (KEYS[1], "sandbox_error"), (KEYS[2], "timeout")])
    assert [known.settled(key) for key in KEYS[:3]] == [False, False, True]
    assert all(key in known for key in KEYS[:3])


def test_the_last_outcome_of_a_question_holds() -> None:
    known = Outcomes([(KEYS[0], "model_error"), (KEYS[0], "correct"), (KEYS[1], "correct")])
    assert known.settled(KEYS[0])
    known.note(KEYS[1], "model_error")
    assert not known.settled(KEYS[1])
    assert len(known) == 2
