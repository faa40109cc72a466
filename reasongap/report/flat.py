"""Flat rows for spreadsheets and data frames: a row a gap, or a row a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from reasongap.analysis import Estimates, GapRow, Reduction
from reasongap.answers import format_number
from reasongap.domain import Record

if TYPE_CHECKING:
    import pandas as pd

Value = str | int | float | bool | None


def gap_rows(estimates: Estimates) -> list[dict[str, Value]]:
    """A row a model and strategy: the gap, and what the strategy changes against the baseline.

    The columns of the change are empty in the baseline's own rows. Accuracies and
    differences are shares, `size` counts parameters, `cost` is US dollars.
    """
    changes = {(row.model, row.strategy): row for row in estimates.reductions}
    return [
        {**_of_gap(row), **_of_change(changes.get((row.model, row.strategy)))}
        for row in estimates.gaps
    ]


def quantities(hops: int) -> tuple[str, ...]:
    """The columns of `gap_rows` that hold numbers, for chains of so many hops."""
    return (
        *("size", "n", "blocks", *(f"s{i}" for i in range(1, hops + 1)), "s_comp", "expected"),
        *("delta", "delta_low", "delta_high", "strict_s_comp", "attrition"),
        *("tokens", "cost", "seconds", *_CHANGE[1:]),
    )


def _of_gap(row: GapRow) -> dict[str, Value]:
    gap = row.gap
    return {
        "model": row.model,
        "strategy": row.strategy,
        "size": row.size,
        "family": row.family,
        "n": gap.n,
        "blocks": gap.blocks,
        **{f"s{i}": s for i, s in enumerate(gap.s, 1)},
        "s_comp": gap.s_comp,
        "expected": gap.expected,
        "delta": gap.delta,
        "delta_low": gap.delta_ci[0],
        "delta_high": gap.delta_ci[1],
        "strict_s_comp": row.strict[-1],
        "attrition": gap.attrition,
        "tokens": row.tokens,
        "cost": row.cost,
        "seconds": row.seconds,
    }


_CHANGE = (
    *("baseline", "s_comp_change", "s_comp_change_low", "s_comp_change_high", "s_comp_relative"),
    *("delta_change", "delta_change_low", "delta_change_high", "p_value"),
    *("gap_closed", "gap_closed_low", "gap_closed_high"),
)


def _of_change(row: Reduction | None) -> dict[str, Value]:
    if row is None:
        return dict.fromkeys(_CHANGE)
    values = (
        *(row.baseline, row.s_comp_change, *row.s_comp_change_ci, row.s_comp_relative),
        *(row.delta_change, *row.delta_change_ci, row.p_value),
        *(row.gap_closed, *(row.gap_closed_ci or (None, None))),
    )
    return dict(zip(_CHANGE, values, strict=True))


def item_rows(records: Iterable[Record]) -> list[dict[str, Value]]:
    """A row a record; `gold` and `answer` are exact texts, `cost` None where unknown."""
    return [_of_record(record) for record in records]


def _of_record(record: Record) -> dict[str, Value]:
    key, solution = record.key, record.solution
    costs = [completion.cost for completion in solution.completions]
    known = [cost for cost in costs if cost is not None]
    return {
        "model": key.model,
        "strategy": key.strategy,
        "composition": key.composition,
        "block": record.question.block,
        "setting": key.setting,
        "repeat": key.repeat,
        "outcome": record.outcome,
        "correct": record.outcome == "correct",
        "strict": record.strict,
        "gold": format_number(record.question.gold),
        "answer": None if solution.answer is None else format_number(solution.answer),
        "rule": solution.rule,
        "calls": len(costs),
        "completion_tokens": sum(c.usage.completion_tokens or 0 for c in solution.completions),
        "cost": sum(known) if costs and len(known) == len(costs) else None,
        "seconds": record.seconds,
    }


def finding_rows(rows: Iterable[object]) -> list[dict[str, Value]]:
    """The rows of an analysis, each value in a column of its own.

    Parts of a part are joined by "_": an estimate `change` gives `change_value`,
    `change_ci_0`, `change_ci_1`, `change_n` and `change_blocks`.
    """
    return [dict(_columns("", row)) for row in rows]


def _columns(name: str, value: object) -> Iterator[tuple[str, Value]]:
    if is_dataclass(value):
        value = {part.name: getattr(value, part.name) for part in fields(value)}
    elif isinstance(value, (tuple, list)):
        value = dict(enumerate(value))
    if isinstance(value, Mapping):
        for part, inner in value.items():
            yield from _columns(f"{name}_{part}" if name else str(part), inner)
    elif value is None or isinstance(value, (str, int, float, bool)):
        yield name, value


def frame(rows: Sequence[dict[str, Value]]) -> pd.DataFrame:
    """The rows as a pandas data frame."""
    import pandas as pd

    return pd.DataFrame(rows)
