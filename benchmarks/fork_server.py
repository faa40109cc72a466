"""The floor: the least that a process of its own for each program can cost.

    python -m benchmarks.fork_server

A warm process with a worker's modules that forks, lets the child run Python's `exec()` on the
compiled program, takes its answer and waits for it. Each line of its input is a program as
JSON; each line that it prints is the answer and the seconds from before the fork to after the
wait, the compiling left out.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType

from reasongap.sandbox.namespace import build_namespace

Floor = Callable[[str], tuple[str, float]]
"""Gives a program's answer, and the seconds of forking, running and waiting."""


@contextmanager
def fork_server() -> Iterator[Floor]:
    """The floor in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.fork_server"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    programs, answers = process.stdin, process.stdout

    def run(program: str) -> tuple[str, float]:
        programs.write(json.dumps(program) + "\n")
        programs.flush()
        answer, seconds = json.loads(answers.readline())
        return answer, seconds

    with process:
        yield run
        process.kill()


def forked(code: CodeType) -> str:
    """What the program's `solution()` gives in a child."""
    outlet, inlet = os.pipe()
    child = os.fork()
    if child == 0:
        world: dict[str, Callable[[], object]] = {}
        exec(code, world)
        os.write(inlet, str(world["solution"]()).encode())
        os._exit(0)
    os.close(inlet)
    parts = []
    while part := os.read(outlet, 2**16):
        parts.append(part)
    os.close(outlet)
    os.waitpid(child, 0)
    return b"".join(parts).decode()


def main() -> None:
    build_namespace()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        code = compile(json.loads(line), "<program>", "exec")
        began = time.perf_counter()
        answer = forked(code)
        print(json.dumps([answer, time.perf_counter() - began]), flush=True)


if __name__ == "__main__":
    main()
