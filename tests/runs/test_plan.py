"""A plan foresees the calls, tokens and dollars that the run then takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Completion, Question, Request, Solution, Usage
from reasongap.models import Model, ModelSpec, ScriptedModel
from reasongap.models.scripted import request_text
from reasongap.problems import read_compositions
from reasongap.runs.cache import ReplyCache
from reasongap.runs.cached_model import CachedModel
from reasongap.runs.lengths import Lengths, Seen, lengths_of
from reasongap.runs.outcomes import Outcomes
from reasongap.runs.plan import MOST_CALLS, SAMPLE, Forecast, Plan, forecasts
from reasongap.runs.runner import answer
from reasongap.runs.tasks import Tasks
from reasongap.sandbox import FakeSandbox, Sandbox
from reasongap.solvers import ChainOfThought, Solver, open_solver
from tests.runs.studies import calculator, chain, compositions_file

SPEC = ModelSpec("paid", price=(1.0, 2.0), max_tokens=500)
PRICE = (1.0, 2.0)


def words(spec: ModelSpec, request: Request) -> int:
    return len(request_text(request).split())


def tasks(cache: ReplyCache, solvers: Sequence[Solver], n: int = 6, repeats: int = 1) -> Tasks:
    model = ScriptedModel(lambda request: Completion(request, calculator(request)), SPEC)
    models = [CachedModel(model, cache, repeat) for repeat in range(repeats)]
    return Tasks(models, [chain(i) for i in range(n)], ("hop1", "hop2", "composed"), solvers)


@pytest.fixture
def cache(tmp_path: Path) -> ReplyCache:
    return ReplyCache(tmp_path / "replies.sqlite")


def foresee(part: Tasks, lengths: Lengths | None = None) -> Forecast:
    (row,) = anyio.run(forecasts, part, PRICE, words, lengths or Lengths())
    return row


def test_it_counts_the_prompts_that_the_run_sends(cache: ReplyCache) -> None:
    part = tasks(cache, (ChainOfThought(),))
    row = foresee(part)
    script = part.repeats[0].model  # type: ignore[attr-defined]
    assert script.requests == [], "nobody is asked"
    for task in part:
        anyio.run(answer, task, FakeSandbox())
    assert row.calls == row.questions == row.tried == len(script.requests) == 18
    assert row.prompt_tokens == sum(words(SPEC, request) for request in script.requests)
    assert row.reply_tokens == 6 * (200 + 200 + 400)
    assert row.most_tokens == 18 * 500
    assert row.dollars == pytest.approx((row.prompt_tokens + 2 * row.reply_tokens) / 1e6)
    assert not row.piloted


def test_no_reply_is_foreseen_longer_than_its_limit(cache: ReplyCache) -> None:
    found = foresee(tasks(cache, [open_solver("direct")]))
    assert 0 < found.reply_tokens <= found.most_tokens


def test_what_the_cache_holds_is_not_paid(cache: ReplyCache) -> None:
    part = tasks(cache, (ChainOfThought(),), repeats=2)
    for task in list(part)[:7]:
        anyio.run(answer, task, FakeSandbox())
    row = foresee(part)
    assert (row.calls, row.cached) == (36 - 7, 7)


def test_answers_in_the_folder_are_done(cache: ReplyCache) -> None:
    part = tasks(cache, (ChainOfThought(),))
    first = next(iter(part)).key
    row = foresee(replace(part, known=Outcomes([(first, "correct")])))
    assert (row.answered, row.questions, row.calls) == (1, 17, 17)
    failed = foresee(replace(part, known=Outcomes([(first, "model_error")])))
    assert failed.calls == 18, "what the machinery failed at is asked again"


def test_a_pilot_tells_how_long_replies_are_and_how_many(cache: ReplyCache) -> None:
    seen = {("paid", "cot", "hop1"): Seen(2.0, 30.0), (None, "cot", "hop2"): Seen(1.0, 50.0)}
    row = foresee(tasks(cache, (ChainOfThought(),)), Lengths(seen))
    assert row.calls == 6 * (2 + 1 + 1)
    assert row.reply_tokens == 6 * (2 * 30 + 50 + 400)
    assert not row.piloted, "nobody saw a chain"


@dataclass(frozen=True)
class Thrice:
    """Asks three times, the later ones about the earlier."""

    name: str = "thrice"

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        text, replies = question.text, []
        for _ in range(3):
            replies.append(await model.complete(Request(prompt=text)))
            text = f"{text} {replies[-1].text}"
        return Solution(None, completions=tuple(replies))


@dataclass(frozen=True)
class Endless:
    """Never has enough."""

    name: str = "endless"

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        for sample in range(10**9):
            await model.complete(Request(prompt=question.text, sample=sample))
        return Solution(None)


@dataclass(frozen=True)
class Picky:
    """Cannot live with a reply that says nothing."""

    name: str = "picky"

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        reply = await model.complete(Request(prompt=question.text))
        raise ValueError(reply.text)


@pytest.mark.parametrize(
    ("solver", "calls"), [(Thrice(), 3), (Endless(), MOST_CALLS), (Picky(), 1)], ids=str
)
def test_a_strategy_s_calls_are_those_that_it_makes(
    cache: ReplyCache, solver: Solver, calls: int
) -> None:
    assert foresee(tasks(cache, (solver,), n=2)).calls == 6 * calls


def test_a_large_study_is_foreseen_from_a_part_of_it(cache: ReplyCache) -> None:
    n = 2 * SAMPLE + 50
    row = foresee(tasks(cache, (ChainOfThought(),), n=n))
    assert SAMPLE * 3 / 2 < row.tried <= SAMPLE * 3
    assert row.calls == row.questions == 3 * n
    assert row.reply_tokens == pytest.approx(n * 800, rel=0.02)


def test_an_unknown_price_is_never_nothing(cache: ReplyCache) -> None:
    part = tasks(cache, (ChainOfThought(),))
    (row,) = anyio.run(forecasts, part, None, words, Lengths())
    assert row.dollars is None
    assert row.most_dollars is None
    assert Plan((row,)).unpriced == ("paid",)


def test_lengths_are_those_of_the_records(tmp_path: Path, cache: ReplyCache) -> None:
    usage = Usage(10, 40)
    model = ScriptedModel(lambda request: Completion(request, "5", usage=usage), SPEC)
    compositions = read_compositions(compositions_file(tmp_path, 2))
    part = Tasks([model], compositions, ("hop1",), (Thrice(),))
    records = [anyio.run(answer, task, FakeSandbox()) for task in part]
    found = lengths_of(records)
    assert found.of("paid", "thrice", "hop1") == Seen(3.0, 40.0)
    assert found.of("other", "thrice", "hop1") == Seen(3.0, 40.0)
    assert found.of("paid", "thrice", "composed") is None
