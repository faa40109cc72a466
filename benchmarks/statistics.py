"""How often the intervals cover and the tests reject, in simulated studies of known truth.

    python -m benchmarks.statistics [--studies 5000] [--resamples 2000] [--table gap]

prints the tables of docs/statistics.md; `benchmarks/worlds.py` says what is simulated.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Protocol

from benchmarks.worlds import Truth, World, change_tally, gap_tally

HIGH, MIDDLE, LOW = (0.85, 0.85), (0.6, 0.7), (0.35, 0.6)
SHAPES = ((200, 10), (200, 1), (100, 1), (20, 1))
"""Items, and how many of them make a block."""
OF_GAP = ("Δ", "plain percentile", "S1", "S_comp", "smoothed")
OF_CHANGE = ("change of Δ", "change of S_comp", "Wald rejects")


class Tally(Protocol):
    """What is counted over the studies of a world."""

    def __call__(self, world: World, studies: int, resamples: int) -> Counter[str]:
        """Counts by column of a table."""
        ...


@dataclass(frozen=True)
class Table:
    """Worlds to compare, the tally taken in each, and the columns to print of it.

    A column counted within another is written "part / whole".
    """

    name: str
    worlds: tuple[World, ...]
    tally: Tally
    columns: tuple[str, ...]

    def print(self, pool: ProcessPoolExecutor, studies: int, resamples: int) -> None:
        """Run the table's worlds and print it as Markdown."""
        print(f"\n{self.name}: {studies} studies a world, percent of them\n")
        print("| S1, S2; Δ | hops | items |", " | ".join(self.columns), "|")
        print("|---|---|---|" + "--:|" * len(self.columns))
        run = partial(self.tally, studies=studies, resamples=resamples)
        for world, tally in zip(self.worlds, pool.map(run, self.worlds), strict=True):
            shares = [_share(tally, column, studies) for column in self.columns]
            print(f"| {_name(world)} |", " | ".join(shares), "|", flush=True)


def _share(tally: Counter[str], column: str, studies: int) -> str:
    part, _, whole = column.partition(" / ")
    count = tally[whole] if whole else studies
    return f"{100 * tally[part] / count:.1f}" if count else "–"


def _name(world: World) -> str:
    truths = " → ".join(
        f"{', '.join(f'{s:.2f}' for s in s)}; {delta:+.1f}" for *s, delta in world.truths
    )
    coupling = "coupled" if world.coupled else "independent"
    own = f", own {world.own:g}" if len(world.truths) > 1 else ""
    blocks = f" in blocks of {world.block}" if world.block > 1 else ""
    return f"{truths} | {coupling}{own} | {world.n}{blocks}"


def of_gaps() -> Iterable[Table]:
    """Tables of one strategy: its gap and its accuracies."""
    truths = [(*s, delta) for s in (HIGH, MIDDLE) for delta in (0.0, -0.1, -0.3)]
    truths += [(*LOW, 0.0), (*LOW, -0.1), (0.35, 0.35, 0.0)]
    main = tuple(World((t,), coupled=c) for t, c in product(truths, (False, True)))
    yield Table("gap", main, gap_tally, OF_GAP)
    edge = ((0.95, 0.95, 0.0), (0.95, 0.95, -0.1), (0.99, 0.99, 0.0), (0.1, 0.1, 0.0))
    yield Table("edge", _shaped(edge), gap_tally, OF_GAP)
    sizes = ((20, 1), (60, 1), (100, 1), (200, 1), (1000, 1))
    singles = ((*HIGH, -0.1), (*MIDDLE, -0.1), (*LOW, -0.1))
    yield Table("single", _shaped(singles, sizes), gap_tally, OF_GAP)
    few = ((50, 10), (100, 10), (200, 10), (400, 10), (1200, 10))
    yield Table("blocks", _shaped(((*MIDDLE, -0.1),), few), gap_tally, OF_GAP)
    longer = ((0.8, 0.8, 0.8, -0.1), (0.9, 0.9, 0.9, 0.9, -0.1))
    yield Table("hops", _shaped(longer), gap_tally, OF_GAP)


def _shaped(
    truths: Iterable[Truth], shapes: tuple[tuple[int, int], ...] = SHAPES
) -> tuple[World, ...]:
    return tuple(World((t,), n=n, block=b, coupled=True) for t, (n, b) in product(truths, shapes))


def of_changes() -> Iterable[Table]:
    """Tables of two strategies: changes, tests, and the share of the gap closed."""
    same = [((*s, delta),) * 2 for s, delta in ((HIGH, -0.1), (MIDDLE, -0.1), (LOW, 0.0))]
    null = product(same, SHAPES[:2], (0.0, 0.5, 1.0))
    settings = tuple(f"McNemar rejects {name}" for name in ("hop1", "hop2", "composed"))
    worlds = tuple(World(pair, n=n, block=b, own=own) for pair, (n, b), own in null)
    yield Table("null", worlds, change_tally, (*OF_CHANGE, *settings))
    apart = (((*MIDDLE, -0.1), (*HIGH, -0.1)), ((*LOW, 0.0), (0.7, 0.8, 0.0)))
    yield Table("apart", _paired(apart), change_tally, OF_CHANGE)
    rises = (
        ((0.8, 0.8, -0.3), (*HIGH, -0.1)),
        ((*MIDDLE, -0.2), (0.7, 0.7, -0.1)),
        ((*MIDDLE, -0.1), (*HIGH, -0.1)),
    )
    shares = ("share printed", "share / share printed")
    yield Table("closed", _paired(rises), change_tally, (*OF_CHANGE, *shares))


def _paired(pairs: Iterable[tuple[Truth, ...]]) -> tuple[World, ...]:
    return tuple(World(pair, n=n, block=b) for pair, (n, b) in product(pairs, SHAPES))


def main() -> None:
    tables = {table.name: table for table in (*of_gaps(), *of_changes())}
    parser = argparse.ArgumentParser(description="Coverage and size in simulated studies.")
    parser.add_argument("--studies", type=int, default=5000)
    parser.add_argument("--resamples", type=int, default=2000)
    parser.add_argument("--table", choices=tuple(tables), action="append")
    asked = parser.parse_args()
    with ProcessPoolExecutor() as pool:
        for name in asked.table or tables:
            tables[name].print(pool, asked.studies, asked.resamples)


if __name__ == "__main__":
    main()
