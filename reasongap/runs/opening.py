"""From the names in a study to the things themselves: sandbox, models, strategies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reasongap.domain import Execution, Program
from reasongap.errors import ReasongapError, SandboxUnavailable, UsageError
from reasongap.models import Model, ModelSpec, open_model, spec_for
from reasongap.models.hf.engine import Engine as Checkpoints
from reasongap.prompts import read_folder
from reasongap.runs.events import Emit, Fetched
from reasongap.runs.limited_sandbox import LimitedSandbox
from reasongap.runs.study import Study, check_apart
from reasongap.sandbox import demand_layers, open_sandbox
from reasongap.solvers import PromptChoice, Solver, chosen_for, open_solver, sweep

PATIENCE = 600.0
"""Seconds that a server may say nothing, where the study's deadline for a call is not longer."""
STUDY_WIDE = (
    *("temperature", "max_tokens", "api_base", "form", "dtype"),
    *("system", "turns", "reasoning_effort"),
)
"""Settings of a model that a study may set for all of them."""


def sandbox_of(study: Study) -> LimitedSandbox:
    """The study's sandbox under the study's limits.

    Raises `UsageError` for packages to allow in a sandbox that takes none.
    """
    named = study.sandbox
    if not isinstance(named, str):
        if study.allow_import:
            raise UsageError(
                f"allow_import={', '.join(study.allow_import)}: goes with a sandbox's name; "
                f"{named.name!r} is open already. Give it the packages when you make it"
            )
        return LimitedSandbox(named, study.limits, study.require_isolation)
    settings = {"allow_import": study.allow_import} if study.allow_import else {}
    sandbox = open_sandbox(named, **settings)
    isolated, allowed = study.require_isolation, study.allow_import
    return LimitedSandbox(sandbox, study.limits, isolated, named, allowed)


async def check(sandbox: LimitedSandbox) -> None:
    """Run one known program, before anything is paid for. Raises `SandboxUnavailable`."""
    try:
        execution: object = await sandbox.run(Program("def solution():\n    return 6 * 7\n"))
    except ReasongapError:
        raise
    except Exception as error:
        why = f"failed on a one-line program: {type(error).__name__}: {error}"
        raise SandboxUnavailable(f"the sandbox {sandbox.name!r} {why}") from error
    if not isinstance(execution, Execution):
        why = f"returned {execution!r:.80}, which is no Execution"
        raise SandboxUnavailable(f"the sandbox {sandbox.name!r} {why}")
    if execution.value != "42":
        raise SandboxUnavailable(
            f"the sandbox {sandbox.name!r} does not run a one-line program "
            f"({execution.status}: {execution.error}). Try a program by hand: reasongap exec FILE"
        )
    if sandbox.isolated:
        demand_layers(sandbox.sandbox)


def models_of(study: Study, emit: Emit) -> list[Model]:
    """The study's models, each with its settings: its own table first, then the study's.

    Weights that are not here are pulled, and `emit` is told.
    """
    checkpoints = Checkpoints()
    return [model_of(study, chosen, emit, checkpoints) for chosen in study.models]


def model_of(study: Study, chosen: str | Model, emit: Emit, checkpoints: Checkpoints) -> Model:
    """One of the study's models, as `models_of` opens it."""
    if not isinstance(chosen, str):
        return chosen
    return open_model(
        spec_of(study, chosen),
        timeout=max(PATIENCE, study.deadline),
        progress=lambda done, total: emit(Fetched(chosen, done, total)),
        checkpoints=checkpoints,
    )


def spec_of(study: Study, chosen: str) -> ModelSpec:
    """How the study asks a model that it names: its own table first, then the study's."""
    spec = spec_for(chosen, study.model)
    own = study.model.get(chosen, {})
    wide = {name: getattr(study, name) for name in STUDY_WIDE}
    over = {n: value for n, value in wide.items() if value is not None and n not in own}
    spec = replace(spec, **over)
    return replace(spec, seed=study.seed) if spec.seed is None else spec


def solvers_of(study: Study) -> list[Solver]:
    """The study's strategies, each with the study's choice of prompts, and its variants.

    Raises what an unknown name, wording or set of exemplars raises, what a prompt folder
    does, and `UsageError` for two of one name.
    """
    own = read_folder(study.prompt_folder) if study.prompt_folder else ()
    choice = PromptChoice(
        shots=study.shots,
        preamble=study.preamble,
        prompt=study.prompt,
        exemplars=study.exemplars,
        own=own,
    )
    solvers = [
        variant
        for chosen in study.strategies
        for variant in _variants(
            study, open_solver(chosen) if isinstance(chosen, str) else chosen, choice
        )
    ]
    check_apart("strategies", [solver.name for solver in solvers])
    return solvers


def _variants(study: Study, solver: Solver, choice: PromptChoice) -> Sequence[Solver]:
    solver = chosen_for(solver, choice)
    return sweep(solver, study.prompts, choice.own) if study.prompts else (solver,)


def names_of(study: Study) -> tuple[list[str], list[str]]:
    """The names of a study's models and of its strategies, as its records hold them."""
    return list(study.model_names), [solver.name for solver in solvers_of(study)]
