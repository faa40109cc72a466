"""Flat rows for spreadsheets and data frames: a row a gap, or a row a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from reasongap.analysis import Estimates, GapRow, PairedTest, Reduction
from reasongap.analysis.items import COMPOSED
from reasongap.answers import format_number
from reasongap.domain import Interval, Record
from reasongap.problems.settings import CONTROLS

if TYPE_CHECKING:
    import pandas as pd

Value = str | int | float | bool | None


def gap_rows(estimates: Estimates) -> list[dict[str, Value]]:
    """A row a model and strategy: the gap, the controls, and the change against the baseline.

    The columns of the change are empty in the baseline's own rows, those of a control where it
    was not asked. Accuracies and differences are shares, `size` counts parameters, `cost` is US
    dollars; `_low` and `_high` end an interval.
    """
    changes = {(row.model, row.strategy): row for row in estimates.reductions}
    tests = {(row.model, row.strategy, row.setting): row for row in estimates.tests}
    controls = {(row.model, row.strategy, row.setting): row.accuracy for row in estimates.controls}
    rows = []
    for row in estimates.gaps:
        way = (row.model, row.strategy)
        beside: dict[str, Value] = {
            name: controls.get((*way, setting)) for name, setting in _CONTROLS.items()
        }
        rows.append(_of_gap(row) | beside | _of_change(changes.get(way), _settings(row), tests))
    return rows


def quantities(hops: int) -> tuple[str, ...]:
    """The columns of `gap_rows` that hold numbers, for chains of so many hops."""
    names = (*(f"s{i}" for i in range(1, hops + 1)), "s_comp")
    return (
        *("size", "n", "blocks"),
        *(f"{name}{end}" for name in names for end in ("", "_low", "_high")),
        *("expected", "delta", "delta_low", "delta_high", "delta_bounds_low", "delta_bounds_high"),
        *(f"strict_{name}" for name in names),
        *("attrition", "tokens", "cost", "seconds", *_CONTROLS),
        *(f"{name}_{part}" for name in names for part in _PAIRED),
        *_CHANGE,
    )


def _settings(row: GapRow) -> dict[str, str]:
    """The setting behind each column of accuracies: the hops, then the chain."""
    hops = range(1, len(row.gap.s) + 1)
    return {f"s{i}": f"hop{i}" for i in hops} | {"s_comp": COMPOSED}


def _ends(name: str, ci: Interval | None) -> dict[str, Value]:
    low, high = ci or (None, None)
    return {f"{name}_low": low, f"{name}_high": high}


def _of_gap(row: GapRow) -> dict[str, Value]:
    gap, names = row.gap, list(_settings(row))
    flat: dict[str, Value] = {
        "model": row.model,
        "strategy": row.strategy,
        "size": row.size,
        "family": row.family,
        "n": gap.n,
        "blocks": gap.blocks,
    }
    for name, s, ci in zip(names, (*gap.s, gap.s_comp), (*gap.s_ci, gap.s_comp_ci), strict=True):
        flat |= {name: s, **_ends(name, ci)}
    return {
        **flat,
        "expected": gap.expected,
        "delta": gap.delta,
        **_ends("delta", gap.delta_ci),
        **_ends("delta_bounds", gap.delta_bounds),
        "method": gap.method,
        **{f"strict_{name}": s for name, s in zip(names, row.strict, strict=True)},
        "attrition": gap.attrition,
        "tokens": row.tokens,
        "cost": row.cost,
        "seconds": row.seconds,
    }


_CONTROLS = {name.replace("-", "_"): name for name in CONTROLS}
_PAIRED = ("gained", "lost", "p_holm")
_CHANGE = (
    *("s_comp_change", "s_comp_change_low", "s_comp_change_high", "s_comp_relative"),
    *("delta_change", "delta_change_low", "delta_change_high", "p_value"),
    *("gap_closed", "gap_closed_low", "gap_closed_high"),
)


def _of_change(
    row: Reduction | None,
    settings: Mapping[str, str],
    tests: Mapping[tuple[str, str, str], PairedTest],
) -> dict[str, Value]:
    names = ("baseline", *(f"{name}_{part}" for name in settings for part in _PAIRED), *_CHANGE)
    if row is None:
        return dict.fromkeys(names)
    paired = [tests[row.model, row.strategy, setting] for setting in settings.values()]
    values = (
        row.baseline,
        *(getattr(test, part) for test in paired for part in _PAIRED),
        *(row.s_comp_change, *row.s_comp_change_ci, row.s_comp_relative),
        *(row.delta_change, *row.delta_change_ci, row.p_value),
        *(row.gap_closed, *(row.gap_closed_ci or (None, None))),
    )
    return dict(zip(names, values, strict=True))


def item_rows(records: Iterable[Record]) -> list[dict[str, Value]]:
    """A row a record; `gold`, `answer` are exact texts; cost and tokens None where unknown."""
    return [_of_record(record) for record in records]


def _of_record(record: Record) -> dict[str, Value]:
    key, solution = record.key, record.solution
    costs = [completion.cost for completion in solution.completions]
    known = [cost for cost in costs if cost is not None]
    tokens = [completion.usage.completion_tokens for completion in solution.completions]
    counted = [count for count in tokens if count is not None]
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
        "completion_tokens": sum(counted) if len(counted) == len(tokens) else None,
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
