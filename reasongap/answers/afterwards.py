"""What a reply says after its answer: a correction, or a problem that nobody asked.

A base model runs on ("Human: …", "Q3: …", a question of its own), and answers itself. A chat
model takes an answer back ("Wait, that is wrong") and gives another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reasongap.answers.hops import ANSWER_TO, hop_of
from reasongap.answers.statement import asks, read_label, read_statement, rest_of_line

_FLAGS = re.IGNORECASE | re.MULTILINE
_TURN = re.compile(
    r"^[ \t>#*_-]*+(?:(?P<role>human|user|assistant|instructions?)|(?:q|question|problem)"
    r"(?: ?(?P<hop>[0-9]{1,2}))?)[ \t*_]*+:",
    _FLAGS,
)
_RETRACTS = re.compile(
    r"\bwait\b|\bhold on\b|\bactually\b|\bapolog|\bsorry\b|\boops\b|\bmistake|\bincorrect"
    r"|\b(?:is|was) (?:wrong|not right)|\bcorrection\b|\breconsider|\bre-?read"
    r"|\bI (?:forgot|missed|misread|overlooked|miscounted)\b"
    r"|\b(?:corrected|revised) (?:final )?answer|\bthe (?:correct|right) (?:final )?answer",
    _FLAGS,
)
_TRIES = 30


def without_run_on(prose: str, hops: int, final: re.Pattern[str]) -> str:
    """A reply up to the next turn or problem, where that follows a stated answer.

    `final` is the label of a final answer; in a chain, that of the last hop serves as well.
    """
    if not _TURN.search(prose):
        return prose
    labels = [*final.finditer(prose), *(_of_hop(prose, hops) if hops > 1 else ())]
    stated = (
        label.end()
        for label in sorted(labels, key=lambda label: label.start())[:_TRIES]
        if read_label(label, prose, read_statement) is not None
    )
    start = next(stated, None)
    if start is None:
        return prose
    for turn in _TURN.finditer(prose, start):
        another = hops == 1 and turn["hop"] is None and asks(rest_of_line(prose, turn.end()))
        if turn["role"] or int(turn["hop"] or 0) > hops or another:
            return prose[: turn.start()]
    return prose


def retraction(prose: str, start: int) -> int | None:
    """Where what was stated before `start` is taken back, None where it is not."""
    found = _RETRACTS.search(prose, start)
    return None if found is None else found.start()


def _of_hop(prose: str, hop: int) -> Iterator[re.Match[str]]:
    return (label for label in ANSWER_TO.finditer(prose) if hop_of(label) == hop)
