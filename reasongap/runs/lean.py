"""Records as analyses need them: of a million, all fit into memory."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import TypeVar

from reasongap.domain import Completion, Key, Record, Request

T = TypeVar("T", bound=Hashable)

UNSAID = Request()
"""Stands for what a model was sent."""


class Lean:
    """Makes records smaller: no requests, and what several have in common is held once."""

    def __init__(self) -> None:
        self._known: dict[tuple[type, object], object] = {}

    def __call__(self, record: Record) -> Record:
        """The record with all that an analysis reads."""
        key, solution = record.key, record.solution
        return replace(
            record,
            key=Key(
                self._once(key.model),
                self._once(key.strategy),
                self._once(key.composition),
                self._once(key.setting),
                key.repeat,
            ),
            question=self._once(record.question),
            solution=replace(
                solution,
                answer=self._once(solution.answer),
                strict_answer=self._once(solution.strict_answer),
                hop_answers=tuple(map(self._once, solution.hop_answers)),
                rule=self._once(solution.rule),
                completions=tuple(map(self._reply, solution.completions)),
            ),
        )

    def _reply(self, reply: Completion) -> Completion:
        return replace(
            reply, request=UNSAID, usage=self._once(reply.usage), model=self._once(reply.model)
        )

    def _once(self, value: T) -> T:
        """The first value that was equal to this one."""
        return self._known.setdefault((type(value), value), value)  # type: ignore[return-value]
