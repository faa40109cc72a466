"""How far results hold still: over repeats of a question, and over wordings of a prompt."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np

from reasongap.analysis.evidence import Evidence, Measure
from reasongap.analysis.gap import delta_of
from reasongap.analysis.joint import LEVEL, Joint, Statistic
from reasongap.analysis.max_t import deviations
from reasongap.analysis.sample import Estimate, accuracy, sample_of
from reasongap.answers import same
from reasongap.domain import Record

_VARIANT = re.compile(r"\s*\b(?:prompt|shots|preamble|exemplars)\s*=\s*[^,()]+,?")


@dataclass(frozen=True, slots=True)
class Consistency:
    """Repeats of one setting: how often two of them give the same answer.

    `agreement` is the chance that two repeats of a question agree (no answer agrees with
    none); `always` and `ever` are the shares of questions right in all and in any of the
    `repeats`.
    """

    model: str
    strategy: str
    setting: str
    repeats: int
    agreement: Estimate
    always: Estimate
    ever: Estimate


@dataclass(frozen=True, slots=True)
class Spread:
    """The best and the worst of several variants in one number.

    `width` = best − worst. `by_chance` is the width that variants without any difference
    stay below in 95 of 100 studies, at most the widest that there can be; `p_value` the
    chance that they reach this one.
    """

    mean: float
    worst: str
    best: str
    width: float
    by_chance: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Prompt variants of one strategy, on the compositions that all of them answered."""

    model: str
    strategy: str
    variants: tuple[str, ...]
    s_comp: tuple[Estimate, ...]
    delta: tuple[Estimate, ...]
    s_comp_spread: Spread
    delta_spread: Spread


def consistency(evidence: Evidence) -> tuple[Consistency, ...]:
    """The repeats of every model, strategy and setting of the gap that has any."""
    return tuple(
        row
        for who in evidence.asked
        for setting in evidence.settings
        if (row := _consistency(evidence, *who, setting))
    )


def _consistency(evidence: Evidence, model: str, strategy: str, setting: str) -> Consistency | None:
    by_item: defaultdict[str, list[Record]] = defaultdict(list)
    for record in evidence.graded(model, strategy, setting):
        by_item[record.key.composition].append(record)
    repeats = max(map(len, by_item.values()), default=0)
    whole = [records for records in by_item.values() if len(records) == repeats]
    if repeats < 2:
        return None
    rows = [_row(records) for records in whole]
    names = [records[0].question.block for records in whole]
    blocks = np.unique(names, return_inverse=True)[1].astype(np.int64)
    sample = sample_of(np.array(rows), blocks)
    means = (sample.mean(column) for column in range(3))
    return Consistency(model, strategy, setting, repeats, *means)


def _row(records: Sequence[Record]) -> list[float]:
    right = [record.outcome == "correct" for record in records]
    agreement = _agreeing(records) / comb(len(records), 2)
    return [agreement, float(all(right)), float(any(right))]


def _agreeing(records: Sequence[Record]) -> int:
    """How many pairs give the same answer; floating point is forgiven, as in grading."""
    answers: Counter[Fraction | None] = Counter(r.solution.answer for r in records)
    numbers = sorted(answer for answer in answers if answer is not None)
    alike = [(one, other) for one, other in combinations(numbers, 2) if same(one, other)]
    equal = sum(comb(count, 2) for count in answers.values())
    return equal + sum(answers[one] * answers[other] for one, other in alike)


def base_name(strategy: str) -> str:
    """A strategy's name without what words its prompt: `cot` for `cot(prompt=terse)`."""
    bare = _VARIANT.sub("", strategy)
    return re.sub(r",\s*\)", ")", bare).replace("()", "").strip()


def main_strategies(evidence: Evidence) -> tuple[str, ...]:
    """The strategies without those that only word another one of them anew."""
    named = evidence.strategies
    return tuple(s for s in named if base_name(s) == s or base_name(s) not in named)


def sensitivity(evidence: Evidence) -> tuple[Sensitivity, ...]:
    """Every strategy that a model was asked under in several wordings."""
    variants: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for model, strategy in evidence.asked:
        variants[model, base_name(strategy)].append(strategy)
    return tuple(
        row
        for (model, base), names in variants.items()
        if len(names) > 1 and (row := _sensitivity(evidence, model, base, names))
    )


def _sensitivity(
    evidence: Evidence, model: str, base: str, names: Sequence[str]
) -> Sensitivity | None:
    settings = evidence.settings
    grades = evidence.grades([Measure(model, name, s) for name in names for s in settings])
    if not grades.compositions:
        return None
    sample, width = grades.sample(), len(settings)
    starts = range(0, width * len(names), width)
    chains = [accuracy(start + width - 1) for start in starts]
    gaps = [delta_of(slice(start, start + width)) for start in starts]
    return Sensitivity(
        model,
        base,
        tuple(names),
        s_comp=tuple(sample.mean(start + width - 1) for start in starts),
        delta=tuple(sample.estimate(one) for one in gaps),
        s_comp_spread=_spread(sample.joint, chains, names),
        delta_spread=_spread(sample.joint, gaps, names),
    )


def _spread(joint: Joint, statistics: Sequence[Statistic], names: Sequence[str]) -> Spread:
    values = [float(statistic.value(joint.means)) for statistic in statistics]
    worst, best = int(np.argmin(values)), int(np.argmax(values))
    width = values[best] - values[worst]
    widest = max(s.span[1] for s in statistics) - min(s.span[0] for s in statistics)
    by_chance, p_value = widest, 1.0
    if joint.blocks > 1:
        ranges = np.ptp(deviations(joint, statistics), axis=1)
        by_chance = min(float(np.quantile(ranges, LEVEL)), widest)
        p_value = float((ranges >= width).mean())
    mean = sum(values) / len(values)
    return Spread(mean, names[worst], names[best], width, by_chance, p_value)
