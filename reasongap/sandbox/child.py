"""What a forked child does: wait for a program, limit itself, run it, report, and die.

The report is a JSON message: status, value, value_from, hops, stdout, error, truncated,
cpu_seconds, peak_memory. Where functions of hops are left that the program did not call, they
are called behind it, and a second line says all hops: whatever comes of that, what the program
itself did is told. The report goes over a pipe that the program has no name for. What the
program can do to its own process it can do to its own report, and to nothing else.

A forked process runs its first steps slowly, for it copies each page of memory that it
touches. So while it waits anyway, a child rehearses: it runs a program of ours first.
"""

from __future__ import annotations

import builtins
import io
import math
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import NoReturn

from reasongap.sandbox import frames
from reasongap.sandbox.capture import MARK, Hops, Output, Slate, World
from reasongap.sandbox.guards import FILENAME, Refused
from reasongap.sandbox.policy import Adapt, RefusedSyntax, compile_plain, compile_program
from reasongap.sandbox.values import NoText, escaped, exact_text

MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in the unit of `ru_maxrss`."""

LONGEST_ERROR = 500
"""Characters of an error's message."""

SEED = 0
"""Where `random` starts in every program, so that a run can be repeated."""

RECURSION = 1_000 + 20
"""Python's own limit of calls in calls, and the calls below the program's first."""

RESERVE = 32 * 2**20
"""Bytes of address space that are kept for the report of a program that used up its own."""

REHEARSAL = frames.dump(
    {
        "source": "def solution():\n    total = 2 * 3\n    return total + 0.5",
        "entry_point": "solution",
        "hop_functions": [],
        "cpu_seconds": 1.0,
        "memory": 0,
        "output": 0,
    }
)
"""A request such as the worker sends, for practice."""

Report = frames.Message
Namespace = Callable[[], World]
Compiler = Callable[[str, Adapt | None], CodeType]


@dataclass(frozen=True, slots=True)
class Task:
    """One program to run, as the worker read it. Seconds, and bytes.

    `memory` is of address space, the interpreter's own included; None sets no limit.
    `reserved` is that limit once the report is made: there may be no room left to compute it.
    `began` is the processor time that this process had used before.
    """

    source: str
    entry_point: str
    hop_functions: tuple[str, ...]
    cpu_seconds: float
    memory: int | None
    reserved: tuple[int, int]
    output: int
    began: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a program runs: its world, where its output and its report go.

    Without a namespace the program is plain Python: another wall has to stand around it.
    `own_memory` is the address space that the interpreter takes by itself, `descriptors`
    how many the program may hold.
    """

    namespace: Namespace | None
    slate: Slate | None
    outlet: int
    own_memory: int | None
    descriptors: int = 0


def serve(inlet: int, place: Place) -> NoReturn:
    """Wait for one program, run it, send the report, and exit."""
    try:
        rehearse(place.namespace)
        random.seed(SEED)
        sys.setrecursionlimit(RECURSION)
        payload = frames.read(inlet)
        if payload is not None:
            os.close(inlet)
            _run(_task(frames.load(payload), place.own_memory), place)
    finally:
        os._exit(1)


def rehearse(namespace: Namespace | None) -> None:
    """Do all that running a program takes, once, and keep nothing of it."""
    nowhere = Place(namespace, None, -1, None)
    streams = sys.stdin, sys.stdout, sys.stderr
    frames.dump(_performed(_task(frames.load(REHEARSAL), None), nowhere, Hops(())))
    sys.stdin, sys.stdout, sys.stderr = streams


def _task(request: frames.Message, own_memory: int | None) -> Task:
    memory = None if own_memory is None else own_memory + request["memory"]
    most = (memory or 0) + RESERVE
    return Task(
        source=request["source"],
        entry_point=request["entry_point"],
        hop_functions=tuple(request["hop_functions"]),
        cpu_seconds=request["cpu_seconds"],
        memory=memory,
        reserved=(most, most),
        output=request["output"],
        began=time.process_time(),
    )


def _run(task: Task, place: Place) -> NoReturn:
    """Run the program in this process and send its report."""
    hops = Hops(task.hop_functions)
    out_of_memory, no_world = _report("memory", error="MemoryError"), World()
    _limit(task, place.descriptors)
    try:
        report = _performed(task, place, hops)
    except MemoryError:
        report, hops.world = out_of_memory, no_world
    if not hops.unasked:
        _send(report, task, place)
    _tell(report, task, place)
    sys.stdout, sys.stderr = Output(0, lambda: None), Output(0, lambda: None)
    hops.ask()
    frames.write_all(place.outlet, b"\n" + frames.dump({"hops": hops.found()}))
    _leave(place)


def _performed(task: Task, place: Place, hops: Hops) -> Report:
    """The report of the program. One that prints too much is sent off from inside it."""

    def overflow() -> None:
        full = _report("output_limit", error=f"the program printed over {task.output} bytes")
        _send(full | {"stdout": output.text(), "truncated": ["stdout"]}, task, place)

    output = Output(task.output, overflow, place.slate)
    sys.stdout, sys.stderr, sys.stdin = output, Output(0, lambda: None), io.StringIO()
    hops.world = world = place.namespace() if place.namespace else {"__name__": "__main__"}
    compiler = compile_program if place.namespace else compile_plain
    report = _outcome(task, world, hops, compiler)
    if (refused := Refused.first) is not None and report["status"] != "blocked":
        report = _failure(refused)
    if report["status"] == "blocked":
        hops.world = {}  # nothing more of it is run
    return report | {"stdout": output.text(), "hops": hops.found()}


def _outcome(task: Task, world: World, hops: Hops, compiler: Compiler) -> Report:
    """The report of the program's run, whatever it raised."""
    try:
        value, came_from = _answer(task, world, hops, _compiled(task.source, hops, compiler))
        _recurse_as_python()
        text, cut = exact_text(value)
    except MemoryError:
        raise  # with this frame and the next goes all that the program holds
    except BaseException as error:  # noqa: BLE001 - the boundary of the program: all it may raise
        _recurse_as_python()
        hops.watch()
        return _failure(error)
    report = _report("ok", value=text, value_from=came_from if text is not None else None)
    return report | {"truncated": ["value"]} if cut else report


def _recurse_as_python() -> None:
    """Take back a lower limit of the program's own, which we would reach ourselves."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))


def _compiled(source: str, hops: Hops, compiler: Compiler) -> CodeType:
    try:
        return compiler(source, hops.marked if hops.names else None)
    except (MemoryError, RecursionError):  # what Python's parser says of its own stack
        raise SyntaxError("the program is nested too deeply") from None


def _answer(task: Task, world: World, hops: Hops, code: CodeType) -> tuple[object, str | None]:
    """The program's value and where it came from: the entry point, `ans` or `answer`."""
    if hops.names:
        world.get("__builtins__", vars(builtins))[MARK] = hops.mark
    try:
        exec(code, world)
    except SystemExit as leaving:  # a script that ends itself when done is done
        if leaving.code not in (None, 0):
            raise
    _recurse_as_python()
    hops.watch()
    entry = world.get(task.entry_point)
    if callable(entry):
        return entry(), "solution"
    if entry is not None:
        return entry, "solution"
    for name in ("ans", "answer"):
        if name in world and not callable(world[name]):
            return world[name], name
    return None, None


def _failure(error: BaseException) -> Report:
    """The report of a program that raised this."""
    status = "blocked" if isinstance(error, Refused) else "error"
    try:
        message, line = _described(error)
    except BaseException:  # noqa: BLE001 - a hostile __str__ in the program's own process
        message, line = f"{type(error).__name__}: (its message could not be made)", _line(error)
    message = escaped(message[: LONGEST_ERROR + 1])
    cut = len(message) > LONGEST_ERROR
    shown = message[: LONGEST_ERROR - 1] + "…" if cut else message
    report = _report(status, error=f"{shown} (line {line})" if line else shown)
    report["truncated"] = ["error"] if cut else []
    return report


def _described(error: BaseException) -> tuple[str, int | None]:
    """`Type: message` and the line; making them may run code of the program's own."""
    name = type(error).__name__
    if isinstance(error, SyntaxError):
        line = error.lineno
        return f"{name}: {error.msg}", line if type(line) is int else None
    if isinstance(error, NoText):
        return f"TypeError: the answer is {error}, not a number or a text", None
    text = str(error)
    if isinstance(error, Refused):
        return text, error.line if type(error) is RefusedSyntax else _line(error)
    return f"{name}: {text}" if text else name, _line(error)


def _line(error: BaseException) -> int | None:
    """The line of the program that was running."""
    line, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == FILENAME:
            line = step.tb_lineno
        step = step.tb_next
    return line


def _report(status: str, **more: object) -> Report:
    blank: Report = {"value": None, "value_from": None, "stdout": "", "error": None}
    return {"status": status, **blank, "hops": [], "truncated": [], **more}


def _send(report: Report, task: Task, place: Place) -> NoReturn:
    """Send the report and exit."""
    _tell(report, task, place)
    _leave(place)


def _tell(report: Report, task: Task, place: Place) -> None:
    """Send the report, with what the program used."""
    if task.memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, task.reserved)
    used = {
        "cpu_seconds": time.process_time() - task.began,
        "peak_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT,
    }
    frames.write_all(place.outlet, frames.dump(report | used))


def _leave(place: Place) -> NoReturn:
    os.close(place.outlet)  # the end of the report; the process takes longer to end
    os._exit(0)


def _limit(task: Task, descriptors: int) -> None:
    """Processor time, memory, processes and descriptors, from now on."""
    whole = math.ceil(task.cpu_seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (whole + 1, whole + 2))
    signal.setitimer(signal.ITIMER_PROF, task.cpu_seconds)
    if task.memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (task.memory, task.reserved[1]))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
