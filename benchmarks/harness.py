"""What asking through reasongap costs, against a bare loop over `litellm.acompletion`.

    python -m benchmarks.harness [compositions] [rounds]

Both ask the same questions of the same server, which runs in a process of its own, and take
turns; the bare loop collects garbage as Python does by itself. reasongap's side is all of a run,
from the study to the folder: compositions, cache, pace, retries, grading, records. Milliseconds
are of this process's processor time, a question. The last line asks a `ScriptedModel`: what is
left is reasongap's own share.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio

from reasongap.domain import Composition, Request
from reasongap.models import Model, ModelSpec, ScriptedModel
from reasongap.problems import questions
from reasongap.prompts import load_prompt
from reasongap.runs.calling import Places
from reasongap.runs.compositions import compositions_of, settings_of
from reasongap.runs.conduct import conduct
from reasongap.runs.events import silent
from reasongap.runs.journal import Journal
from reasongap.runs.opening import sandbox_of
from reasongap.runs.study import Study, make_study
from reasongap.testing import ServerProcess

CONNECTIONS = 64
REPLY = "3 + 4 = 7\nAnswer to Q1: 7\n7 * 5 = 35\nFinal answer: 35"
MODEL = "openai/gpt-4o-mini"


@dataclass(frozen=True)
class Cost:
    """What a run took: milliseconds of the processor a question, and questions a second."""

    cpu: float
    rate: float


async def measured(work: Callable[[], Awaitable[object]], asked: int) -> Cost:
    cpu, wall = time.process_time(), time.perf_counter()
    await work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Cost(1000 * cpu / asked, asked / wall)


def study_of(n: int, model: str | Model, url: str | None) -> Study:
    return make_study(
        models=(model,), strategies=("cot",), n=n, api_base=url, connections=CONNECTIONS
    )


async def run(study: Study, compositions: list[Composition]) -> Cost:
    """What all of a run takes, in a folder and a cache of its own."""
    asked = len(compositions) * len(settings_of(study))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "run"
        places = Places(folder, Path(place) / "cache.sqlite")
        cost = await measured(lambda: conduct(study, places, silent, compositions), asked)
        with Journal(folder) as journal:
            assert len(journal.outcomes) == asked, "a question has no record"
    return cost


def requests_of(study: Study, compositions: list[Composition]) -> Iterator[Request]:
    """What the run asks, in its order."""
    prompt = load_prompt("cot")
    for composition in compositions:
        for question in questions(composition, settings_of(study), compositions):
            yield prompt.request(question, form="chat", shots=0, preamble=True)


async def bare(study: Study, compositions: list[Composition]) -> None:
    """The same questions in the least that LiteLLM takes."""
    import litellm

    waiting = requests_of(study, compositions)

    async def worker() -> None:
        for request in waiting:
            messages: list[Any] = [{"role": m.role, "content": m.content} for m in request.messages]
            await litellm.acompletion(
                model=MODEL,
                messages=messages,
                api_base=study.api_base,
                api_key="none",
                temperature=0.0,
                max_tokens=1024,
                seed=0,
                timeout=600,
                num_retries=0,
                max_retries=0,
            )

    async with anyio.create_task_group() as group:
        for _ in range(CONNECTIONS):
            group.start_soon(worker)


async def against_litellm(n: int, rounds: int, latency: float) -> None:
    """Print a row of the table: both sides in turn, the best of each, and their ratios."""
    with ServerProcess("--latency", latency) as server:
        study = study_of(n, MODEL, server.url)
        sandbox = sandbox_of(study)
        compositions = list(await compositions_of(study, None, sandbox.run))
        await sandbox.aclose()
        asked = len(compositions) * len(settings_of(study))
        few = compositions[:8]
        await run(study_of(8, MODEL, server.url), few)
        await bare(study, few)
        ours, theirs = [], []
        for _ in range(rounds):
            gc.unfreeze()
            theirs.append(await measured(lambda: bare(study, compositions), asked))
            gc.freeze()
            ours.append(await run(study, compositions))
    base, mine = best(theirs), best(ours)
    print(
        f"| {1000 * latency:.0f} ms | {base.cpu:.2f} | {mine.cpu:.2f} | {mine.cpu / base.cpu:.2f} "
        f"| {base.rate:.0f} | {mine.rate:.0f} | {mine.rate / base.rate:.2f} |"
    )


def best(costs: list[Cost]) -> Cost:
    """The least that was measured: whatever else the machine does only adds to it."""
    return Cost(min(cost.cpu for cost in costs), max(cost.rate for cost in costs))


async def own_share(n: int, rounds: int) -> None:
    """Print what a question takes when the model answers at once."""
    model = ScriptedModel(lambda request: REPLY, ModelSpec("scripted"))
    study = study_of(n, model, None)
    sandbox = sandbox_of(study)
    compositions = list(await compositions_of(study, None, sandbox.run))
    await sandbox.aclose()
    asked = len(compositions) * len(settings_of(study))
    costs = [await run(study, compositions) for _ in range(rounds)]
    print(f"own share, ScriptedModel: {best(costs).cpu:.2f} ms a question ({asked} questions)")


async def main(n: int, rounds: int) -> None:
    print("| latency | litellm, ms | reasongap, ms | × | litellm, 1/s | reasongap, 1/s | × |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    for latency in (0.0, 0.2):
        await against_litellm(n, rounds, latency)
    await own_share(n, rounds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.harness")
    parser.add_argument("compositions", type=int, nargs="?", default=667)
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    given = parser.parse_args()
    anyio.run(main, given.compositions, given.rounds)
