"""What a study of n compositions can show: the smallest effect, and the n for a precision.

docs/statistics.md, section Planning, gives the formulas and what they are worth.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import stdtrit

from reasongap.analysis.gap import delta_gradient, delta_of
from reasongap.analysis.items import Cells
from reasongap.analysis.joint import LEVEL, joint_of
from reasongap.analysis.sample import accuracy

POWER = 0.8
WITHIN = 0.05
"""Correlation that is assumed within a block, where no pilot says more."""
Part = Literal["delta", "s_comp"]
_MOST = 10**9
_HALVINGS = 50


@dataclass(frozen=True, slots=True)
class Scatter:
    """How far an estimate scatters: its standard error on n compositions is `sd` / √n.

    `blocks` is the number of blocks a composition, at most 1: Student's degrees of freedom
    are those of n × `blocks` blocks.
    """

    sd: float
    blocks: float = 1.0

    def half_width(self, n: int) -> float:
        """Half of the 95% interval that n compositions give."""
        return self._error(n, (1 + LEVEL) / 2)

    def detectable(self, n: int) -> float:
        """The effect that n compositions show, at 5%, in 80% of studies."""
        return self._error(n, (1 + LEVEL) / 2) + self._error(n, POWER)

    def needed(self, half_width: float) -> int | None:
        """The fewest compositions whose interval is no wider than ± `half_width`."""
        return _fewest(lambda n: self.half_width(n) <= half_width)

    def needed_to_show(self, effect: float) -> int | None:
        """The fewest compositions that show `effect`, at 5%, in 80% of studies."""
        return _fewest(lambda n: self.detectable(n) <= effect)

    def _error(self, n: int, level: float) -> float:
        freedom = n * self.blocks - 1
        if freedom < 1:
            return math.inf
        return float(stdtrit(freedom, level)) * self.sd / math.sqrt(n)


@dataclass(frozen=True, slots=True)
class Scatters:
    """The scatter of Δ and of S_comp under one strategy, or of their changes between two.

    `sparse`: it rests on answers that are nearly all right, or nearly all wrong, in a setting.
    """

    delta: Scatter
    s_comp: Scatter
    sparse: bool = False


def of_pilot(cells: Cells, strategy: str, baseline: str | None = None) -> Scatters:
    """What a pilot's answers say; between two strategies where `baseline` is named."""
    columns, correct = len(cells.settings), cells.correct[strategy]
    delta, s_comp = delta_of(slice(-columns, None)), accuracy(-1)
    if baseline is not None:
        correct = np.hstack([cells.correct[baseline], correct])
        delta, s_comp = delta - delta_of(slice(columns)), s_comp - accuracy(columns - 1)
    joint = joint_of(correct, cells.blocks)
    share = joint.blocks / joint.n
    of_delta, of_s_comp = (
        Scatter(joint.error(statistic) * math.sqrt(joint.n), share) for statistic in (delta, s_comp)
    )
    return Scatters(of_delta, of_s_comp, sparse=not joint.dense)


def assumed(
    s: Sequence[float], delta: float = 0.0, *, change: bool = False, blocks: float = 1.0
) -> Scatters:
    """What must be taken for granted without a pilot.

    The hops are answered right as often as `s` says, the chain as often as `s` and `delta`
    say, all independently. A `change` is one to a second strategy with the same `s` and no
    gap. Within a block, influences correlate by `WITHIN`.
    """
    spread = 1 + (1 / blocks - 1) * WITHIN
    both = [_variances(s, d) for d in ([delta, 0.0] if change else [delta])]
    of_delta, of_s_comp = (
        Scatter(math.sqrt(sum(column) * spread), blocks) for column in zip(*both, strict=True)
    )
    return Scatters(of_delta, of_s_comp)


def _variances(s: Sequence[float], delta: float) -> tuple[float, float]:
    """Of one composition's influence on Δ, and on S_comp."""
    accuracies = np.array([*s, np.prod(s) + delta])
    each = accuracies * (1 - accuracies)
    return float(delta_gradient(accuracies) ** 2 @ each), float(each[-1])


def least_assumed(
    s: Sequence[float], n: int, part: Part, *, change: bool = False, blocks: float = 1.0
) -> float | None:
    """The gap that n compositions show under `assumed`; with `change`, the gap seen to close.

    `part` is where it shows: in Δ, or in S_comp. None where no gap is wide enough. As the
    scatter depends on the gap, it is the one that equals what it makes detectable: the root
    of the excess, which is above 0 for a gap of 0 and concave, and so crosses 0 once at most.
    """

    def excess(gap: float) -> float:
        scatters = assumed(s, -gap, change=change, blocks=blocks)
        scatter = scatters.delta if part == "delta" else scatters.s_comp
        return scatter.detectable(n) - gap

    low, high = 0.0, float(np.prod(s))
    if excess(high) >= 0:
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if excess(middle) < 0 else (middle, high)
    return high


def _fewest(enough: Callable[[int], bool]) -> int | None:
    """The smallest n for which it is enough, None where a thousand million is not."""
    low, high = 1, 2
    while not enough(high):
        low, high = high, high * 2
        if high > _MOST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
