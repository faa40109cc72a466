"""The Python face: `run_strategy` and `compare`, and their async twins."""

from __future__ import annotations

import asyncio
import functools
import itertools
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import anyio
from anyio.from_thread import start_blocking_portal
from platformdirs import user_cache_path
from rich.console import Console, RenderResult

from reasongap.analysis import Estimates, Reduction, analyse
from reasongap.analysis.evidence import Evidence
from reasongap.analysis.merging import merge
from reasongap.domain import Gap, Record
from reasongap.errors import NoGap, NotCompared
from reasongap.models import Model
from reasongap.report.analyses import report_of
from reasongap.report.flat import frame, gap_rows, item_rows
from reasongap.report.page import notebook, write_page
from reasongap.report.progress import watching
from reasongap.report.reasons import explained
from reasongap.report.tables import as_text, save, tables
from reasongap.runs.approval import ASK_ABOVE, within
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.engines import open_engine
from reasongap.runs.events import silent
from reasongap.runs.folder import read_run
from reasongap.runs.opening import names_of
from reasongap.runs.study import EMBEDDED, Options, Study, make_study
from reasongap.sandbox import Sandbox
from reasongap.solvers import Solver

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
PAGE = ".html"


@dataclass(frozen=True, repr=False)
class _Result:
    """Numbers, the answers they rest on, and the folder that these lie in.

    `records` hold all that an analysis reads; what models were sent is in the folder alone.
    It shows itself as tables: printed, as the value of a prompt, and in a notebook.
    """

    folder: Path
    estimates: Estimates
    records: Sequence[Record]

    def to_pandas(self) -> pd.DataFrame:
        """A row a model and strategy: the gap with its interval, and the change it brings."""
        return frame(gap_rows(self.estimates))

    def items(self) -> pd.DataFrame:
        """A row a record: key, outcome, gold and answer (exact, as text), tokens, cost."""
        return frame(item_rows(self.records))

    def save(self, path: str | Path) -> None:
        """Write the tables in the form of the path's ending: json, csv, md, tex, txt or parquet.

        html is the whole page: every analysis, and every answer to read. Raises `BadFile`.
        """
        path = Path(path)
        if path.suffix.lower() == PAGE:
            write_page(report_of(self._evidence()), path)
        else:
            save(self.estimates, path, (PAGE,))

    def _evidence(self) -> Evidence:
        """What the folder holds of this result."""
        run = read_run(self.folder, lean=True)
        ways = [(row.model, row.strategy) for row in self.estimates.gaps]
        ways += [(record.key.model, record.key.strategy) for record in self.records]
        if ways:
            models, strategies = (list(dict.fromkeys(names)) for names in zip(*ways, strict=True))
            run = run.only(models, strategies, len(run.compositions))
        return merge([replace(run, records=self.records)])

    def __repr__(self) -> str:
        return as_text(self.estimates) or f"{type(self).__name__} of {self.folder}: no answers"

    def __rich_console__(self, console: Console, options: object) -> RenderResult:
        yield from tables(self.estimates, console.file)

    def _repr_html_(self) -> str:
        return notebook(self.estimates)


@dataclass(frozen=True, repr=False)
class Run(_Result):
    """One model under one strategy."""

    @property
    def gap(self) -> Gap:
        """The reasoning gap. Raises `NoGap` where no composition was answered in full."""
        if not self.estimates.gaps:
            raise NoGap(str(self.folder), self.estimates.notes)
        return self.estimates.gaps[0].gap


@dataclass(frozen=True, repr=False)
class Comparison(_Result):
    """Models × strategies on the same compositions."""

    def gap(self, model: str, strategy: str) -> Gap:
        """The gap of one of the models under one of the strategies.

        Raises `NotCompared`, a `KeyError`, for another model or strategy, and `NoGap` where no
        composition was answered in full.
        """
        gaps = {(row.model, row.strategy): row.gap for row in self.estimates.gaps}
        if (model, strategy) in gaps:
            return gaps[model, strategy]
        asked = [*gaps, *((record.key.model, record.key.strategy) for record in self.records)]
        if (model, strategy) in asked:
            raise NoGap(str(self.folder), self.estimates.notes)
        if model not in (names := list(dict.fromkeys(name for name, _ in asked))):
            raise NotCompared("model", model, names)
        under = dict.fromkeys(way for name, way in asked if name == model)
        raise NotCompared("strategy", strategy, under)

    @property
    def reductions(self) -> tuple[Reduction, ...]:
        """What each strategy changes against the first, per model, smallest model first."""
        return self.estimates.reductions


async def acompare(  # noqa: PLR0913 (the public face: a wish each)
    models: str | Model | Sequence[str | Model] = EMBEDDED,
    strategies: str | Solver | Sequence[str | Solver] = ("cot", "pot"),
    problems: str | Path | None = None,
    *,
    n: int | None = None,
    hops: int = 2,
    seed: int = 0,
    sandbox: str | Sandbox = "restricted",
    out: str | Path | None = None,
    options: Options | None = None,
    engine: str = "local",
    budget: float | None = None,
    confirm: bool = False,
    progress: bool = True,
) -> Comparison:
    """The async twin of `compare`."""
    study = make_study(
        models=_several(models),
        strategies=_several(strategies),
        problems=None if problems is None else str(problems),
        n=n,
        hops=hops,
        seed=seed,
        sandbox=sandbox,
        **(options.model_dump(exclude_unset=True) if options else {})
        | ({} if budget is None else {"budget": budget}),
    )
    folder = Path(out) if out else new_folder()
    approve = within(ASK_ABOVE, confirmed=confirm, remedy="Pass confirm=True to pay it")
    places, by = Places(folder, reply_cache()), open_engine(engine)
    with watching() if progress else nullcontext(silent) as emit:
        await conduct(study, places, emit, engine=by, approve=approve)
    return read_comparison(folder, study)


async def arun_strategy(  # noqa: PLR0913 (the public face: a wish each)
    model: str | Model = EMBEDDED,
    strategy: str | Solver = "cot",
    problems: str | Path | None = None,
    *,
    n: int | None = None,
    hops: int = 2,
    seed: int = 0,
    sandbox: str | Sandbox = "restricted",
    out: str | Path | None = None,
    options: Options | None = None,
    engine: str = "local",
    budget: float | None = None,
    confirm: bool = False,
    progress: bool = True,
) -> Run:
    """The async twin of `run_strategy`."""
    found = await acompare(
        model,
        strategy,
        problems,
        n=n,
        hops=hops,
        seed=seed,
        sandbox=sandbox,
        out=out,
        options=options,
        engine=engine,
        budget=budget,
        confirm=confirm,
        progress=progress,
    )
    return Run(found.folder, found.estimates, found.records)


def compare(  # noqa: PLR0913 (the public face: a wish each)
    models: str | Model | Sequence[str | Model] = EMBEDDED,
    strategies: str | Solver | Sequence[str | Solver] = ("cot", "pot"),
    problems: str | Path | None = None,
    *,
    n: int | None = None,
    hops: int = 2,
    seed: int = 0,
    sandbox: str | Sandbox = "restricted",
    out: str | Path | None = None,
    options: Options | None = None,
    engine: str = "local",
    budget: float | None = None,
    confirm: bool = False,
    progress: bool = True,
) -> Comparison:
    """Ask every model under every strategy, on the same compositions.

    `models` are LiteLLM names, local/… names, or objects with `complete`; `strategies`
    are names ("cot", "pot"), solver files, or objects with `solve`, the first being the
    baseline. `problems` is a source ("minted:2-4", "gsm8k", a path …): by default minted,
    of one step a hop where the embedded model takes part. `n` counts compositions of
    `hops` problems: by default 100, or 15 with the embedded model. `sandbox` runs the
    programs. `out` is the run's folder, which is extended where it holds a run already;
    by default a new one under reasongap-runs/. `options` holds the rest. `engine` is "local",
    "ray" (all cores of this machine) or "ray:ADDRESS" (a cluster). `budget` bounds what
    the folder's calls may cost in dollars. A run estimated above a dollar, or whose price
    nobody knows, needs `confirm`. `progress` shows on stderr how far it is: a live display
    on a terminal, a line now and then in a notebook or a log.

    Raises `UsageError` for what cannot be done or is not confirmed, `BudgetStop` where the
    next call might pass the budget (call again with a larger one and the same `out` to go
    on), `EnvironmentBroken` for what this machine lacks, `ModelError` where a provider refuses
    for good.
    """
    return _wait(
        functools.partial(
            acompare,
            models,
            strategies,
            problems,
            n=n,
            hops=hops,
            seed=seed,
            sandbox=sandbox,
            out=out,
            options=options,
            engine=engine,
            budget=budget,
            confirm=confirm,
            progress=progress,
        )
    )


def run_strategy(  # noqa: PLR0913 (the public face: a wish each)
    model: str | Model = EMBEDDED,
    strategy: str | Solver = "cot",
    problems: str | Path | None = None,
    *,
    n: int | None = None,
    hops: int = 2,
    seed: int = 0,
    sandbox: str | Sandbox = "restricted",
    out: str | Path | None = None,
    options: Options | None = None,
    engine: str = "local",
    budget: float | None = None,
    confirm: bool = False,
    progress: bool = True,
) -> Run:
    """Ask one model under one strategy, and measure its reasoning gap.

        run = run_strategy("openai/gpt-4o-mini", "pot")
        run.gap.delta, run.gap.delta_ci

    Parameters, defaults and errors are those of `compare`.
    """
    return _wait(
        functools.partial(
            arun_strategy,
            model,
            strategy,
            problems,
            n=n,
            hops=hops,
            seed=seed,
            sandbox=sandbox,
            out=out,
            options=options,
            engine=engine,
            budget=budget,
            confirm=confirm,
            progress=progress,
        )
    )


def read_comparison(folder: Path, study: Study | None = None) -> Comparison:
    """The comparison that a run folder holds: of all that is in it, or of a study's part.

    Raises `BadFile` where it holds none.
    """
    run = read_run(folder, lean=True)
    if study is not None:
        run = run.only(*names_of(study), study.size)
    estimates = analyse(run.records, run.manifest.models, tuple(run.manifest.strategies))
    return Comparison(folder, explained(estimates, run.records), run.records)


def new_folder() -> Path:
    """A run folder that nobody has, named after this moment."""
    name = Path("reasongap-runs") / time.strftime("%Y-%m-%d-%H%M%S")
    for i in itertools.count(1):
        folder = name if i == 1 else name.with_name(f"{name.name}-{i}")
        if not folder.exists():
            return folder
    raise AssertionError("counting has no end")


def reply_cache() -> Path:
    """The file of known replies, in the user's cache."""
    return user_cache_path("reasongap") / "replies.sqlite"


def _several(given: T | Sequence[T]) -> tuple[T, ...]:
    return tuple(given) if isinstance(given, (list, tuple)) else (given,)  # type: ignore[return-value]


def _wait(work: Callable[[], Coroutine[object, object, T]]) -> T:
    """Run to the end, also where an event loop already runs, as in a notebook.

    There the work goes to a thread, and an interrupt cancels it before it passes.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return anyio.run(work)
    with start_blocking_portal() as portal:
        done = portal.start_task_soon(work)
        try:
            return done.result()
        except BaseException:
            done.cancel()
            raise
