"""What a reader should know beside the numbers: what was left out, cut short or is too little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from reasongap.analysis.gap import delta_bounds
from reasongap.analysis.items import COMPOSED, Cells
from reasongap.domain import MACHINERY, Record

FEW_BLOCKS = 100
MANY_TRUNCATED = 0.02
NAMED = 3
"""Models that a note names before it counts them."""


def notes_on(cells: Cells, answers: list[Record], strategies: Sequence[str]) -> tuple[str, ...]:
    """What a reader of the table should know about one model's answers."""
    model, blocks = cells.model, len(set(cells.blocks.tolist()))
    notes = [f"{model}: no answers under {s}" for s in strategies if s not in cells.correct]
    if cells.attrition:
        failed = Counter(r.outcome for r in answers if r.outcome in MACHINERY)
        listed = ", ".join(f"{count} {outcome}" for outcome, count in sorted(failed.items()))
        notes.append(
            f"{model}: {cells.attrition} of {cells.attrition + len(cells.blocks)} compositions "
            f"left out, as an answer is missing or the machinery failed"
            + (f" ({listed})" if listed else "")
            + _bounded(cells)
        )
    if cells.repeats_lost:
        notes.append(
            f"{model}: repeats of the compositions counted that are left out of the gap, as an "
            f"answer is missing or the machinery failed: {cells.repeats_lost}"
        )
    if 0 < blocks < FEW_BLOCKS:
        notes.append(f"{model}: the intervals rest on {blocks} blocks, fewer than {FEW_BLOCKS}")
    for name in dict.fromkeys(record.key.strategy for record in answers):
        own = [record for record in answers if record.key.strategy == name]
        if (cut := _cut(own)) > MANY_TRUNCATED:
            chains = _cut([record for record in own if record.key.setting == COMPOSED])
            notes.append(
                f"{model} {name}: {cut:.0%} of the answers ({chains:.0%} on the chain) hit the "
                "length limit without a right answer; raise --max-tokens"
            )
    return tuple(notes)


def _bounded(cells: Cells) -> str:
    """How far the compositions left out could move Δ; nothing where all are left out."""
    if not len(cells.blocks):
        return ""
    told = []
    for strategy, correct in cells.correct.items():
        low, high = delta_bounds(correct, cells.attrition)
        told.append(f"{strategy} from {low:+.2f} to {high:+.2f}".replace("-", "−"))
    return f". Had these gone as badly or as well as can be, Δ would be: {', '.join(told)}"


def _cut(answers: Sequence[Record]) -> float:
    """The share of answers that were cut off, 0 of none."""
    cut = sum(record.outcome == "truncated" for record in answers)
    return cut / len(answers) if answers else 0.0


def together(notes: Iterable[str]) -> tuple[str, ...]:
    """The notes, each "who: what", those that say the same of several models as one."""
    about: dict[str, list[str]] = {}
    for note in notes:
        who, _, what = note.partition(": ")
        about.setdefault(what, []).append(who)
    return tuple(f"{_listed(names)}: {what}" for what, names in about.items())


def _listed(names: Sequence[str]) -> str:
    if len(names) <= NAMED:
        return ", ".join(names)
    return f"{names[0]} and {len(names) - 1} others"
