"""The compositions of a study: read from a file, or made from its problems."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import TypedDict

from reasongap.domain import Composition, Problem
from reasongap.errors import BadPlugin, ReasongapError, UnknownName, UsageError
from reasongap.problems import (
    Batch,
    Columns,
    Counts,
    MintedSource,
    ProblemSource,
    Run,
    Summary,
    batches,
    default_settings,
    is_composition_file,
    open_source,
)
from reasongap.problems.compositions import stream_compositions
from reasongap.runs.events import Chained, Emit, silent
from reasongap.runs.study import Study

BATCH = 100
"""Minted problems per hop that are paired together."""


def settings_of(study: Study) -> tuple[str, ...]:
    """The settings that a study asks: those of the gap, then the controls it wants."""
    return (*default_settings(study.hops), *study.controls)


async def compositions_of(
    study: Study, data: Path | None, run: Run, emit: Emit = silent
) -> tuple[Composition, ...]:
    """All that `composing` gives."""
    return tuple([item async for item in composing(study, data, run, emit)])


async def composing(
    study: Study, data: Path | None, run: Run | None, emit: Emit = silent
) -> AsyncIterator[Composition]:
    """The study's compositions as they are made, confirmed by programs run with `run` if given.

    A larger `n` only adds to the end. Where `n` is left open, a source that holds fewer
    than the default gives what it holds. Raises what the sources raise.
    """
    path = Path(study.source)
    if is_composition_file(path):
        for item in _from_file(study, path):
            yield item
        return
    lost, made = Counts(), 0
    async for batch in batches_of(study, study.size, data, run, emit):
        made += len(batch.kept)
        if not made:
            lost.add(batch)
        for item in batch.kept:
            yield item
    if not made:
        raise none_chained(study, lost.summary())


def none_chained(study: Study, found: Summary) -> UsageError:
    """The error for a source of which no composition can be made."""
    why = "; ".join(f"{count} {reason}" for reason, count in found.refused_problems.items())
    return UsageError(
        f"none of the {found.problems} problems of {study.source} can be chained"
        f"{f' ({why})' if why else ''}. Their solutions need steps such as <<6*8=48>>48; "
        "`reasongap compose` says more"
    )


async def batches_of(
    study: Study, n: int | None, data: Path | None, run: Run | None, emit: Emit = silent
) -> AsyncIterator[Batch]:
    """`n` compositions of the study's problems, None for all that there are, batch by batch.

    Minted problems are a stream without end, each used once. Raises UsageError where the
    study names an `n` that is more than there is.
    """
    made = 0
    async for batch in batches(**_how(study, n, data, run)):
        made += len(batch.kept)
        emit(Chained(made, n))
        yield batch
    emit(Chained(made, made))


class _How(TypedDict):
    """What `batches` takes."""

    problems: Iterable[Problem]
    hops: int
    n: int | None
    fewer: bool
    seed: int
    run: Run | None
    once: int | None


def _how(study: Study, n: int | None, data: Path | None, run: Run | None) -> _How:
    columns = columns_of(study)
    source = open_source(study.source, data=data, columns=columns, seed=study.seed)
    minted = isinstance(source, MintedSource)
    if minted and n is None:
        raise UsageError("minted problems have no end. Say how many compositions with -n")
    return {
        "problems": _problems(source, study.source),
        "hops": study.hops,
        "n": n,
        "fewer": study.n is None,
        "seed": study.seed,
        "run": run,
        "once": BATCH * study.hops if minted else None,
    }


def _problems(source: ProblemSource, named: str) -> Iterator[Problem]:
    """The problems of a source that may be somebody else's. Raises `BadPlugin` where it fails."""
    try:
        for problem in source.load():
            _check(problem)
            yield problem
    except ReasongapError:
        raise
    except Exception as error:
        raise BadPlugin("source", named, error) from error


def _check(problem: object) -> None:
    """Raise TypeError for what is no problem, or has no exact answer."""
    if not isinstance(problem, Problem):
        raise TypeError(f"load() gave {problem!r:.80}, which is no Problem")
    if not isinstance(problem.answer, Fraction):
        why = f"must be a Fraction, not {problem.answer!r:.80}"
        raise TypeError(f"the answer of problem {problem.id!r} {why}")


def columns_of(study: Study) -> Columns:
    """Where the study's source holds the fields of a problem. Raises `UnknownName`."""
    known = [field.name for field in fields(Columns)]
    for name in study.columns:
        if name not in known:
            raise UnknownName("field of a problem", name, known)
    return Columns(**study.columns)


def _from_file(study: Study, path: Path) -> Iterator[Composition]:
    given = 0
    for item in stream_compositions(path):
        if len(item.hops) == study.hops and given < study.size:
            given += 1
            yield item
    if not given:
        raise UsageError(f"{path} holds no composition of {study.hops} hops. Set --hops")
    if study.n is not None and given < study.n:
        raise UsageError(
            f"{path} holds {given} compositions of {study.hops} hops, and {study.n} "
            "were asked for. Ask for fewer with -n"
        )
