"""From the names in a study to the things themselves: sandbox, models, strategies."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace

from reasongap.domain import Execution, Program
from reasongap.errors import SandboxUnavailable
from reasongap.models import Model, open_model, spec_for
from reasongap.runs.events import Emit, Fetched
from reasongap.runs.study import Study
from reasongap.sandbox import Limits, Sandbox, open_sandbox
from reasongap.solvers import Solver, open_solver


@dataclass(frozen=True)
class LimitedSandbox:
    """A sandbox whose programs run under `limits` where the caller names none."""

    sandbox: Sandbox
    limits: Limits

    @property
    def name(self) -> str:
        """That of the sandbox."""
        return self.sandbox.name

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        """What became of the program."""
        return await self.sandbox.run(program, limits or self.limits)

    def layers(self) -> tuple[str, ...]:
        """Those of the sandbox."""
        return self.sandbox.layers()

    async def aclose(self) -> None:
        """Close the sandbox."""
        await self.sandbox.aclose()


def sandbox_of(study: Study) -> LimitedSandbox:
    """The study's sandbox under the study's limits."""
    named = study.sandbox
    return LimitedSandbox(open_sandbox(named) if isinstance(named, str) else named, study.limits)


async def check(sandbox: Sandbox) -> None:
    """Run one known program, before anything is paid for. Raises `SandboxUnavailable`."""
    execution = await sandbox.run(Program("def solution():\n    return 6 * 7\n"))
    if execution.value != "42":
        raise SandboxUnavailable(
            f"the sandbox {sandbox.name!r} does not run a one-line program "
            f"({execution.status}: {execution.error}). Try a program by hand: reasongap exec FILE"
        )


def models_of(study: Study, emit: Emit) -> list[Model]:
    """The study's models, each with its settings: its own table first, then the study's.

    Weights that are not here are pulled, and `emit` is told.
    """
    return [_model(study, chosen, emit) for chosen in study.models]


def _model(study: Study, chosen: str | Model, emit: Emit) -> Model:
    if not isinstance(chosen, str):
        return chosen
    spec = spec_for(chosen, study.model)
    own = study.model.get(chosen, {})
    if study.temperature is not None and "temperature" not in own:
        spec = replace(spec, temperature=study.temperature)
    if study.max_tokens is not None and "max_tokens" not in own:
        spec = replace(spec, max_tokens=study.max_tokens)
    if study.api_base is not None and "api_base" not in own:
        spec = replace(spec, api_base=study.api_base)
    return open_model(
        replace(spec, seed=study.seed) if spec.seed is None else spec,
        progress=lambda done, total: emit(Fetched(chosen, done, total)),
    )


def solvers_of(study: Study) -> list[Solver]:
    """The study's strategies; `shots` and `preamble` reach those that have such fields."""
    return [_solver(study, chosen) for chosen in study.strategies]


def _solver(study: Study, chosen: str | Solver) -> Solver:
    if not isinstance(chosen, str):
        return chosen
    solver = open_solver(chosen)
    if not dataclasses.is_dataclass(solver) or isinstance(solver, type):
        return solver
    takes = {field.name for field in dataclasses.fields(solver)}
    over = {"shots": study.shots, "preamble": study.preamble}
    made: Solver = replace(solver, **{k: v for k, v in over.items() if k in takes})
    return made


def names_of(study: Study) -> tuple[list[str], list[str]]:
    """The names of a study's models and of its strategies, as its records hold them."""
    models = [model if isinstance(model, str) else model.spec.name for model in study.models]
    return models, [solver.name for solver in solvers_of(study)]
