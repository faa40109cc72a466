"""How a run grows: one worker against two, and memory from a thousand compositions to a million.

    python -m benchmarks.scaling [--compositions 500] [--rounds 3]     about 12 minutes
    python -m benchmarks.scaling --page                                the page alone, at once

Writes benchmarks/results/scaling.json and docs/scaling.md. Every sitting has a process of its
own; the engines take turns, and so noise falls on all of them.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Any

import anyio

from benchmarks.saved import Row, begun, load, save
from benchmarks.scaling_page import render
from reasongap.domain import Composition, Hop
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.problems import default_settings
from reasongap.runs.calling import Places
from reasongap.runs.compositions import composing
from reasongap.runs.conduct import conduct
from reasongap.runs.engines import HERE, Engine
from reasongap.runs.engines.ray_engine import RayEngine
from reasongap.runs.events import Answered, Event, Planned
from reasongap.runs.outcomes import Outcomes
from reasongap.runs.stored import store
from reasongap.runs.study import make_study
from reasongap.runs.tasks import Tasks
from reasongap.solvers import ChainOfThought
from reasongap.testing import ServerProcess

PAGE = Path(__file__).parents[1] / "docs" / "scaling.md"
ENGINES: dict[str, Engine] = {
    "local": HERE,
    "ray, 1 worker": RayEngine(most=1),
    "ray, 2 workers": RayEngine(most=2),
}
STRATEGIES = ("cot", "pot")
SIZES = (1_000, 10_000, 100_000, 1_000_000)
MINTED = 10_000
"""The largest size for which problems are minted and paired."""
CONNECTIONS = 128
LATENCY = 0.2
WARM = 0.4
"""Share of the answers before which nothing counts: imports, and the growth of the pace."""


def used(*names: str) -> float:
    """Seconds of the processor that this session's processes with such names took."""
    seconds, tick, session = 0.0, os.sysconf("SC_CLK_TCK"), str(os.getsid(0))
    for process in Path("/proc").glob("[0-9]*"):
        try:
            title = (process / "cmdline").read_bytes().decode("utf-8", "replace")
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[3] == session and any(name in title for name in names):
            seconds += (int(fields[11]) + int(fields[12])) / tick
    return seconds


def sit(engine: Engine, strategy: str, n: int) -> Row:
    """Questions a second of a warm run, and milliseconds of each part's processor a question."""
    total = n * len(default_settings())
    moments: list[tuple[float, float, float, float]] = []
    answered = 0

    def look() -> None:
        own = time.process_time()
        moments.append(
            (time.perf_counter(), own, used("ray::Worker"), used("raylet", "gcs_server"))
        )

    def emit(event: Event) -> None:
        nonlocal answered
        if isinstance(event, Answered):
            answered += 1
            if answered in (int(WARM * total), total - CONNECTIONS):
                look()

    with tempfile.TemporaryDirectory() as place, ServerProcess("--latency", LATENCY) as server:
        study = make_study(
            models=("openai/served",),
            strategies=(strategy,),
            n=n,
            api_base=server.url,
            connections=CONNECTIONS,
        )
        places = Places(Path(place) / "run", Path(place) / "replies.sqlite")
        anyio.run(lambda: conduct(study, places, emit, engine=engine))
    first, last = moments
    questions = total - CONNECTIONS - int(WARM * total)
    wall, *parts = (after - before for before, after in zip(first, last, strict=True))
    named = zip(("driver", "workers", "ray"), parts, strict=True)
    return {"rate": questions / wall} | {name: 1000 * took / questions for name, took in named}


def hold(n: int, minted: bool) -> Row:
    """Seconds and peak memory of storing compositions, and of making and settling every task."""
    began = time.process_time()

    async def work(folder: Path) -> None:
        study = make_study(models=("openai/none",), n=n)
        made = composing(study, None, None) if minted else plain(n)
        stored = await store(folder / "chains.jsonl", made)
        known, model = Outcomes(), ScriptedModel(())
        part = Tasks([model], stored, default_settings(), [ChainOfThought()], known)
        for task in part:
            known.note(task.key, "correct")
        assert part.settled == part.total == 3 * n

    with tempfile.TemporaryDirectory() as place:
        anyio.run(work, Path(place))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = time.process_time() - began
    return {"compositions": n, "minted": minted, "seconds": seconds, "megabytes": peak}


def plain(n: int) -> Iterator[Composition]:
    """Chains of two sums: made at once, where pairing minted problems takes milliseconds."""
    tale = "Ann has {0} pens in each of her boxes and buys some more. What is {1} plus {2}?"
    for i in range(n):
        first = Hop(tale.format(i, i, 7), Fraction(i + 7), f"a{i}")
        source = (tale.format(i, 3, 5), Fraction(8), "3")
        second = Hop(tale.format(i, "X", 5), Fraction(i + 12), f"b{i}", *source)
        yield Composition(f"item{i}", f"block{i}", (first, second))


def messages(n: int = 4000, at_once: int = 16) -> Row:
    """Milliseconds of the driver: a message to a worker with its receipt, and a question of ours.

    The question is asked of a model that answers at once, so that all the rest is in it.
    """
    import ray

    class Echo:
        async def hear(self, word: str) -> str:
            return word

    async def talk(actor: Any) -> None:
        for _ in range(n // at_once):
            await actor.hear.remote("word")

    async def all_talk(actor: Any) -> float:
        await actor.hear.remote("word")
        began = time.process_time()
        async with anyio.create_task_group() as group:
            for _ in range(at_once):
                group.start_soon(talk, actor)
        return 1000 * (time.process_time() - began) / n

    ray.init("local", num_cpus=1, log_to_driver=False, logging_level=logging.ERROR)
    message = anyio.run(all_talk, ray.remote(Echo).remote())
    ray.shutdown()
    model = ScriptedModel(lambda _: "First I add.\nFinal answer: 12", ModelSpec("scripted"))
    study = make_study(models=(model,), strategies=("cot",), n=1000)
    moments: list[float] = []

    def emit(event: Event) -> None:
        if isinstance(event, (Planned, Answered)):
            moments.append(time.process_time())

    with tempfile.TemporaryDirectory() as place:
        anyio.run(conduct, study, Places(Path(place) / "run", Path(place) / "replies.sqlite"), emit)
    return {"message": message, "own": 1000 * (moments[-1] - moments[0]) / (len(moments) - 1)}


def in_own_process(*words: object) -> dict[str, object]:
    """The row that a sitting of this command prints."""
    command = [sys.executable, "-m", "benchmarks.scaling", *map(str, words)]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, start_new_session=True
    )
    row: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return row


def measured(n: int, rounds: int, sizes: Sequence[int]) -> list[Row]:
    """Every row: the engines in turn, `rounds` times, and then the sizes."""
    rows: list[Row] = []
    for strategy in STRATEGIES:
        for turn in range(rounds):
            for engine in ENGINES:
                told = in_own_process("--sit", engine, strategy, n)
                rows.append({"engine": engine, "strategy": strategy, "turn": turn, **told})
                print(json.dumps(rows[-1]), file=sys.stderr)
    rows.append(in_own_process("--messages"))
    for size in sizes:
        for minted in (True, False) if size <= MINTED else (False,):
            rows.append(in_own_process("--hold", size, int(minted)))
            print(json.dumps(rows[-1]), file=sys.stderr)
    return rows


def main() -> None:
    """Measure and write, or do the part that a process of its own is for."""
    match sys.argv[1:]:
        case ["--sit", engine, strategy, n]:
            print(json.dumps(sit(ENGINES[engine], strategy, int(n))))
            return
        case ["--messages"]:
            print(json.dumps(messages()))
            return
        case ["--hold", n, minted]:
            print(json.dumps(hold(int(n), minted == "1")))
            return
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling")
    parser.add_argument("--compositions", type=int, default=500, help="of a sitting")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="compositions in memory")
    parser.add_argument("--page", action="store_true", help="measure nothing")
    given = parser.parse_args()
    if not given.page:
        begin = begun("scaling", {name: version(name) for name in ("ray", "litellm")})
        sizes = [size for size in SIZES if size <= given.largest]
        save("scaling", replace(begin, rows=measured(given.compositions, given.rounds, sizes)))
    taken = load("scaling")
    assert taken is not None, "nothing was measured yet"
    PAGE.write_text(render(taken), encoding="utf-8")


if __name__ == "__main__":
    main()
