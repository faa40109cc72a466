"""Carrying a study out: from its description to the records in a folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from reasongap.domain import MACHINERY, Composition, Key, Record
from reasongap.errors import UsageError
from reasongap.models import Model
from reasongap.problems import questions
from reasongap.runs.cache import CachedModel, ReplyCache
from reasongap.runs.compositions import compositions_of, settings_of
from reasongap.runs.events import Answered, Emit, Planned
from reasongap.runs.folder import make_folder, write_down
from reasongap.runs.journal import Journal, read_records
from reasongap.runs.opening import check, models_of, sandbox_of, solvers_of
from reasongap.runs.runner import Lane, Task, answer_all
from reasongap.runs.study import Study
from reasongap.runs.throttle import ThrottledModel
from reasongap.sandbox import Sandbox
from reasongap.solvers import Solver

LOCAL = "local/"
TRIES = 5


@dataclass(frozen=True)
class Places:
    """Where a run reads and writes: its own folder, the reply cache, the local data.

    `read_cache` False asks every question afresh; replies are cached all the same. The
    cache is for models that a name identifies; replies of a user's own model objects are
    kept in the run's folder, for nothing tells two such objects apart.
    """

    folder: Path
    cache: Path
    data: Path | None = None
    read_cache: bool = True


async def conduct(study: Study, places: Places, emit: Emit) -> None:
    """Answer whatever the folder lacks of the study.

    Bad input raises before anything is sent; a fatal error of a provider ends the run
    with every record so far in the folder.
    """
    make_folder(places.folder)
    async with AsyncExitStack() as stack:
        sandbox = sandbox_of(study)
        stack.push_async_callback(sandbox.aclose)
        await check(sandbox)
        solvers, models = solvers_of(study), models_of(study, emit)
        for model in models:
            stack.push_async_callback(model.aclose)
        _check_names(models, solvers)
        compositions = await compositions_of(study, places.data, sandbox.run)
        write_down(study, places.folder, compositions, models, solvers, sandbox)
        caches = Caches(places)
        stack.callback(caches.close)
        tasks = [
            task
            for chosen, model in zip(study.models, models, strict=True)
            for task in _tasks(
                study, compositions, _cached(model, study, caches.of(chosen), places), solvers
            )
        ]
        await _answer(tasks, study.connections, places.folder, sandbox, emit)


class Caches:
    """The shared cache of named models, and the folder's own of model objects."""

    def __init__(self, places: Places) -> None:
        self._paths = {True: places.cache, False: places.folder / "replies.sqlite"}
        self._open: dict[bool, ReplyCache] = {}

    def of(self, chosen: str | Model) -> ReplyCache:
        """The cache of a model as the study names it, opened when it is first wanted."""
        named = isinstance(chosen, str)
        if named not in self._open:
            self._open[named] = ReplyCache(self._paths[named])
        return self._open[named]

    def close(self) -> None:
        """Close those that were opened."""
        for cache in self._open.values():
            cache.close()


def _check_names(models: Sequence[Model], solvers: Sequence[Solver]) -> None:
    """Refuse two models or strategies that records could not tell apart."""
    for kind, names in (
        ("models", [model.spec.name for model in models]),
        ("strategies", [solver.name for solver in solvers]),
    ):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise UsageError(f"two {kind} are called {twice[0]!r}. Give each its own name")


def _cached(model: Model, study: Study, cache: ReplyCache, places: Places) -> list[CachedModel]:
    """The model behind its limits and the cache, once a repeat."""
    connections = min(study.connections, model.spec.connections or study.connections)
    throttled = ThrottledModel(model, connections=connections, tries=TRIES)
    read = places.read_cache
    return [CachedModel(throttled, cache, repeat, read) for repeat in range(study.repeats)]


def _tasks(
    study: Study,
    compositions: Sequence[Composition],
    repeats: Sequence[CachedModel],
    solvers: Sequence[Solver],
) -> Iterator[Task]:
    """Every task of one model, all that belongs to a composition close together."""
    for repeat, model in enumerate(repeats):
        for composition in compositions:
            for question in questions(composition, settings_of(study), compositions):
                for solver in solvers:
                    name, setting = model.spec.name, question.setting
                    key = Key(name, solver.name, composition.id, setting, repeat)
                    yield Task(key, question, solver, model)


async def _answer(
    tasks: list[Task], at_once: int, folder: Path, sandbox: Sandbox, emit: Emit
) -> None:
    known = read_records(folder)
    settled = {key for key, record in known.items() if record.outcome not in MACHINERY}
    missing = [task for task in tasks if task.key not in settled]
    emit(Planned(len(tasks), len(tasks) - len(missing)))
    with Journal(folder) as journal:

        def write(record: Record) -> None:
            journal.write(record)
            emit(Answered(record))

        await answer_all(_lanes(missing, at_once), sandbox, write)


def _lanes(tasks: list[Task], at_once: int) -> list[Lane]:
    """One lane a model; models that share this machine's processors share one.

    Local questions are asked prompt by prompt: the exemplars that they begin with are
    evaluated once.
    """
    lanes: defaultdict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        lanes[LOCAL if task.key.model.startswith(LOCAL) else task.key.model].append(task)
    if LOCAL in lanes:
        models = list(dict.fromkeys(task.key.model for task in lanes[LOCAL]))
        lanes[LOCAL].sort(
            key=lambda t: (models.index(t.key.model), t.key.strategy, t.question.chained)
        )
    return [Lane(tuple(lane), at_once) for lane in lanes.values()]
