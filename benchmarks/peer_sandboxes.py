"""GSM-Hard's programs through our sandboxes and through what people use today.

    python -m benchmarks.peer_sandboxes [--rounds 10] [--only NAME…]

takes the folder that REASONGAP_DATA names and the peers of `python -m benchmarks.peers install`.
Every way gets a block of programs, one after the other, then the next way has its turn, so that
what a way does between programs slows itself and no other. The floor is a warm process that
forks, lets the child `exec` the program, and waits. Then all over with two lanes, for programs a
second. Answers are held against Python's own.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.numbers import ratio_in_turn, rounded, spread
from benchmarks.peers.driver import Block, Driver, Unavailable, Way
from benchmarks.peers.environments import versions
from benchmarks.peers.image import peers_image
from benchmarks.peers.names import IMAGE
from benchmarks.saved import accept_place, begun, save
from reasongap.errors import SandboxUnavailable
from reasongap.sandbox.containers.engine import Engine
from reasongap.sandbox.containers.image import build_from_host

NOTHING, PROCESS, CONTAINER = "nothing", "a process", "a container"
FLOOR, TRUTH = "fork, exec(), wait", "exec() in one process"
WAYS = (
    Way(TRUTH, "", "floor", "exec", NOTHING),
    Way(FLOOR, "", "floor", "fork", PROCESS),
    Way("python -I", "", "floor", "python", PROCESS, 10),
    Way("reasongap kernel layers, no policy", "", "ours", "kernel", "kernel layers"),
    Way("reasongap restricted", "", "ours", "restricted", "kernel layers and policy"),
    Way("reasongap docker", "", "ours", "docker", CONTAINER),
    Way("reasongap docker-restricted", "", "ours", "docker-restricted", "a container and policy"),
    Way("monty, worker kept", "pydantic-monty", "with_monty", "kept", "own interpreter"),
    Way("monty, new worker", "pydantic-monty", "with_monty", "new", "own interpreter"),
    Way("Inspect AI local", "inspect-ai", "with_inspect", "local", NOTHING, 10),
    Way("Inspect AI docker", "inspect-ai", "with_inspect", "docker", CONTAINER, 4),
    Way(
        "smolagents local", "smolagents", "with_smolagents", "local", "own interpreter, one process"
    ),
    Way(
        "smolagents docker", "smolagents", "with_smolagents", "docker", "one container for all", 10
    ),
    Way("llm-sandbox, one session", "llm-sandbox", "with_llm_sandbox", "kept", "one container", 4),
    Way("llm-sandbox, pool", "llm-sandbox", "with_llm_sandbox", "pool", "one container", 4),
    Way("llm-sandbox, as it comes", "llm-sandbox", "with_llm_sandbox", "fresh", CONTAINER, 1, 2),
    Way("llm-sandbox, with an init", "llm-sandbox", "with_llm_sandbox", "fresh-init", CONTAINER, 2),
    Way("docker exec", "", "with_docker", "exec", "one container", 4),
    Way("docker run", "", "with_docker", "run", CONTAINER, 2),
)
BUSY = 5
"""A block is so many times as long when every lane is to be kept busy."""


@dataclass
class Turns:
    """What a way did in all its turns."""

    way: Way
    ready: float = 0.0
    blocks: list[Block] = field(default_factory=list)
    unavailable: str | None = None

    def take(self, driver: Driver, programs: Sequence[str]) -> None:
        """Take a turn, unless this way has had all of its turns or has given up."""
        if self.unavailable or len(self.blocks) == self.way.turns:
            return
        try:
            self.blocks.append(driver.run(programs))
        except (Unavailable, OSError) as error:
            self.unavailable = str(error)


def in_turn(ways: Iterable[Way], lanes: int, rounds: int, programs: Sequence[str]) -> list[Turns]:
    """Let every way run the same programs in every round; the first block is not counted."""
    found: list[Turns] = []
    with ExitStack() as stack:
        drivers: list[tuple[Turns, Driver]] = []
        for way in ways:
            turns = Turns(way)
            found.append(turns)
            print(f"opening {way.name}, lanes: {lanes}", file=sys.stderr, flush=True)
            try:
                driver = stack.enter_context(Driver(way, lanes))
                driver.run(programs[: min(way.block, 10)])
            except Unavailable as error:
                turns.unavailable = str(error)
                continue
            turns.ready = driver.ready
            drivers.append((turns, driver))
        for place in range(rounds):
            start = 97 * place % (len(programs) // 2)
            for turns, driver in drivers:
                turns.take(driver, programs[start : start + turns.way.block])
    return found


def row_of(alone: Turns, together: Turns, floor: Turns, truth: Turns) -> dict[str, object]:
    """A row of the table; times in milliseconds."""
    way, why = alone.way, alone.unavailable or together.unavailable
    head: dict[str, object] = {"name": way.name, "isolates": way.isolates}
    if why is not None or not alone.blocks:
        return head | {"unavailable": why or "took no turn"}
    seconds = [each for block in alone.blocks for each in block.seconds]
    medians = [statistics.median(block.seconds) for block in alone.blocks]
    floors = [statistics.median(block.seconds) for block in floor.blocks]
    rates = [len(block.seconds) / block.wall for block in together.blocks]
    return head | {
        "programs": len(seconds),
        **spread(seconds, 1e-3),
        "times_floor": ratio_in_turn(medians, floors) if floors else None,
        "rate_alone": rounded(len(seconds) / sum(block.wall for block in alone.blocks)),
        "rate_two": rounded(statistics.median(rates)),
        "ready": rounded(alone.ready),
        "right": rounded(right(alone, truth)),
    }


def right(turns: Turns, truth: Turns) -> float:
    """The share of answers that are the numbers that Python itself gives."""
    shares = [
        same(answer, known)
        for block, true in zip(turns.blocks, truth.blocks, strict=False)
        for answer, known in zip(block.answers, true.answers, strict=False)
    ]
    return sum(shares) / len(shares) if shares else math.nan


def same(answer: str, known: str) -> bool:
    """Whether two texts are the same number."""
    try:
        return math.isclose(float(answer), float(known), rel_tol=1e-9)
    except ValueError:
        return answer == known


def busier(way: Way) -> Way:
    """The way with blocks long enough for several lanes."""
    return replace(way, block=way.block * BUSY if way.turns is None else 2)


def images() -> str | None:
    """Build what containers need; why that cannot be, None where it can."""
    try:
        engine = Engine.connect()
        try:
            build_from_host(engine, (), print)
        finally:
            engine.close()
        peers_image()
    except SandboxUnavailable as error:
        return str(error)
    return None


def clear_up() -> None:
    """Remove the containers that peers leave behind."""
    listed = ["docker", "ps", "--all", "--quiet", "--filter", f"ancestor={IMAGE}"]
    left = subprocess.run(listed, capture_output=True, text=True, check=False).stdout.split()
    if left:
        subprocess.run(["docker", "rm", "--force", *left], capture_output=True, check=False)


def docker_version() -> str:
    """The engine's version."""
    ask = ["docker", "version", "--format", "{{.Server.Version}}"]
    return subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peer_sandboxes")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument(
        "--only", nargs="+", default=[""], metavar="NAME", help="parts of names; nothing is saved"
    )
    accept_place(parser)
    asked = parser.parse_args()
    path = Path(os.environ["REASONGAP_DATA"]) / "gsm_hard" / "gsmhardv2.jsonl"
    programs = [json.loads(line)["code"] for line in path.open(encoding="utf-8")]
    without = images()
    if without:
        print(f"Without containers: {without}")
    names = [*asked.only, TRUTH, FLOOR]
    ways = [way for way in WAYS if any(name in way.name for name in names)]
    measurement = begun("peer_sandboxes", versions() | {"docker": docker_version()})
    try:
        alone = in_turn(ways, 1, asked.rounds, programs)
        together = in_turn(map(busier, ways), 2, max(2, asked.rounds // 3), programs)
    finally:
        clear_up()
    by_name: defaultdict[str, Turns] = defaultdict(lambda: Turns(WAYS[0]))
    by_name.update({turns.way.name: turns for turns in alone})
    floor, truth = by_name[FLOOR], by_name[TRUTH]
    rows = [row_of(one, two, floor, truth) for one, two in zip(alone, together, strict=True)]
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))
    if asked.only != [""]:
        return
    print(save("peer_sandboxes", replace(measurement, rows=rows), asked.into))


if __name__ == "__main__":
    main()
