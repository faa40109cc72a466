"""A run that is killed again and again: `python -m tests.runs.sittings URL FOLDER KILLS SEED`.

Everything is imported once; each sitting is a fork that works on the folder until it is killed
at a random moment, and the last one until the run is finished. Prints the number of kills that
hit a sitting alive. The model is asked over HTTP, and the programs that it writes (the test
server's own, harmless ones) are run in place.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

import anyio

from reasongap.domain import Completion, Execution, Program, Request
from reasongap.errors import RateLimited, Transient
from reasongap.models import ModelSpec
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.events import Answered, Emit, Event, silent
from reasongap.runs.study import make_study
from reasongap.sandbox import Limits
from tests.runs.studies import compositions_file

CONNECTIONS = 8
COMPOSITIONS = 200
"""Two strategies on three settings of each: 1,200 questions."""
MOST_ANSWERS, LONGEST = 12, 0.05
"""Answers, and then seconds, that a sitting is left alive for: at most."""
OVERTIME = 12
"""Answers after those at which a sitting waits for a kill that is late: work is left for all."""


def body_of(request: Request) -> dict[str, Any]:
    """What is posted."""
    messages = [{"role": turn.role, "content": turn.content} for turn in request.messages]
    return {"model": "served", "messages": messages}


class OverHttp:
    """A model on the test server."""

    def __init__(self, url: str) -> None:
        self.spec = ModelSpec("test/served", price=(0.0, 0.0))
        self._host, self._port = url.removeprefix("http://").removesuffix("/v1").split(":")

    async def complete(self, request: Request) -> Completion:
        request = self.spec.fill(request)
        try:
            status, body = await self._post(json.dumps(body_of(request)).encode())
            if status == 429:
                raise RateLimited(self.spec.name, "429", 0.01)
            text = json.loads(body)["choices"][0]["message"]["content"]
        except (OSError, EOFError, ValueError, LookupError) as error:
            raise Transient(self.spec.name, f"{type(error).__name__}: {error}") from error
        return Completion(request, text, cost=0.0, model="served")

    async def _post(self, body: bytes) -> tuple[int, bytes]:
        """Status and body: a few lines, for a real client takes longer than the kills leave it."""
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            head = f"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            status, *fields = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            length = next(field for field in fields if field.lower().startswith("content-length"))
            return int(status.split()[1]), await reader.readexactly(int(length.split(":")[1]))
        finally:
            writer.close()

    async def aclose(self) -> None:
        pass


class InPlace:
    """A sandbox that is none."""

    name = "in place"

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        names: dict[str, object] = {}
        exec(program.source, names)
        value, *hops = (names[name]() for name in (program.entry_point, *program.hop_functions))  # type: ignore[operator]
        return Execution("ok", str(value), "solution", tuple(map(str, hops)))

    def layers(self) -> tuple[str, ...]:
        return ()

    async def aclose(self) -> None:
        pass


def sit(url: str, folder: Path, emit: Emit = silent) -> None:
    """Work on the run until it is finished."""
    source = folder.parent / "chains.jsonl"
    if not source.exists():
        compositions_file(folder.parent, COMPOSITIONS)

    async def work() -> None:
        study = make_study(
            models=(OverHttp(url),),
            problems=str(source),
            sandbox=InPlace(),
            n=COMPOSITIONS,
            connections=CONNECTIONS,
        )
        await conduct(study, Places(folder, folder.parent / "cache" / "replies.sqlite"), emit)

    anyio.run(work)


def killed(answers: int, seconds: float, url: str, folder: Path) -> bool:
    """Kill a sitting so many answers and seconds after its start; whether it was alive then."""
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(told)
        left = answers + OVERTIME

        def emit(event: Event) -> None:
            nonlocal left
            if isinstance(event, Answered):
                os.write(tell, b".")
                left -= 1
                while left <= 0:
                    signal.pause()

        sit(url, folder, emit)
        os._exit(0)
    os.close(tell)
    while answers and (seen := os.read(told, answers)):
        answers -= len(seen)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.close(told)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"a sitting ended with status {status}")
    return os.WIFSIGNALED(status)


def main() -> None:
    url, folder, kills, seed = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    rng, hits = random.Random(seed), 0
    for _ in range(kills):
        hits += killed(rng.randrange(MOST_ANSWERS), rng.uniform(0, LONGEST), url, folder)
    sit(url, folder)
    print(hits)


if __name__ == "__main__":
    main()
