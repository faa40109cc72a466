"""The compositions of a study: read from a file, or made from its problems."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

from reasongap.domain import Composition
from reasongap.errors import UsageError
from reasongap.problems import (
    MintedSource,
    Run,
    compose,
    default_settings,
    open_source,
    read_compositions,
)
from reasongap.problems.files import is_composition_file
from reasongap.runs.study import Study

BATCH = 100
"""Minted problems per hop that are paired together."""


def settings_of(study: Study) -> tuple[str, ...]:
    """The settings that a study asks: those of the gap, then the controls it wants."""
    return (*default_settings(study.hops), *study.controls)


async def compositions_of(study: Study, data: Path | None, run: Run) -> list[Composition]:
    """The study's compositions, confirmed by programs run with `run` where there are any.

    A larger `n` only adds to the end. Where `n` is left open, a source that holds fewer
    than the default gives what it holds. Raises what the sources raise.
    """
    path = Path(study.source)
    if is_composition_file(path):
        return _from_file(study, path)
    source = open_source(study.source, data=data, seed=study.seed)
    if isinstance(source, MintedSource):
        return await _from_minted(study, source, run)
    composed = await compose(source.load(), hops=study.hops, n=study.n, seed=study.seed, run=run)
    return list(composed.compositions[: study.size])


def _from_file(study: Study, path: Path) -> list[Composition]:
    read = list(read_compositions(path))
    fitting = [composition for composition in read if len(composition.hops) == study.hops]
    if study.n is not None and len(fitting) < study.n:
        raise UsageError(
            f"{path} holds {len(fitting)} compositions of {study.hops} hops, and {study.n} "
            "were asked for. Ask for fewer with -n"
        )
    if not fitting:
        raise UsageError(f"{path} holds no composition of {study.hops} hops. Set --hops")
    return fitting[: study.size]


async def _from_minted(study: Study, source: MintedSource, run: Run) -> list[Composition]:
    """Batch after batch of the stream, each problem used once and each composition a block."""
    found: list[Composition] = []
    stream = source.load()
    while len(found) < study.size:
        batch = list(islice(stream, BATCH * study.hops))
        composed = await compose(batch, hops=study.hops, seed=study.seed, run=run, once=True)
        if not composed.compositions:
            raise UsageError(
                f"{source.name} gives {len(found)} compositions of {study.hops} hops, and "
                f"{study.size} were asked for. Ask for fewer, or allow other steps"
            )
        found += [replace(item, block=item.id) for item in composed.compositions]
    return found[: study.size]
