"""Which problems follow one another: optimal pairing inside small blocks.

Problems are sorted by size and cut into blocks: a problem's size is the number that may
give way to an X (the one nearest its answer), or its answer where it offers none. Inside a
block, hops are assigned so that each X lies as close as can be to the number it replaces,
and each new answer to the published one. Blocks share no problem: they are independent
clusters.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from reasongap.domain import Problem
from reasongap.problems.slots import Rules, Slot

FORBIDDEN = 1e6
CROWDING = 0.5
"""What one more use of the same source costs, in units of log-distance."""


@dataclass(frozen=True, slots=True)
class Source:
    """A problem and the slots it offers."""

    problem: Problem
    slots: tuple[Slot, ...]

    @property
    def size(self) -> Fraction:
        """The offered number nearest the answer, or the answer: what blocks are sorted by."""
        answer = self.problem.answer
        numbers = (slot.mention.value for slot in self.slots)
        return min(numbers, key=lambda number: abs(math.log(number / answer)), default=answer)


@dataclass(frozen=True, slots=True)
class Link:
    """A hop after the first: a slot, the number put into it, the answer that follows.

    `cost` says how far number and answer are from the published ones.
    """

    slot: Slot
    number: Fraction
    gold: Fraction
    cost: float


@dataclass(frozen=True, slots=True)
class Path:
    """A composition to be: its block, its first problem, and the links after it."""

    block: str
    first: Problem
    links: tuple[Link, ...] = ()

    @property
    def answer(self) -> Fraction:
        """The answer that the next hop would take in."""
        return self.links[-1].gold if self.links else self.first.answer

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Its problems, in order."""
        return (self.first, *(link.slot.problem for link in self.links))

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of its problems, in order."""
        return tuple(problem.id for problem in self.problems)


def blocks(sources: Sequence[Source], size: int, rng: random.Random) -> list[list[Source]]:
    """Groups of `size` similar problems; where they begin, and their order, fall by chance."""
    shuffled = rng.sample(sources, len(sources))
    shuffled.sort(key=lambda source: source.size)
    starts = range(-rng.randrange(size), len(shuffled), size)
    groups = [shuffled[max(start, 0) : start + size] for start in starts]
    rng.shuffle(groups)
    return groups


def pair_block(block: Sequence[Source], name: str, hops: int, rules: Rules) -> Iterator[Path]:
    """The paths of one block, best use first: in each round every problem opens one path.

    No problem serves more than `rules.reuse` times as the same hop, and no two paths have
    the same problems in the same order.
    """
    pairing = _Pairing(rules)
    uses: list[Counter[str]] = [Counter() for _ in range(hops)]
    seen: set[tuple[str, ...]] = set()
    for _ in range(rules.reuse):
        paths = [Path(name, source.problem) for source in block]
        for hop in range(1, hops):
            paths = pairing.extend(paths, block, uses[hop], seen)
        seen.update(path.sources for path in paths)
        yield from paths


def pair_once(block: Sequence[Source], hops: int, rules: Rules) -> Iterator[Path]:
    """Paths that use every problem at most once, and that no block joins.

    Problems without slots open; otherwise the order given decides who opens, who follows.
    """
    pairing = _Pairing(replace(rules, reuse=1))
    ranked = sorted(block, key=lambda source: bool(source.slots))
    share = len(ranked) // hops
    paths = [Path("", source.problem) for source in ranked[:share]]
    for hop in range(1, hops):
        role = ranked[hop * share : (hop + 1) * share]
        paths = pairing.extend(paths, role, Counter(), set())
    yield from paths


class _Pairing:
    """Extends paths by optimal assignment, and remembers the best slot for each number."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.links: dict[tuple[str, Fraction], Link | None] = {}

    def extend(
        self,
        paths: Sequence[Path],
        sources: Sequence[Source],
        uses: Counter[str],
        seen: set[tuple[str, ...]],
    ) -> list[Path]:
        """The paths that find a next hop, each with the one that the best assignment gives it.

        `uses` counts how often each problem serves as this hop, and is brought up to date;
        `seen` holds the paths that must not come again.
        """
        from scipy.optimize import linear_sum_assignment

        places = [
            (source, CROWDING * used)
            for source in sources
            if source.slots
            for used in range(uses[source.problem.id], self.rules.reuse)
        ]
        if not paths or not places:
            return []
        links = [[self._link(path, source, seen) for source, _ in places] for path in paths]
        crowding = [crowding for _, crowding in places]
        costs = [
            [
                link.cost + more if link else FORBIDDEN
                for link, more in zip(row, crowding, strict=True)
            ]
            for row in links
        ]
        extended: list[Path] = []
        rows, columns = linear_sum_assignment(costs)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if link := links[row][column]:
                path = paths[row]
                uses[link.slot.problem.id] += 1
                extended.append(Path(path.block, path.first, (*path.links, link)))
        return extended

    def _link(self, path: Path, source: Source, seen: set[tuple[str, ...]]) -> Link | None:
        """The best slot of a source for a path, None where none will do."""
        name, before = source.problem.id, path.sources
        if name in before or (*before, name) in seen:
            return None
        key = (name, path.answer)
        if key not in self.links:
            self.links[key] = _best(source, path.answer, self.rules)
        return self.links[key]


def _best(source: Source, number: Fraction, rules: Rules) -> Link | None:
    links = [
        Link(slot, number, gold, _cost(slot, number, gold))
        for slot in source.slots
        if (gold := slot.gold(number, rules)) is not None
    ]
    return min(links, key=lambda link: link.cost, default=None)


def _cost(slot: Slot, number: Fraction, gold: Fraction) -> float:
    """How far X is from the number it replaces, plus how far the answers are: sum of logs.

    Rounded, so that machines whose logarithms differ in the last bit pair alike.
    """
    moved = abs(math.log(number / slot.mention.value))
    return round(moved + abs(math.log(gold / slot.problem.answer)), 9)
