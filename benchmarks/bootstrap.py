"""The joint bootstrap: 10,000 resamples of 1,200 items under two strategies, against scipy's.

    python -m benchmarks.bootstrap [--rounds 15]

The floor is one multinomial draw over the kinds of outcome that items have, and the products.
scipy's BCa takes the accuracy of each of the six columns apart: it knows no gap, no pairs and no
clusters. Milliseconds of the processor, in turn; BLAS has one thread, for others would be counted
while they wait for work.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from importlib.metadata import version

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is there

import numpy as np

from benchmarks.numbers import ratio_in_turn, spread
from benchmarks.saved import accept_place, begun, save
from reasongap.analysis.change import reduction
from reasongap.analysis.gap import gap
from reasongap.analysis.items import Cells, FloatArray, IntArray
from reasongap.analysis.joint import joint_of

ITEMS, RESAMPLES, BLOCK = 1_200, 10_000, 10
SETTINGS = ("hop1", "hop2", "composed")
FLOOR = "multinomial over joint outcomes"
Grades = Mapping[str, FloatArray]


def grades() -> Grades:
    """Two strategies' grades of the same items, right together more often than by chance."""
    rng = np.random.default_rng(0)
    ability = 0.3 * rng.random((ITEMS, 1))
    shares = {"cot": 0.55, "pot": 0.65}
    return {
        name: np.asarray(ability + 0.7 * rng.random((ITEMS, 3)) < share, dtype=float)
        for name, share in shares.items()
    }


def least(both: FloatArray) -> object:
    """Draw how often each kind of item comes, and multiply."""
    kinds, counts = np.unique(both, axis=0, return_counts=True)
    rng = np.random.default_rng(0)
    return rng.multinomial(ITEMS, counts / ITEMS, size=RESAMPLES) @ kinds / ITEMS


def intervals(correct: Grades, blocks: IntArray) -> object:
    """All that we report of the pair: two gaps, and what changes between them."""
    cells = Cells("model", SETTINGS, correct, correct, blocks)
    gaps = {name: gap(own, blocks) for name, own in correct.items()}
    return reduction(cells, gaps, "cot", "pot")


def bca(both: FloatArray) -> object:
    """Each column's accuracy by itself."""
    from scipy.stats import bootstrap

    return [
        bootstrap((column,), np.mean, n_resamples=RESAMPLES, batch=1_000, vectorized=True)
        for column in both.T
    ]


def ways() -> Mapping[str, Callable[[], object]]:
    """What is timed, by name."""
    correct = grades()
    both = np.hstack(list(correct.values()))
    alone, clustered = np.arange(ITEMS), np.arange(ITEMS) // BLOCK
    return {
        FLOOR: partial(least, both),
        "joint draws": partial(joint_of(both, alone).draws, RESAMPLES, 0),
        "joint draws, blocks of 10": partial(joint_of(both, clustered).draws, RESAMPLES, 0),
        "both gaps and their change": partial(intervals, correct, alone),
        "both gaps and their change, blocks of 10": partial(intervals, correct, clustered),
        "scipy BCa, six accuracies apart": partial(bca, both),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bootstrap")
    parser.add_argument("--rounds", type=int, default=15)
    accept_place(parser)
    asked = parser.parse_args()
    measurement = begun("bootstrap", {name: version(name) for name in ("numpy", "scipy")})
    timed = ways()
    seconds: dict[str, list[float]] = {name: [] for name in timed}
    for turn in range(-1, asked.rounds):
        for name, work in timed.items():
            began = time.process_time()
            work()
            if turn >= 0:
                seconds[name].append(time.process_time() - began)
    rows = [
        {"name": name, **spread(own, 1e-3), "times_floor": ratio_in_turn(own, seconds[FLOOR])}
        for name, own in seconds.items()
    ]
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))
    print(save("bootstrap", replace(measurement, rows=rows), asked.into))


if __name__ == "__main__":
    main()
