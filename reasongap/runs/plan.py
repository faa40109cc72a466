"""What a study will take before it is run: calls, tokens, dollars, and what is known already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

import anyio.lowlevel

from reasongap.domain import Completion, Execution, Request
from reasongap.errors import Transient
from reasongap.models.seam import Model, ModelSpec
from reasongap.runs.budget import Price
from reasongap.runs.cache import cache_key
from reasongap.runs.cached_model import CachedModel, filled
from reasongap.runs.lengths import Lengths, assumed
from reasongap.runs.runner import Task
from reasongap.runs.tasks import Tasks
from reasongap.sandbox.seam import FakeSandbox

SAMPLE = 100
"""Questions a setting that are tried at most; of more, some are and the rest is in proportion."""
MOST_CALLS = 100
"""A strategy that asks more often about one question is not followed further."""
REPLY = "Final answer: 1\n```python\ndef solution():\n    return 1\n```"

Count = Callable[[ModelSpec, Request], int]
"""Tokens of a request's prompt."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What one model takes under one strategy, for the `questions` that lack an answer.

    `calls` are paid, `cached` are not. `reply_tokens` and `dollars` are what is expected,
    `most_tokens` and `most_dollars` what the limits on replies allow; dollars are None where
    the price is unknown. `tried` questions were looked at, and `piloted` says whether a pilot
    told how many replies there are and how long. `listed`: the price is the provider's list
    price, and another server is asked.
    """

    model: str
    strategy: str
    answered: int
    questions: int
    tried: int
    calls: int
    cached: int
    prompt_tokens: int
    reply_tokens: int
    most_tokens: int
    price: Price | None
    dollars: float | None
    most_dollars: float | None
    piloted: bool
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The forecasts of a study, a row a model and strategy."""

    forecasts: tuple[Forecast, ...] = ()

    @property
    def calls(self) -> int:
        """Calls that must be paid."""
        return sum(row.calls for row in self.forecasts)

    @property
    def dollars(self) -> float:
        """What they are expected to cost, as far as prices are known."""
        return sum(row.dollars or 0.0 for row in self.forecasts)

    @property
    def most_dollars(self) -> float:
        """The most that they may cost, as far as prices are known."""
        return sum(row.most_dollars or 0.0 for row in self.forecasts)

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Models that must be called and whose price is unknown."""
        names = (row.model for row in self.forecasts if row.calls and row.price is None)
        return tuple(dict.fromkeys(names))

    @property
    def listed(self) -> str:
        """A sentence, without its full stop, on prices that a server may not ask; "" for none."""
        names = dict.fromkeys(row.model for row in self.forecasts if row.calls and row.listed)
        if not names:
            return ""
        return (
            f"{', '.join(names)}: the provider's list price; where the server at --api-base is "
            "free, a study file says so (price = [0, 0])"
        )


async def forecasts(
    part: Tasks, price: Price | None, count: Count, lengths: Lengths
) -> list[Forecast]:
    """What the tasks of one model will take, a row a strategy.

    A strategy is tried against a model that says nothing of worth and a sandbox that runs
    nothing, but replies in the cache are the real ones. So the prompts are real, and the
    calls those of a strategy whose every reply holds an answer.
    """
    return [
        await _forecast(replace(part, solvers=(solver,)), price, count, lengths)
        for solver in part.solvers
    ]


async def _forecast(part: Tasks, price: Price | None, count: Count, lengths: Lengths) -> Forecast:
    (solver,), spec = part.solvers, part.repeats[0].spec
    questions = part.total - part.settled
    sums = _Sums()
    for task in _some(part, questions):
        model = _Dry.in_place_of(task.model)
        await _try(task, model)
        sums.add(task, model, count, lengths)
        await anyio.lowlevel.checkpoint()
    scale = questions / sums.tried if sums.tried else 0.0
    prompt, reply, most = (scale * tokens for tokens in (sums.prompt, sums.reply, sums.most))
    return Forecast(
        model=spec.name,
        strategy=solver.name,
        answered=part.settled,
        questions=questions,
        tried=sums.tried,
        calls=round(scale * sums.calls),
        cached=round(scale * sums.cached),
        prompt_tokens=round(prompt),
        reply_tokens=round(reply),
        most_tokens=round(most),
        price=price,
        dollars=cost(price, prompt, reply),
        most_dollars=cost(price, prompt, most),
        piloted=sums.piloted,
        listed=spec.api_base is not None and spec.price is None and any(price or ()),
    )


def cost(price: Price | None, prompt: float, reply: float) -> float | None:
    """Dollars for tokens of prompts and replies."""
    return None if price is None else (prompt * price[0] + reply * price[1]) / 1e6


def _some(part: Tasks, questions: int) -> Iterator[Task]:
    """The tasks to try, evenly spread: runs as long as there are settings hold one of each."""
    run = len(part.settings)
    step = max(1, -(-questions // (SAMPLE * run)))
    return part.some(lambda place: place // run % step == 0)


@dataclass
class _Sums:
    """What the tasks tried so far take together; tokens are those of paid calls."""

    tried: int = 0
    calls: float = 0.0
    cached: int = 0
    prompt: float = 0.0
    reply: float = 0.0
    most: float = 0.0
    piloted: bool = True

    def add(self, task: Task, model: _Dry, count: Count, lengths: Lengths) -> None:
        self.tried += 1
        self.cached += model.known
        if not model.fresh:
            return
        seen = lengths.of(task.key.model, task.key.strategy, task.key.setting)
        asked = len(model.fresh)
        calls = asked if seen is None else max(seen.replies - model.known, 0.0)
        tokens = (
            assumed(model.spec, task.key.strategy, task.question) if seen is None else seen.tokens
        )
        limits = [request.max_tokens or tokens for request in model.fresh]
        self.piloted = self.piloted and seen is not None
        self.calls += calls
        self.prompt += calls * sum(count(model.spec, request) for request in model.fresh) / asked
        self.reply += calls * sum(min(tokens, limit) for limit in limits) / asked
        self.most += calls * sum(request.max_tokens or 0 for request in model.fresh) / asked


async def _try(task: Task, model: _Dry) -> None:
    """Let a strategy ask; where it cannot live with what it gets, what it asked so far counts."""
    nothing = FakeSandbox(default=Execution("ok", value="1", value_from="solution"))
    with suppress(Exception):
        await task.solver.solve(task.question, model, nothing)


@dataclass
class _Dry:
    """A model that is never asked: known replies are the cache's, all others say nothing."""

    model: CachedModel
    fresh: list[Request] = field(default_factory=list)
    known: int = 0

    @classmethod
    def in_place_of(cls, model: Model) -> _Dry:
        if not isinstance(model, CachedModel):
            raise TypeError(f"a task of a study asks through the cache, not {model!r}")
        return cls(model)

    @property
    def spec(self) -> ModelSpec:
        return self.model.spec

    async def complete(self, request: Request) -> Completion:
        repeat, of_run = self.model.repeat, not self.model.read
        request = filled(request, self.spec, repeat)
        reply = self.model.cache.get(cache_key(self.spec, request, repeat), of_run=of_run)
        if reply is not None:
            self.known += 1
            return reply
        if len(self.fresh) == MOST_CALLS:
            raise Transient(self.spec.name, f"{MOST_CALLS} calls for one question")
        self.fresh.append(request)
        return Completion(request, REPLY)

    async def aclose(self) -> None:
        """Nothing was opened."""
