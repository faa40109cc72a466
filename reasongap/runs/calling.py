"""What lies between a study's questions and its models: reply caches, pace, budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio.to_thread

from reasongap.models import Model
from reasongap.models.litellm_model import LiteLLMModel, price_of
from reasongap.runs.budget import Budget, BudgetedModel, Price
from reasongap.runs.cache import CutOff, ReplyCache
from reasongap.runs.cached_model import CachedModel
from reasongap.runs.deadline import TimedModel
from reasongap.runs.events import Emit, Paced
from reasongap.runs.pace import LOCAL, paces_of
from reasongap.runs.study import Study
from reasongap.runs.throttle import ThrottledModel

REPLIES = "replies.sqlite"
"""Where a run's folder holds the replies of model objects."""


@dataclass(frozen=True)
class Places:
    """Where a run reads and writes: its own folder, the reply cache, the local data.

    `read_cache` False takes no reply of another run; replies are kept all the same. The
    cache is for models that a name identifies; replies of a user's own model objects are
    kept in the run's folder, for nothing tells two such objects apart.
    """

    folder: Path
    cache: Path
    data: Path | None = None
    read_cache: bool = True


class Calling:
    """The models of a study as its questions call them. Close it in the end.

    A call looks into the cache first, waits for its turn at the endpoint, and is paid from
    the budget.
    """

    def __init__(
        self, study: Study, models: Sequence[Model], places: Places, run: str, emit: Emit
    ) -> None:
        self._models = models
        self._named = [isinstance(chosen, str) for chosen in study.models]
        self.prices: dict[str, Price | None] = {}
        self._budget = Budget(places.folder, emit, study.budget, study.max_output_tokens_total)
        self._paces = paces_of([model.spec for model in models], study.connections, emit)
        self._caches: dict[Path, ReplyCache] = {}
        self.models: list[list[CachedModel]] = []
        """By model, and for each repeat of the questions."""
        for chosen, model, pace in zip(study.models, models, self._paces, strict=True):
            path = places.cache if isinstance(chosen, str) else places.folder / REPLIES
            cache = self._caches.get(path) or self._caches.setdefault(path, ReplyCache(path, run))
            # In this process calls wait for one another, and each has its time for itself.
            share = pace.most if model.spec.name.startswith(LOCAL) else 1
            timed = TimedModel(model, study.deadline * share)
            paced = ThrottledModel(BudgetedModel(timed, self._budget, self.prices), pace)
            self.models.append(
                [CachedModel(paced, cache, i, places.read_cache) for i in range(study.repeats)]
            )

    async def learn_prices(self) -> None:
        """Fill `prices`; the provider library's table is asked for its own models alone."""
        for model, named in zip(self._models, self._named, strict=True):
            spec = model.spec
            asks = named or isinstance(model, LiteLLMModel)
            asks = asks and not spec.name.startswith(LOCAL)
            found = await anyio.to_thread.run_sync(price_of, spec) if asks else spec.price
            self.prices[spec.name] = found

    @property
    def history(self) -> list[Paced]:
        """How the endpoints' paces changed."""
        paces = {id(pace): pace for pace in self._paces}
        return [change for pace in paces.values() for change in pace.history]

    def cut_off(self) -> list[CutOff]:
        """The run's calls that were cut off."""
        return [call for cache in self._caches.values() for call in cache.calls_cut_off()]

    def close(self) -> None:
        """Close the budget and the caches."""
        self._budget.close()
        for cache in self._caches.values():
            cache.close()
