"""From records to arrays: which compositions are complete, and how each was answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reasongap.domain import MACHINERY, Key, Record
from reasongap.errors import UsageError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

COMPOSED = "composed"


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """One model's grades on its complete compositions.

    `correct` and `strict` hold, per strategy, an array (n, k + 1) of the share of repeats
    answered right: a column per hop, then the composition. `blocks` (n,) numbers the
    cluster of each row. `attrition` counts the compositions left out, `repeats_lost` the
    repeats left out of the compositions that are in.
    """

    model: str
    settings: tuple[str, ...]
    correct: Mapping[str, FloatArray]
    strict: Mapping[str, FloatArray]
    blocks: IntArray
    attrition: int = 0
    repeats_lost: int = 0


def gap_settings(records: Iterable[Record]) -> tuple[str, ...]:
    """The settings that these records' gap is made of: each hop alone, then the chain.

    Raises `UsageError` where compositions of different lengths stand side by side.
    """
    lengths: dict[int, dict[str, None]] = {}
    for record in records:
        if record.key.setting == COMPOSED:
            lengths.setdefault(len(record.question.hops), {})[record.key.model] = None
    check_lengths(lengths)
    return (*(f"hop{i}" for i in range(1, max(lengths, default=0) + 1)), COMPOSED)


def check_lengths(lengths: Mapping[int, Iterable[str]]) -> None:
    """Raise `UsageError` for chains of several lengths; `lengths` names who has which."""
    if len(lengths) > 1:
        told = "; ".join(f"{hops} hops: {', '.join(lengths[hops])}" for hops in sorted(lengths))
        raise UsageError(
            f"compositions of {' and '.join(map(str, sorted(lengths)))} hops stand side by side "
            f"({told}). Report them apart: their gaps are not comparable"
        )


def complete_cases(model: str, records: Iterable[Record], strategies: Sequence[str]) -> Cells:
    """The grades of `model` on the compositions that all `strategies` were asked in full.

    A repeat counts where every strategy answered every setting and the machinery failed
    in none. A composition is complete where at least one of its repeats counts; its grade
    is the mean over those. Of several records with one key the last holds.
    """
    latest = {
        record.key: record
        for record in records
        if record.key.model == model and record.key.strategy in strategies
    }
    settings = gap_settings(latest.values())
    grades: dict[str, list[list[tuple[bool, bool]]]] = {}
    blocks: dict[str, str] = {}
    asked = sorted({(key.composition, key.repeat) for key in latest})
    for composition, repeat in asked:
        counted = grades.setdefault(composition, [])
        keys = [
            Key(model, s, composition, setting, repeat) for s in strategies for setting in settings
        ]
        answers = [latest[key] for key in keys if key in latest]
        if len(answers) == len(keys) and not any(r.outcome in MACHINERY for r in answers):
            counted.append([(r.outcome == "correct", r.strict) for r in answers])
            blocks[composition] = answers[0].question.block
    complete = [np.mean(grades[name], axis=0) for name in blocks]
    table = np.reshape(complete, (len(complete), len(strategies), len(settings), 2))
    return Cells(
        model,
        settings,
        correct={name: table[:, i, :, 0] for i, name in enumerate(strategies)},
        strict={name: table[:, i, :, 1] for i, name in enumerate(strategies)},
        blocks=np.unique(list(blocks.values()), return_inverse=True)[1].astype(np.int64),
        attrition=len(grades) - len(complete),
        repeats_lost=sum(name in blocks for name, _ in asked) - sum(map(len, grades.values())),
    )
