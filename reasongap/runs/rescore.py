"""Grading a run again from the replies that it holds: no model is called."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import anyio

from reasongap.answers import TOLERANCE, Rule, format_number, grade
from reasongap.domain import Record
from reasongap.errors import BadFile
from reasongap.models.seam import ModelSpec
from reasongap.problems import write_compositions
from reasongap.runs.beginning import make_folder
from reasongap.runs.description import revive
from reasongap.runs.folder import COMPOSITIONS, RunFolder
from reasongap.runs.journal import Journal
from reasongap.runs.manifest import GRADING, Manifest, read_manifest, write_manifest
from reasongap.runs.opening import check, sandbox_of, solvers_of
from reasongap.runs.replay import NotRecorded, ReplayModel
from reasongap.runs.solving import solve
from reasongap.runs.study import Study
from reasongap.sandbox import Sandbox
from reasongap.solvers import Solver

AT_ONCE = 8
"""Records in hand at a time."""


@dataclass(frozen=True)
class Regraded:
    """A record before and after. `kept` says why the old grade stands, where nothing was read."""

    old: Record
    new: Record
    kept: str = ""

    @property
    def changed(self) -> bool:
        """Whether the outcome is another, or the strict reading."""
        return (self.old.outcome, self.old.strict) != (self.new.outcome, self.new.strict)

    @property
    def why(self) -> str:
        """What made the difference: the program's end, the answer that was read, or its grade."""
        old, new = self.old.solution, self.new.solution
        ends = [s.executions[-1].status if s.executions else "no program" for s in (old, new)]
        if ends[0] != ends[1]:
            return f"program: {ends[0]} → {ends[1]}"
        if old.answer != new.answer:
            return f"read: {_read(self.old)} → {_read(self.new)}"
        return f"{_read(self.new)} is graded otherwise"


def _read(record: Record) -> str:
    answer, rule = record.solution.answer, record.solution.rule
    return "nothing" if answer is None else f"{format_number(answer)} ({rule})"


@dataclass(frozen=True)
class Rescorer:
    """How records are graded again: strategies by name, where programs run, what is forgiven.

    `tolerance` is how far an answer that is no integer may lie from the gold one.
    """

    specs: Mapping[str, ModelSpec]
    solvers: Mapping[str, Solver]
    sandbox: Sandbox
    tolerance: Fraction = TOLERANCE

    async def regrade(self, record: Record) -> Regraded:
        """The record with the grade that its replies get now.

        Its strategy solves the question again, with the replies of the record and the
        programs run anew. Raises `SandboxUnavailable` and `SolverFailed`.
        """
        solver = self.solvers.get(record.key.strategy)
        if solver is None:
            return Regraded(record, record, "its strategy was a Python object")
        if not record.solution.completions:
            return Regraded(record, record, "it holds no reply")
        model = ReplayModel(self.specs[record.key.model], record)
        try:
            solution = await solve(solver, record.question, model, self.sandbox)
        except NotRecorded:
            return Regraded(record, record, "its strategy or prompt asks otherwise now")
        graded = grade(record.question, solution, self.tolerance)
        new = replace(
            record, solution=solution, outcome=graded.outcome, strict=graded.strict, error=None
        )
        return Regraded(record, new)

    async def all(self, records: Iterable[Record], write: Callable[[Regraded], object]) -> None:
        """Grade every record again, and `write` each as it is ready. Raises as `regrade`."""
        waiting = iter(records)

        async def work() -> None:
            for record in waiting:
                write(await self.regrade(record))

        try:
            async with anyio.create_task_group() as group:
                for _ in range(AT_ONCE):
                    group.start_soon(work)
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None


def conditions_of(manifest: Manifest, **over: Any) -> Study:
    """The conditions of a run as a study, with those of `over` that are not None instead.

    Its strategies are all that the run can name. Its models are of no account.
    """
    named: dict[str, None] = {}
    for sitting in manifest.sittings:
        named |= dict.fromkeys(one for one in sitting.study["strategies"] if isinstance(one, str))
    last = manifest.sittings[-1].study
    sandbox = last["sandbox"] if isinstance(last["sandbox"], str) else "restricted"
    told = {"models": ["any"], "strategies": [*named] or ["cot"], "sandbox": sandbox}
    return revive({**last, **told}, **over)


async def rescore(
    run: RunFolder, study: Study, rule: Rule | None = None, tolerance: Fraction = TOLERANCE
) -> list[Regraded]:
    """Every record of a run, graded under the conditions of a study, `rule` read first.

    Raises `SandboxUnavailable`.
    """
    solvers = {solver.name: solver for solver in solvers_of(study)}
    if rule is not None:
        solvers = {name: read_by(solver, rule) for name, solver in solvers.items()}
    graded: list[Regraded] = []
    async with aclosing(sandbox_of(study)) as sandbox:
        await check(sandbox)
        rescorer = Rescorer(run.manifest.models, solvers, sandbox, tolerance)
        await rescorer.all(run.records, graded.append)
    return graded


def read_by(solver: Solver, rule: Rule) -> Solver:
    """The strategy, and whatever it is made of, with `rule` tried first where replies are read."""
    if not is_dataclass(solver) or isinstance(solver, type):
        return solver
    over: dict[str, object] = {}
    for field in fields(solver):
        value = getattr(solver, field.name)
        if field.name == "rule":
            over["rule"] = rule
        elif isinstance(value, Solver):
            over[field.name] = read_by(value, rule)
    made: Solver = replace(solver, **over)
    return made


def write_run(
    folder: Path, run: RunFolder, conditions: Mapping[str, str], records: Iterable[Record]
) -> None:
    """Write the records as a run of their own, `conditions` replacing those of the old one.

    Raises `BadFile` where the folder holds a run or cannot be made, and `DiskFailed`.
    """
    if read_manifest(folder) is not None:
        raise BadFile(str(folder), "holds a run already", "Name another folder with --out")
    make_folder(folder)
    told = {**run.manifest.conditions, "grading": str(GRADING), **conditions}
    with Journal(folder) as journal:
        write_compositions(folder / COMPOSITIONS, run.compositions)
        for record in records:
            journal.write(record)
        made = {"id": uuid.uuid4().hex, "conditions": told}
        write_manifest(folder, run.manifest.model_copy(update=made))
