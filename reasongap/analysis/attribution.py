"""Where each failed composition went wrong: at which hop, in between, or before any answer.

Each failure has exactly one cause, the first that holds in the order of `CAUSES`; so a
breakdown sums to the failures.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, cast

from reasongap.analysis.calculations import of_text
from reasongap.analysis.evidence import Evidence
from reasongap.analysis.inside import stated
from reasongap.analysis.items import COMPOSED
from reasongap.analysis.sample import Estimate, share_of
from reasongap.answers import same
from reasongap.answers.hops import after_hop
from reasongap.domain import MACHINERY, Program, Record

Cause = Literal[
    "truncated",
    "refused",
    "context_too_long",
    "no_answer",
    "code_error",
    "timeout",
    "memory",
    "blocked",
    "crashed",
    "output_limit",
    "hop_wrong",
    "stopped_early",
    "not_carried",
    "last_hop_wrong",
    "unclear",
]
CAUSES: Mapping[Cause, str] = {
    "truncated": "reply cut at its length limit",
    "refused": "refused",
    "context_too_long": "prompt too long",
    "no_answer": "no answer",
    "code_error": "program raised an error",
    "timeout": "program ran too long",
    "memory": "program took too much memory",
    "blocked": "program was not allowed",
    "crashed": "program crashed",
    "output_limit": "program printed too much",
    "hop_wrong": "an earlier hop is wrong",
    "stopped_early": "answered an earlier hop only",
    "not_carried": "earlier hops right, X not carried on",
    "last_hop_wrong": "X carried on, last hop wrong",
    "unclear": "the reply does not show where",
}
"""Every cause with its words, in the order in which they are tried."""

_LETTER = re.compile(r"(?<![A-Za-z\\])X(?![A-Za-z])")
_END = 160
"""Characters at a reply's end in which an X that still stands there shows that it was left."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """The failed compositions of one model under one strategy by cause.

    `counts` covers `failed` of the `answered` records (repeats count one by one). A share
    is its count over `failed`; its interval is clustered by block, and its `n` counts the
    compositions that failed in any repeat.
    """

    model: str
    strategy: str
    answered: int
    failed: int
    counts: Mapping[Cause, int]
    shares: Mapping[Cause, Estimate]


def cause_of(record: Record) -> Cause | None:
    """Why a composition failed; None where it is right, or the machinery failed.

    A program's hops are judged by the values that its functions returned. An expression in X
    is no answer, but tells that X was not carried on.
    """
    if record.outcome == "correct" or record.outcome in MACHINERY:
        return None
    left = record.outcome == "no_answer" and _x_is_left(record)
    if record.outcome != "wrong" and not left:
        return cast(Cause, record.outcome)
    golds = record.question.hop_golds[:-1]
    told = [stated(record, hop) for hop in range(1, len(golds) + 1)]
    for answer, gold in zip(told, golds, strict=True):
        if answer is not None and not same(answer, gold):
            return "hop_wrong"
    answer = record.solution.answer
    if answer is not None and any(same(answer, gold) for gold in golds):
        return "stopped_early"
    if told[-1] is None:
        return "no_answer" if left else "unclear"
    carried = _carried(record, told[-1])
    return "unclear" if carried is None else "last_hop_wrong" if carried else "not_carried"


def _carried(record: Record, x: Fraction) -> bool | None:
    """Whether the answer before the last hop is worked with; None where nothing shows it."""
    if record.solution.programs:
        return _uses(record.solution.programs[-1])
    operands = [operand for step in of_text(_last_part(record)) for operand in step.operands]
    if any(same(operand, x) for operand in operands):
        return True
    return False if operands or _x_is_left(record) else None


def _x_is_left(record: Record) -> bool:
    """Whether a reply in words ends with the letter X in it, as "81 - X" does."""
    return not record.solution.programs and bool(_LETTER.search(_last_part(record)[-_END:]))


def _last_part(record: Record) -> str:
    """What a reply in words says after the hop before the last."""
    text = "\n".join(reply.text for reply in record.solution.completions)
    return after_hop(text, len(record.question.hops) - 1)


def _uses(program: Program) -> bool | None:
    """Whether the program works with the value of its last hop function."""
    try:
        tree = ast.parse(program.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not program.hop_functions:
        return None
    hop = program.hop_functions[-1]
    rest = [node for node in tree.body if getattr(node, "name", None) not in program.hop_functions]
    nodes = [inner for node in rest for inner in ast.walk(node)]
    values = {hop}
    for node in nodes:
        if isinstance(node, ast.Assign) and hop in _names(node.value):
            values = {name for target in node.targets for name in _names(target)}
    loads = (n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
    return not values.isdisjoint(loads)


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def attribution(evidence: Evidence) -> tuple[Attribution, ...]:
    """The causes of failure of every model under every strategy."""
    return tuple(_attributed(evidence, *who) for who in evidence.asked)


def _attributed(evidence: Evidence, model: str, strategy: str) -> Attribution:
    answers = list(evidence.graded(model, strategy, COMPOSED))
    causes = {record.key: cause_of(record) for record in answers}
    failed = Counter(cause for cause in causes.values() if cause is not None)
    counts: dict[Cause, int] = {name: failed[name] for name in CAUSES if failed[name]}

    def columns(records: Sequence[Record]) -> list[float]:
        cause = causes[records[0].key]
        return [float(cause is not None), *(float(cause == name) for name in counts)]

    shares: dict[Cause, Estimate] = {}
    if counts:
        grades = evidence.joined([(model, strategy, COMPOSED)], columns)
        sums = grades.values * grades.weights[:, None]
        for place, name in enumerate(counts, 1):
            share = share_of(sums[:, place], sums[:, 0], grades.blocks)
            assert share is not None, "some composition failed"
            shares[name] = share
    return Attribution(model, strategy, len(answers), failed.total(), counts, shares)
