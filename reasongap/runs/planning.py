"""A study foreseen without asking anybody: its compositions, and what its calls will take."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from reasongap.domain import Composition
from reasongap.models import ScriptedModel
from reasongap.models.litellm_model import count_tokens, price_of
from reasongap.runs.cache import ReplyCache
from reasongap.runs.cached_model import CachedModel
from reasongap.runs.calling import Places
from reasongap.runs.compositions import compositions_of, settings_of
from reasongap.runs.journal import read_outcomes
from reasongap.runs.lengths import Lengths
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


async def foresee(study: Study, places: Places, lengths: Lengths) -> Foreseen:
    """The plan of a study whose models have names; answers in the places' folder are done.

    No model is opened and no weights are pulled. Raises what composing raises.
    """
    solvers = solvers_of(study)
    sandbox = sandbox_of(study)
    try:
        compositions = await compositions_of(study, places.data, sandbox.run)
    finally:
        await sandbox.aclose()
    known = read_outcomes(places.folder)
    rows = []
    specs = [spec_of(study, name) for name in study.models if isinstance(name, str)]
    with closing(ReplyCache(places.cache)) as cache:
        for spec in specs:
            unopened = ScriptedModel((), spec)
            repeats = [
                CachedModel(unopened, cache, repeat, places.read_cache)
                for repeat in range(study.repeats)
            ]
            part = Tasks(repeats, compositions, settings_of(study), solvers, known)
            rows += await forecasts(part, price_of(spec), count_tokens, lengths)
    return Foreseen(
        tuple(spec.name for spec in specs),
        tuple(solver.name for solver in solvers),
        compositions,
        Plan(tuple(rows)),
    )
