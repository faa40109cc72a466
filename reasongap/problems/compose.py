"""Composition: several problems into one, each holding the answer of the one before.

No model takes part. The gold answer follows from the annotated solution, run again at the
new number; where the problem has a program and the caller brings a sandbox, the program
must agree. Method: Hosseini et al. 2024 (arXiv 2410.01748), with blocks as clusters.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from reasongap.domain import Composition, Hop, Problem
from reasongap.errors import UsageError
from reasongap.problems.confirm import Confirmer, Run
from reasongap.problems.order import balanced
from reasongap.problems.pairing import Link, Path, Source, blocks, pair_block, pair_once
from reasongap.problems.slots import RULES, Rules, Slots, find_slots, may_open
from reasongap.problems.summary import Batch, Counts, Summary


@dataclass(frozen=True, slots=True)
class Composed:
    """Compositions, and how they came about."""

    compositions: tuple[Composition, ...]
    summary: Summary


async def compose(
    problems: Iterable[Problem],
    *,
    hops: int = 2,
    n: int | None = None,
    fewer: bool = False,
    seed: int = 0,
    run: Run | None = None,
    rules: Rules = RULES,
    once: int | None = None,
) -> Composed:
    """Compositions of `hops` problems each: the first `n`, or all that there are.

    The same arguments give the same compositions on every machine, and a larger `n` only
    adds to the end. They come block by block in turn, so that few items still mean many
    blocks. With `run`, problems that bring a program have it run, at the published and at
    the new number: a composition that it contradicts is dropped. With `once`, no problem
    serves twice and each composition is a block of its own; problems are drawn and paired
    `once` at a time, no more than `n` needs, so that they may be an endless stream. Raises
    UsageError where there are fewer than `n`, unless `fewer` will do.
    """
    counts = Counts()
    kept: list[Composition] = []
    async for batch in batches(
        problems, hops=hops, n=n, fewer=fewer, seed=seed, run=run, rules=rules, once=once
    ):
        counts.add(batch)
        kept += batch.kept
    return Composed(tuple(kept), counts.summary())


async def batches(
    problems: Iterable[Problem],
    *,
    hops: int = 2,
    n: int | None = None,
    fewer: bool = False,
    seed: int = 0,
    run: Run | None = None,
    rules: Rules = RULES,
    once: int | None = None,
) -> AsyncIterator[Batch]:
    """What `compose` gathers, as it is made; nothing is remembered of a batch but its size.

    So ids are compared within a batch alone: those of a stream are its own to keep apart.
    """
    if hops < 2:
        raise UsageError(f"a composition has at least 2 hops, not {hops}")
    stream, read, kept = iter(problems), 0, 0
    while n is None or kept < n:
        batch = _distinct(islice(stream, once))
        if not batch:
            break
        slots = [find_slots(problem) for problem in batch]
        paths = _paths(batch, slots, hops, rules, once is not None, random.Random(seed))
        judged = [entry async for entry in _judged(paths, None if n is None else n - kept, run)]
        items = [item for item in judged if item is not None]
        read, kept = read + len(batch), kept + len(items)
        yield Batch(batch, slots, items, len(paths), len(judged) - len(items))
    if not fewer:
        _enough(kept, n, hops, read)


def _enough(kept: int, n: int | None, hops: int, read: int) -> None:
    if n is not None and kept < n:
        raise UsageError(
            f"{n} compositions of {hops} hops were asked for, and these {read} problems "
            f"give {kept}. Ask for fewer, or bring more problems"
        )


def _distinct(problems: Iterable[Problem]) -> list[Problem]:
    """The problems as a list. Raises UsageError where two have one id."""
    read, seen = list(problems), set[str]()
    for problem in read:
        if problem.id in seen:
            raise UsageError(f"two problems have the id {problem.id!r}. Give each its own")
        seen.add(problem.id)
    return read


def _paths(
    problems: Sequence[Problem],
    found: Sequence[Slots],
    hops: int,
    rules: Rules,
    once: bool,
    rng: random.Random,
) -> list[Path]:
    sources = [
        Source(problem, slots.offered)
        for problem, slots in zip(problems, found, strict=True)
        if may_open(problem)
    ]
    if once:
        groups = blocks(sources, rules.block * hops, rng)
        mixed = [rng.sample(group, len(group)) for group in groups]
        by_block = [list(pair_once(group, hops, rules)) for group in mixed]
    else:
        groups = blocks(sources, rules.block, rng)
        by_block = [list(pair_block(b, f"b{i}", hops, rules)) for i, b in enumerate(groups)]
    return balanced(by_block, [source.problem.answer for source in sources])


async def _judged(
    paths: Sequence[Path], n: int | None, run: Run | None
) -> AsyncIterator[Composition | None]:
    """The paths as compositions, None where a program contradicts one, until `n` are kept."""
    confirmer = Confirmer(run) if run else None
    wanted, start = len(paths) if n is None else n, 0
    while wanted > 0 and start < len(paths):
        batch = paths[start : start + wanted]
        start += len(batch)
        verdicts = await confirmer.verdicts(batch) if confirmer else [None] * len(batch)
        for path, verdict in zip(batch, verdicts, strict=True):
            wanted -= verdict is not False
            yield None if verdict is False else _composition(path, verdict is True)


def _composition(path: Path, confirmed: bool) -> Composition:
    opening = path.first
    first = Hop(opening.question, opening.answer, opening.id, solution=opening.solution or None)
    name = "+".join((path.first.id, *map(_name, path.links)))
    return Composition(
        id=name,
        block=path.block or name,
        hops=(first, *map(_hop, path.links)),
        derivations=("chain", "program") if confirmed else ("chain",),
        confirmed=confirmed,
    )


def _name(link: Link) -> str:
    """The link's part of an id: its source, and the number that gave way."""
    return f"{link.slot.problem.id}[{link.slot.mention.text}]"


def _hop(link: Link) -> Hop:
    problem = link.slot.problem
    return Hop(
        question=link.slot.question,
        answer=link.gold,
        source=problem.id,
        source_question=problem.question,
        source_answer=problem.answer,
        replaced=link.slot.mention.text,
        solution=problem.solution or None,
    )
