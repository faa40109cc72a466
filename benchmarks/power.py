"""How often simulated studies find the effects that planning says they find: 80% is claimed.

    python -m benchmarks.power [--studies 4000]

prints the table of docs/statistics.md, section Planning.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.worlds import World
from reasongap.analysis.gap import delta_of
from reasongap.analysis.items import Cells, FloatArray, IntArray
from reasongap.analysis.joint import Statistic, joint_of
from reasongap.analysis.power import least_assumed, of_pilot

SETTINGS = ("hop1", "hop2", "composed")
GAP = delta_of(slice(None))
CHANGE = delta_of(slice(3, None)) - delta_of(slice(3))
PILOT = 20_000
"""Items of a pilot that knows its scatter."""


@dataclass(frozen=True)
class Case:
    """Studies of a known truth, and the effect that planning says 80% of them find."""

    name: str
    n: int
    effect: float
    statistic: Statistic
    blocks: IntArray
    studies: Iterable[FloatArray]

    def found(self) -> float:
        """The share of the studies in which Wald's test at 5% finds an effect."""
        p_values = [
            joint_of(grades, self.blocks).p_value(self.statistic) for grades in self.studies
        ]
        return float(np.mean(np.array(p_values) < 0.05))


def assumed_cases(studies: int) -> Iterator[Case]:
    """Answers as they are assumed without a pilot: all independent."""
    for s in ((0.7, 0.7), (0.9, 0.9), (0.5, 0.6), (0.7, 0.7, 0.7)):
        for n in (60, 200, 1000):
            gap = least_assumed(s, n, "delta")
            if gap is None:
                continue
            name = f"assumed, S {', '.join(f'{one:g}' for one in s)}"
            chance = [*s, math.prod(s) - gap]
            yield Case(name, n, gap, GAP, np.arange(n), _drawn(chance, n, studies))
    s = (0.7, 0.7)
    for n in (60, 200, 1000):
        gap = least_assumed(s, n, "delta", change=True)
        if gap is not None:
            chance = [*s, math.prod(s) - gap, *s, math.prod(s)]
            draws = _drawn(chance, n, studies)
            yield Case("assumed, change, S 0.7, 0.7", n, gap, CHANGE, np.arange(n), draws)


def _drawn(chance: list[float], n: int, studies: int) -> Iterator[FloatArray]:
    rng = np.random.default_rng(n)
    for _ in range(studies):
        yield np.asarray(rng.random((n, len(chance))) < chance, dtype=float)


def piloted_cases(studies: int) -> Iterator[Case]:
    """Answers of the worlds of benchmarks/worlds.py, with the n that a large pilot calls for."""
    for block in (1, 10):
        for truth in ((0.85, 0.85, -0.15), (0.6, 0.7, -0.15), (0.85, 0.85, -0.05)):
            cells = _pilot(World((truth,), n=PILOT, block=block, coupled=True))
            needed = of_pilot(cells, "0").delta.needed_to_show(-truth[-1])
            assert needed is not None
            world = World((truth,), -(-needed // block) * block, block, coupled=True)
            name = f"pilot, S {truth[0]:g}, {truth[1]:g}, blocks of {block}"
            grades = (one[0] for one in world.studies(studies, seed=7))
            yield Case(name, world.n, -truth[-1], GAP, world.blocks, grades)
        pair = ((0.7, 0.7, -0.15), (0.7, 0.7, 0.0))
        cells = _pilot(World(pair, n=PILOT, block=block, coupled=True))
        needed = of_pilot(cells, "1", "0").delta.needed_to_show(0.15)
        assert needed is not None
        world = World(pair, -(-needed // block) * block, block, coupled=True)
        grades = (np.hstack(list(one)) for one in world.studies(studies, seed=7))
        name = f"pilot, change, S 0.7, 0.7, blocks of {block}"
        yield Case(name, world.n, 0.15, CHANGE, world.blocks, grades)


def _pilot(world: World) -> Cells:
    grades = next(iter(world.studies(1)))
    correct = {str(place): one for place, one in enumerate(grades)}
    return Cells("simulated", SETTINGS, correct, correct, world.blocks)


def main() -> None:
    parser = argparse.ArgumentParser(description="Power claimed and found.")
    parser.add_argument("--studies", type=int, default=4000)
    studies = parser.parse_args().studies
    print(f"{studies} studies a row, percent of them that find the effect\n")
    print("| answers | n | effect | found |\n|---|--:|--:|--:|")
    for cases in (assumed_cases, piloted_cases):
        for case in cases(studies):
            found = f"{100 * case.found():.1f}"
            print(f"| {case.name} | {case.n} | {case.effect:.3f} | {found} |", flush=True)


if __name__ == "__main__":
    main()
