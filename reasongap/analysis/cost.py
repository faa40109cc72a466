"""Accuracy against price: what a right composition costs, and who is beaten at equal cost."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reasongap.analysis.evidence import Evidence, Grades, right
from reasongap.analysis.items import COMPOSED, FloatArray
from reasongap.analysis.joint import PSEUDO_ACCURACY, Joint
from reasongap.analysis.sample import Estimate
from reasongap.domain import Interval, Record


@dataclass(frozen=True, slots=True)
class Cost:
    """What compositions cost one model under one strategy.

    `dollars` and `tokens` (prompt and reply) are means over all answers, `…_per_right` what
    each right one cost, all that was paid over all that is right; its upper end is infinite
    where hardly any is. None where a price or a count is unknown, or nothing is right.
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
    """Σ price / Σ right over every repeat, of two columns; None where nothing is right.

    The interval has no upper end (infinity) where the share of right answers may well be 0.
    """
    sizes, sums = grades.weights, grades.values * grades.weights[:, None]
    blocks = int(grades.blocks.max()) + 1
    size, price, got = (
        np.bincount(grades.blocks, x, blocks).astype(float) for x in (sizes, *sums.T)
    )
    if not got.any():
        return None
    ci = _ends(price, Joint(got[:, None], size)) if blocks > 1 else (0.0, math.inf)
    return Estimate(float(price.sum() / got.sum()), ci, len(sizes), blocks)


def _ends(price: FloatArray, shares: Joint) -> Interval:
    """Fieller's interval of mean price over share of right answers, from their sums by block.

    The share is smoothed as accuracies are, by imagined answers at the mean price. So a
    price that does not vary is divided by the ends of the share's own interval, cut at 1.
    """
    size, got = shares.sizes, shares.sums[:, 0]
    (share,), ((spread,),) = shares.smoothed(PSEUDO_ACCURACY)
    mean = float(price.sum() / shares.n)
    dear = (price - size * mean) / shares.n
    right_more = (got - size * share) / (shares.n + PSEUDO_ACCURACY)
    square = shares.quantile**2
    scale = square * shares.blocks / (shares.blocks - 1)
    leading = float(share**2 - square * spread)
    middle = float(mean * share - scale * dear @ right_more)
    reach = float(scale * dear @ dear)
    last = mean**2 - reach
    root = math.sqrt(max(middle**2 - leading * last, 0.0))
    low = max(last / (middle + root), mean - math.sqrt(reach)) if last > 0 else 0.0
    return low, (middle + root) / leading if leading > 0 else math.inf
