"""The compositions of a study: read from a file, or made from its problems."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from reasongap.domain import Composition
from reasongap.errors import UnknownName, UsageError
from reasongap.problems import (
    Columns,
    Composed,
    MintedSource,
    Run,
    compose,
    default_settings,
    is_composition_file,
    open_source,
    read_compositions,
)
from reasongap.runs.study import Study

BATCH = 100
"""Minted problems per hop that are paired together."""


def settings_of(study: Study) -> tuple[str, ...]:
    """The settings that a study asks: those of the gap, then the controls it wants."""
    return (*default_settings(study.hops), *study.controls)


async def compositions_of(study: Study, data: Path | None, run: Run) -> tuple[Composition, ...]:
    """The study's compositions, confirmed by programs run with `run` where there are any.

    A larger `n` only adds to the end. Where `n` is left open, a source that holds fewer
    than the default gives what it holds. Raises what the sources raise.
    """
    path = Path(study.source)
    if is_composition_file(path):
        return _from_file(study, path)
    return (await compose_source(study, study.size, data, run)).compositions


async def compose_source(
    study: Study, n: int | None, data: Path | None, run: Run | None
) -> Composed:
    """`n` compositions of the study's problems, None for all that there are.

    Minted problems are a stream without end, each used once. Raises UsageError where the
    study names an `n` that is more than there is.
    """
    columns = columns_of(study)
    source = open_source(study.source, data=data, columns=columns, seed=study.seed)
    minted = isinstance(source, MintedSource)
    if minted and n is None:
        raise UsageError("minted problems have no end. Say how many compositions with -n")
    return await compose(
        source.load(),
        hops=study.hops,
        n=n,
        fewer=study.n is None,
        seed=study.seed,
        run=run,
        once=BATCH * study.hops if minted else None,
    )


def columns_of(study: Study) -> Columns:
    """Where the study's source holds the fields of a problem. Raises `UnknownName`."""
    known = [field.name for field in fields(Columns)]
    for name in study.columns:
        if name not in known:
            raise UnknownName("field of a problem", name, known)
    return Columns(**study.columns)


def _from_file(study: Study, path: Path) -> tuple[Composition, ...]:
    read = read_compositions(path)
    fitting = [composition for composition in read if len(composition.hops) == study.hops]
    if not fitting:
        raise UsageError(f"{path} holds no composition of {study.hops} hops. Set --hops")
    if study.n is not None and len(fitting) < study.n:
        raise UsageError(
            f"{path} holds {len(fitting)} compositions of {study.hops} hops, and {study.n} "
            "were asked for. Ask for fewer with -n"
        )
    return tuple(fitting[: study.size])
