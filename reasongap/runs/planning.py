"""A study foreseen without asking anybody: its compositions, and what its calls will take."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from reasongap.domain import Composition
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.models.litellm_model import count_tokens, price_of
from reasongap.problems import check_controls
from reasongap.runs.approval import check_budget
from reasongap.runs.beginning import make_folder
from reasongap.runs.cache import ReplyCache
from reasongap.runs.cached_model import CachedModel
from reasongap.runs.calling import Places
from reasongap.runs.compositions import compositions_of, settings_of
from reasongap.runs.engines.seam import Opened
from reasongap.runs.events import Emit, silent
from reasongap.runs.folder import joined
from reasongap.runs.journal import read_outcomes
from reasongap.runs.lengths import Lengths
from reasongap.runs.manifest import read_manifest
from reasongap.runs.opening import sandbox_of, solvers_of, spec_of
from reasongap.runs.plan import Plan, forecasts
from reasongap.runs.study import Study
from reasongap.runs.tasks import Tasks


@dataclass(frozen=True)
class Foreseen:
    """What a study will ask, of whom, and what that takes."""

    models: tuple[str, ...]
    strategies: tuple[str, ...]
    compositions: Sequence[Composition]
    plan: Plan


async def foresee(study: Study, places: Places, lengths: Lengths, emit: Emit = silent) -> Foreseen:
    """The plan of a study whose models have names; answers in the places' folder are done.

    No model is opened and no weights are pulled. What the run would refuse before its first
    call is refused here too, but for what this machine lacks.
    """
    solvers = solvers_of(study)
    specs = [_spec(study, places.folder, name) for name in study.models if isinstance(name, str)]
    prices = {spec.name: price_of(spec) for spec in specs}
    check_budget(study, prices)
    if places.folder.exists():
        make_folder(places.folder)
    sandbox = sandbox_of(study)
    try:
        compositions = await compositions_of(study, places.data, sandbox.run, emit)
        check_controls(compositions, study.controls)
        unopened = [ScriptedModel((), spec) for spec in specs]
        joined(study, places.folder, compositions, solvers, Opened("", unopened, sandbox))
    finally:
        await sandbox.aclose()
    known = read_outcomes(places.folder)
    rows = []
    with closing(ReplyCache(places.cache)) as cache:
        for spec in specs:
            repeats = [
                CachedModel(ScriptedModel((), spec), cache, repeat, places.read_cache)
                for repeat in range(study.repeats)
            ]
            part = Tasks(repeats, compositions, settings_of(study), solvers, known)
            rows += await forecasts(part, prices[spec.name], count_tokens, lengths)
    return Foreseen(
        tuple(spec.name for spec in specs),
        tuple(solver.name for solver in solvers),
        compositions,
        Plan(tuple(rows)),
    )


def _spec(study: Study, folder: Path, name: str) -> ModelSpec:
    """How the study asks a model, with the hash of its weights where the folder knows it."""
    spec, manifest = spec_of(study, name), read_manifest(folder)
    if spec.weights is None and manifest and name in manifest.models:
        return replace(spec, weights=manifest.models[name].weights)
    return spec
