"""The shape of a record in records.jsonl: flat, self-contained, answers as exact strings."""

from __future__ import annotations

from fractions import Fraction
from typing import get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json

from reasongap.domain import (
    Completion,
    Execution,
    Key,
    Outcome,
    Program,
    Question,
    Record,
    Solution,
)

SCHEMA = 1
_OUTCOMES = frozenset(get_args(Outcome))


class RecordRow(BaseModel):
    """One line of records.jsonl.

    `question` is the whole text that was asked and `hops` its parts; `replies` hold the
    messages or the prompt that each of them answers; `programs[i]` ran as `executions[i]`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: int = Field(SCHEMA, alias="schema")
    key: Key
    outcome: Outcome
    block: str
    question: str
    hops: tuple[str, ...]
    gold: Fraction
    hop_golds: tuple[Fraction, ...]
    replies: tuple[Completion, ...]
    programs: tuple[Program, ...]
    executions: tuple[Execution, ...]
    answer: Fraction | None
    strict_answer: Fraction | None
    hop_answers: tuple[Fraction | None, ...]
    rule: str | None
    findings: tuple[str, ...] = ()
    strict: bool
    error: str | None
    started: float
    seconds: float


def to_line(record: Record) -> bytes:
    """The record as one line of JSON, with its line end."""
    question, solution = record.question, record.solution
    row = RecordRow(
        schema=SCHEMA,
        key=record.key,
        outcome=record.outcome,
        block=question.block,
        question=question.text,
        hops=question.hops,
        gold=question.gold,
        hop_golds=question.hop_golds,
        replies=solution.completions,
        programs=solution.programs,
        executions=solution.executions,
        answer=solution.answer,
        strict_answer=solution.strict_answer,
        hop_answers=solution.hop_answers,
        rule=solution.rule,
        findings=solution.findings,
        strict=record.strict,
        error=record.error,
        started=record.started,
        seconds=record.seconds,
    )
    return row.model_dump_json(by_alias=True).encode() + b"\n"


def key_and_outcome(line: bytes) -> tuple[Key, Outcome]:
    """What of a line tells whether its question is answered, found without checking the rest.

    Raises `ValueError`, `KeyError` or `TypeError` where the line is no record.
    """
    row = from_json(line)
    if row["outcome"] not in _OUTCOMES:
        raise ValueError(f"no such outcome: {row['outcome']!r}")
    return Key(**row["key"]), row["outcome"]


def from_line(line: bytes) -> Record:
    """The record of one line. Raises pydantic's `ValidationError` where it is none."""
    row = RecordRow.model_validate_json(line)
    return Record(
        key=row.key,
        question=Question(row.key.composition, row.block, row.key.setting, row.hops, row.hop_golds),
        solution=Solution(
            answer=row.answer,
            strict_answer=row.strict_answer,
            hop_answers=row.hop_answers,
            rule=row.rule,
            completions=row.replies,
            programs=row.programs,
            executions=row.executions,
            findings=row.findings,
        ),
        outcome=row.outcome,
        strict=row.strict,
        error=row.error,
        started=row.started,
        seconds=row.seconds,
    )
