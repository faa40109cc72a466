"""Every answer of a study as the page keeps it: an index to filter by, and details in chunks.

The index says of each answer what a list shows; a chunk holds everything else about the
answers to some compositions: what was asked, replies, programs, executions. Answers to one
composition lie side by side, so that they compress well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from itertools import groupby

from reasongap.analysis.attribution import CAUSES, cause_of
from reasongap.analysis.evidence import Evidence
from reasongap.analysis.items import COMPOSED
from reasongap.answers import format_number
from reasongap.domain import MACHINERY, Composition, Execution, Record

LONGEST = 20_000
"""Characters of a text that are kept: its first four fifths and its end."""
_CHUNK = 400_000


@dataclass(frozen=True, slots=True)
class Items:
    """The index, and the chunks that its compositions name by place, each as JSON text."""

    index: str
    chunks: tuple[str, ...]


def items_of(evidence: Evidence) -> Items:
    """What the page needs to list, filter and open every answer."""
    names = _Names.of(evidence)
    records = sorted(evidence.records, key=names.place)
    groups = [list(group) for _, group in groupby(records, lambda r: r.key.composition)]
    chunks: list[list[str]] = [[]]
    compositions = []
    for group in groups:
        item = evidence.compositions[group[0].key.composition]
        if sum(map(len, chunks[-1])) > _CHUNK:
            chunks.append([])
        compositions.append(_asked(item) | {"chunk": len(chunks) - 1, "at": len(chunks[-1])})
        chunks[-1].append(_dumped(_details(item, group)))
    index = {
        "models": names.models,
        "strategies": names.strategies,
        "settings": names.settings,
        "causes": CAUSES,
        "compositions": compositions,
        "records": _columns(records, names),
    }
    return Items(_dumped(index), tuple(f"[{','.join(chunk)}]" for chunk in chunks))


@dataclass(frozen=True, slots=True)
class _Names:
    """What is named by its place: in the order in which the study lists it."""

    models: Sequence[str]
    strategies: Sequence[str]
    settings: Sequence[str]
    compositions: Mapping[str, int]

    @classmethod
    def of(cls, evidence: Evidence) -> _Names:
        found = {record.key.setting for record in evidence.records}
        main = [setting for setting in evidence.settings if setting in found]
        return cls(
            list(evidence.specs),
            list(evidence.strategies),
            [*main, *sorted(found.difference(main))],
            {name: place for place, name in enumerate(evidence.compositions)},
        )

    def place(self, record: Record) -> tuple[int, ...]:
        """Composition, setting, model, strategy and repeat of a record as numbers."""
        key = record.key
        return (
            self.compositions[key.composition],
            self.settings.index(key.setting),
            self.models.index(key.model),
            self.strategies.index(key.strategy),
            key.repeat,
        )


def _columns(records: Sequence[Record], names: _Names) -> dict[str, list[object]]:
    """The index of the records, column by column; its first column counts compositions met."""
    met = {name: i for i, name in enumerate(dict.fromkeys(r.key.composition for r in records))}
    rights = {
        (r.key.model, r.key.composition, r.key.setting, r.key.repeat): r.outcome == "correct"
        for r in records
        if r.key.strategy == names.strategies[0] and r.outcome not in MACHINERY
    }

    def flip(record: Record) -> str:
        key = record.key
        before = rights.get((key.model, key.composition, key.setting, key.repeat))
        now = record.outcome == "correct"
        if before is None or before == now or record.outcome in MACHINERY:
            return ""
        return "gained" if now else "lost"

    rows = (
        {
            "composition": met[record.key.composition],
            **dict(zip(("setting", "model", "strategy"), names.place(record)[1:], strict=False)),
            "repeat": record.key.repeat,
            "outcome": record.outcome,
            "cause": (record.key.setting == COMPOSED and cause_of(record)) or "",
            "flip": flip(record),
            "gold": format_number(record.question.gold),
            "answer": _number(record.solution.answer),
            "rule": record.solution.rule or "",
        }
        for record in records
    )
    columns: dict[str, list[object]] = {}
    for row in rows:
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return columns


def _asked(item: Composition) -> dict[str, object]:
    """The composition as it was made: every hop's text, answer, and what X stands for."""
    return {
        "id": item.id,
        "hops": [
            [_cut(hop.question), format_number(hop.answer), hop.replaced] for hop in item.hops
        ],
    }


def _details(item: Composition, records: Iterable[Record]) -> dict[str, object]:
    """Everything else about the answers to one composition, in the order of the index."""
    records = list(records)
    questions = {record.key.setting: record.question for record in records}
    return {
        "solutions": [_cut(hop.solution or "") for hop in item.hops],
        "settings": {
            setting: {
                "hops": [_cut(hop) for hop in question.hops],
                "golds": [format_number(gold) for gold in question.hop_golds],
            }
            for setting, question in questions.items()
        },
        "answers": [_answer(record) for record in records],
    }


def _answer(record: Record) -> dict[str, object]:
    solution = record.solution
    replies = [_cut(completion.text) for completion in solution.completions]
    return {
        "replies": [
            {
                "text": text,
                "finish": completion.finish_reason,
                "tokens": completion.usage.completion_tokens,
                "cost": completion.cost,
                "seconds": round(completion.seconds, 2),
            }
            for text, completion in zip(replies, solution.completions, strict=True)
        ],
        "programs": [_program(program.source, replies) for program in solution.programs],
        "executions": [dict(_execution(execution)) for execution in solution.executions],
        "hops": [_number(answer) for answer in solution.hop_answers],
        "strict": record.strict,
        "findings": list(solution.findings),
        "error": _cut(record.error or ""),
    }


def _program(source: str, replies: Sequence[str]) -> str | list[int]:
    """The source; where a reply holds it, which reply, from where, and how long."""
    for place, reply in enumerate(replies):
        # Places are counted as JavaScript does, in units of UTF-16.
        if source and source in reply and reply.isascii():
            return [place, reply.index(source), len(source)]
    return _cut(source)


def _execution(execution: Execution) -> Iterator[tuple[str, object]]:
    """What there is to say of an execution; what is empty is left out."""
    kept = replace(
        execution,
        value=None if execution.value is None else _cut(execution.value),
        hop_values=tuple(v if v is None else _cut(v) for v in execution.hop_values),
        stdout=_cut(execution.stdout),
        error=None if execution.error is None else _cut(execution.error),
        seconds=round(execution.seconds, 4),
        cpu_seconds=round(execution.cpu_seconds, 4),
    )
    return ((name, value) for name, value in asdict(kept).items() if value not in (None, "", ()))


def _number(answer: Fraction | None) -> str | None:
    return None if answer is None else _cut(format_number(answer))


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    head, tail = LONGEST * 4 // 5, LONGEST // 5
    left_out = len(text) - head - tail
    return f"{text[:head]}\n[… {left_out:,} characters left out …]\n{text[-tail:]}"


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
