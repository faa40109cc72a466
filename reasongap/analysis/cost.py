"""Accuracy against price: what a right composition costs, and who is beaten at equal cost."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reasongap.analysis.evidence import Evidence, Grades, right
from reasongap.analysis.items import COMPOSED
from reasongap.analysis.joint import PSEUDO_ACCURACY, Joint
from reasongap.analysis.sample import Estimate
from reasongap.domain import Record


@dataclass(frozen=True, slots=True)
class Cost:
    """What compositions cost one model under one strategy.

    `dollars` and `tokens` (prompt and reply) are means a composition, `…_per_right` what
    each right one cost; None where a price or a count is unknown, or nothing is right.
    `front_dollars` and `front_tokens`: no other row is as accurate for less.
    """

    model: str
    strategy: str
    s_comp: Estimate
    dollars: float | None
    tokens: float | None
    dollars_per_right: Estimate | None
    tokens_per_right: Estimate | None
    front_dollars: bool = False
    front_tokens: bool = False


def costs(evidence: Evidence) -> tuple[Cost, ...]:
    """The price of every model under every strategy, and the Pareto fronts over all."""
    rows = [row for who in evidence.asked if (row := _cost(evidence, *who))]
    by_dollars = front((row.dollars, row.s_comp.value) for row in rows)
    by_tokens = front((row.tokens, row.s_comp.value) for row in rows)
    return tuple(
        replace(row, front_dollars=i in by_dollars, front_tokens=i in by_tokens)
        for i, row in enumerate(rows)
    )


def front(points: Iterable[tuple[float | None, float]]) -> set[int]:
    """The places of the points (price, accuracy) that no other one beats; None is no price."""
    priced = [(i, price, right) for i, (price, right) in enumerate(points) if price is not None]
    return {
        i
        for i, price, accuracy in priced
        if not any(
            p <= price and a >= accuracy and (p, a) != (price, accuracy) for _, p, a in priced
        )
    }


def dollars_of(record: Record) -> float | None:
    """What an answer cost in US dollars, None where a part is unknown."""
    parts = [reply.cost for reply in record.solution.completions]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def tokens_of(record: Record) -> float | None:
    """The prompt and reply tokens of an answer, None where a part is unknown."""
    usages = [reply.usage for reply in record.solution.completions]
    parts = [tokens for u in usages for tokens in (u.prompt_tokens, u.completion_tokens)]
    known = [part for part in parts if part is not None]
    return float(sum(known)) if len(known) == len(parts) else None


def _cost(evidence: Evidence, model: str, strategy: str) -> Cost | None:
    answers = list(evidence.graded(model, strategy, COMPOSED))
    if not answers:
        return None
    place = (model, strategy, COMPOSED)
    s_comp = evidence.joined([place], lambda r: [right(r[0])]).sample().mean(0)
    dollars, each_dollar = _priced(evidence, place, answers, dollars_of)
    tokens, each_token = _priced(evidence, place, answers, tokens_of)
    return Cost(model, strategy, s_comp, dollars, tokens, each_dollar, each_token)


def _priced(
    evidence: Evidence,
    place: tuple[str, str, str],
    answers: Sequence[Record],
    price: Callable[[Record], float | None],
) -> tuple[float | None, Estimate | None]:
    """The mean price of an answer, and the price of a right one."""
    prices = [price(record) for record in answers]
    known = [p for p in prices if p is not None]
    if len(known) < len(prices):
        return None, None
    mean = sum(known) / len(known)
    if not any(known):
        return 0.0, None
    grades = evidence.joined([place], lambda r: [price(r[0]) or 0.0, right(r[0])])
    return mean, per_right(grades)


def per_right(grades: Grades) -> Estimate | None:
    """Σ price / Σ right over all answers, of two columns: price and right; None without a right one.

    Fieller's interval with the share of right answers smoothed as accuracies are: where the
    price does not vary, the price over the ends of that share's interval. It has no upper
    end (infinity) where that share may well be 0, and does not reach below a mean price.
    """
    sizes, sums = grades.weights, grades.values * grades.weights[:, None]
    if not sums[:, 1].any():
        return None
    count = int(grades.blocks.max()) + 1
    size, paid, got = (np.bincount(grades.blocks, x, count) for x in (sizes, *sums.T))
    value = float(paid.sum() / got.sum())
    low, high = 0.0, math.inf
    if count > 1:
        shares = Joint(got[:, None], size)
        (share,), ((variance,),) = shares.smoothed(PSEUDO_ACCURACY)
        mean = paid.sum() / size.sum()
        off = (paid - size * mean) / size.sum()
        scale = shares.quantile**2 * count / (count - 1)
        together = scale * off @ (got - size * share) / (size.sum() + PSEUDO_ACCURACY)
        least = mean**2 - scale * off @ off
        leading = share**2 - shares.quantile**2 * variance
        middle = mean * share - together
        root = math.sqrt(max(middle**2 - leading * least, 0.0))
        if least > 0:
            low = max(least / (middle + root), mean - math.sqrt(scale * off @ off))
        if leading > 0:
            high = (middle + root) / leading
    return Estimate(value, (float(low), float(high)), len(sizes), count)
