"""Carrying a study out: from its description to the records in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path

from reasongap.domain import Composition, Record
from reasongap.errors import ReasongapError
from reasongap.problems import check_controls
from reasongap.runs.approval import Approve, approve_all, ask_approval
from reasongap.runs.beginning import provisional, withdrawn
from reasongap.runs.calling import Calling, Places
from reasongap.runs.compositions import composing, settings_of
from reasongap.runs.engines import HERE, Engine
from reasongap.runs.events import Answered, Emit, Noted, Planned
from reasongap.runs.folder import COMPOSITIONS, PART, write_down
from reasongap.runs.journal import Journal
from reasongap.runs.manifest import end_sitting
from reasongap.runs.opening import solvers_of
from reasongap.runs.runner import answer_all
from reasongap.runs.stopping import Stop
from reasongap.runs.stored import store
from reasongap.runs.study import Study
from reasongap.runs.tasks import Tasks, lanes


async def conduct(
    study: Study,
    places: Places,
    emit: Emit,
    compositions: Sequence[Composition] | None = None,
    *,
    engine: Engine = HERE,
    approve: Approve = approve_all,
    stop: Stop | None = None,
) -> None:
    """Answer whatever the folder lacks of the study, its calls and programs on `engine`.

    `compositions` stand for those that the study's source would give. Bad input raises
    before anything is sent, and so does `approve` where it does not want to pay; a fatal
    error of a provider, a `BudgetStop`, a `DiskFailed` and a `stop` end the run with every record
    so far in the folder. What ends before any call was answered leaves no folder behind, unless
    it is something to go on from.
    """
    solvers = solvers_of(study)
    async with AsyncExitStack() as stack:
        stack.enter_context(provisional(places.folder))
        journal = stack.enter_context(Journal(places.folder))
        stack.enter_context(withdrawn(places.folder, journal.outcomes))
        for told in journal.mended:
            emit(Noted(told))
        opened = await stack.enter_async_context(engine.open(study, emit))
        part = places.folder / PART
        stack.callback(part.unlink, missing_ok=True)
        made = composing(study, places.data, opened.sandbox.run, emit)
        stored = await store(part, compositions or made, places.folder / COMPOSITIONS)
        check_controls(stored, study.controls)
        manifest = write_down(study, places, stored, solvers, opened)
        calling = Calling(study, opened.models, places, manifest.id, emit)
        stack.callback(calling.close)
        parts = [
            Tasks(repeats, stored, settings_of(study), solvers, journal.outcomes)
            for repeats in calling.models
        ]
        await _begin(study, parts, calling, emit, approve)

        def write(record: Record) -> None:
            journal.write(record)
            emit(Answered(record))

        with _ending(places.folder, parts, calling):
            await answer_all(lanes(parts, study.connections), opened.sandbox, write, stop)


async def _begin(
    study: Study, parts: Sequence[Tasks], calling: Calling, emit: Emit, approve: Approve
) -> None:
    """Learn prices and get the approval of what is missing; tell how much there is to do."""
    if missing := _missing(parts):
        await calling.learn_prices()
        await ask_approval(study, parts, calling.prices, approve)
    total = sum(part.total for part in parts)
    emit(Planned(total, total - missing))


def _missing(parts: Sequence[Tasks]) -> int:
    return sum(part.total - part.settled for part in parts)


@contextmanager
def _ending(folder: Path, parts: Sequence[Tasks], calling: Calling) -> Iterator[None]:
    """Write down how the sitting went, however it ends."""

    def end() -> None:
        end_sitting(
            folder,
            finished=not _missing(parts),
            prices=calling.prices,
            pace=calling.history,
            cut_off=calling.cut_off(),
        )

    try:
        yield
    except BaseException:
        # What ended the run is what counts: on a full disk this fails as well.
        with suppress(ReasongapError):
            end()
        raise
    end()
