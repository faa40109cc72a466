"""Simulated studies of known truth, and what the analysis makes of them.

A model answers an item where a standard normal score stays below the threshold of the
accuracy wanted. The score adds up what is shared: the block (a tenth of the variance), the
sources of the item's hops (a fifth; in blocks, an item's later hops use its neighbours'
sources), in coupled worlds the item itself (three tenths), and noise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from reasongap.analysis.change import reduction
from reasongap.analysis.gap import delta, gap
from reasongap.analysis.items import Cells, FloatArray, IntArray
from reasongap.analysis.joint import joint_of
from reasongap.analysis.paired import paired_tests
from reasongap.domain import Interval

BLOCK, SOURCE, ITEM = 0.1, 0.2, 0.3
ALPHA = 0.05
CHUNK = 250

Truth = tuple[float, ...]
"""What a strategy achieves in the long run: S1 … Sk, and Δ."""


@dataclass(frozen=True)
class World:
    """What studies are drawn from: n items in blocks, answered under one strategy or two.

    `own` is the part of the sources' variance that belongs to a strategy by itself.
    """

    truths: tuple[Truth, ...]
    n: int = 200
    block: int = 10
    coupled: bool = False
    own: float = 0.5

    @property
    def blocks(self) -> IntArray:
        """The block of each item."""
        return np.arange(self.n) // self.block

    def studies(self, count: int, seed: int = 0) -> Iterator[FloatArray]:
        """Grades (strategies, n, k + 1) of `count` studies."""
        rng = np.random.default_rng(seed)
        for start in range(0, count, CHUNK):
            yield from self._grades(rng, min(CHUNK, count - start))

    def _grades(self, rng: np.random.Generator, size: int) -> FloatArray:
        ways, hops = len(self.truths), len(self.truths[0]) - 1
        item = ITEM if self.coupled else 0.0
        normal = rng.standard_normal
        sources = np.sqrt(1 - self.own) * normal((size, 1, hops * self.n))
        sources = sources + np.sqrt(self.own) * normal((size, ways, hops * self.n))
        places = self._places(rng, size, hops).reshape(size, 1, -1)
        alone = np.take_along_axis(sources, places, axis=2).reshape(size, ways, self.n, hops)
        chained = alone.sum(axis=-1, keepdims=True) / np.sqrt(hops)
        shared = np.sqrt(BLOCK) * normal((size, self.n // self.block))[:, self.blocks]
        shared += np.sqrt(item) * normal((size, self.n))
        scores = np.sqrt(SOURCE) * np.concatenate([alone, chained], axis=-1)
        scores += shared[:, None, :, None]
        scores += np.sqrt(1 - BLOCK - SOURCE - item) * normal(scores.shape)
        thresholds = ndtri([accuracies(truth) for truth in self.truths])
        return np.asarray(scores < thresholds[:, None, :], dtype=float)

    def _places(self, rng: np.random.Generator, size: int, hops: int) -> IntArray:
        """The source of every hop (size, n, hops): its own, then those of neighbours."""
        here = np.arange(self.n)[:, None]
        if self.block == 1:
            return np.broadcast_to(here + self.n * np.arange(hops), (size, self.n, hops))
        steps = rng.integers(1, (self.block - 1) // (hops - 1) + 1, (size, self.n, hops - 1))
        steps = np.concatenate([np.zeros((size, self.n, 1), dtype=int), steps], axis=-1)
        return np.asarray(here - here % self.block + (here + steps.cumsum(axis=-1)) % self.block)


def accuracies(truth: Truth) -> FloatArray:
    """The accuracy in each setting: the hops, then the chain."""
    *s, change = truth
    return np.array([*s, np.prod(s) + change])


def covers(interval: Interval, truth: float) -> bool:
    """Whether the truth lies within the interval."""
    return interval[0] <= truth <= interval[1]


def gap_tally(world: World, studies: int, resamples: int) -> Counter[str]:
    """Over studies of one strategy: how often each interval covered, and which method ran."""
    truth = accuracies(world.truths[0])
    tally: Counter[str] = Counter()
    for seed, (correct,) in enumerate(world.studies(studies)):
        found = gap(correct, world.blocks, resamples=resamples, seed=seed)
        draws = delta(joint_of(correct, world.blocks).draws(resamples, seed))
        low, high = np.quantile(draws, [0.025, 0.975])
        tally["Δ"] += covers(found.delta_ci, world.truths[0][-1])
        tally["plain percentile"] += covers((low, high), world.truths[0][-1])
        tally["S1"] += covers(found.s_ci[0], truth[0])
        tally["S_comp"] += covers(found.s_comp_ci, truth[-1])
        tally["smoothed"] += found.method == "delta"
    return tally


def change_tally(world: World, studies: int, resamples: int) -> Counter[str]:
    """Over studies of two strategies: what covered, and what was rejected at 5%."""
    old, new = world.truths
    s_comp = accuracies(new)[-1] - accuracies(old)[-1]
    settings = (*(f"hop{i}" for i in range(1, len(old))), "composed")
    tally: Counter[str] = Counter()
    for seed, (before, after) in enumerate(world.studies(studies)):
        correct = {"cot": before, "pot": after}
        cells = Cells("simulated", settings, correct, correct, world.blocks)
        gaps = {
            name: gap(grades, world.blocks, resamples=resamples, seed=seed)
            for name, grades in correct.items()
        }
        found = reduction(cells, gaps, "cot", "pot", resamples=resamples, seed=seed)
        tally["change of Δ"] += covers(found.delta_change_ci, new[-1] - old[-1])
        tally["change of S_comp"] += covers(found.s_comp_change_ci, s_comp)
        tally["Wald rejects"] += found.p_value < ALPHA
        for test in paired_tests(cells, "cot", "pot"):
            tally[f"McNemar rejects {test.setting}"] += test.p_value < ALPHA
        if found.gap_closed_ci is not None and old[-1]:
            tally["share printed"] += 1
            tally["share"] += covers(found.gap_closed_ci, 1 - new[-1] / old[-1])
    return tally
