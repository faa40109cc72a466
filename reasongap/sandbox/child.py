"""What a forked child does: wait for a program, limit itself, run it, report, and die.

It is forked before its program comes, and warms up on a program of our own: what costs time
after a fork is touching memory for the first time, and then nobody waits for it yet.

The report is a JSON message: status, value, value_from, hops, stdout, error, truncated. It
goes over a pipe that the program has no name for. What the program can do to its own
process it can do to its own report, and to nothing else.
"""

from __future__ import annotations

import math
import os
import random
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import CodeType
from typing import Any, NoReturn

from reasongap.sandbox import frames
from reasongap.sandbox.guards import Refused
from reasongap.sandbox.policy import FILENAME, RefusedSyntax, compile_program
from reasongap.sandbox.values import NoText, exact_text

LONGEST_ERROR = 500
"""Characters of an error's message."""

SEED = 0
"""Where `random` starts in every program, so that a run can be repeated."""

RECURSION = 1_000 + 20
"""Python's own limit of calls in calls, and the calls below the program's first."""

Report = frames.Message
World = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """One program to run, as the worker read it. Seconds, and bytes.

    `memory` is of address space, the interpreter's own included; None sets no limit.
    """

    source: str
    entry_point: str
    hop_functions: tuple[str, ...]
    cpu_seconds: float
    memory: int | None
    output: int


WARMING = Task(
    """def solution():
    '''What a program looks like.'''
    total = 0
    for price, count in [(2.5, 3), (4, 1)]:
        total += round(price * count, 2)
    return f"{max(total, 1) / 2:.1f}"
print(solution())
""",
    entry_point="solution",
    hop_functions=(),
    cpu_seconds=1.0,
    memory=None,
    output=0,
)


class Output:
    """A program's standard output, kept up to `limit` bytes; then `full` is called."""

    def __init__(self, limit: int, full: Callable[[], None]) -> None:
        self._limit, self._full = limit, full
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, text: str) -> int:
        """Keep this text."""
        part = str(text).encode("utf-8", "backslashreplace")
        self._parts.append(part[: self._limit - self._size])
        self._size += len(part)
        if self._size > self._limit:
            self._full()
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        """Nobody is watching."""
        return False

    def text(self) -> str:
        """All that was kept."""
        return b"".join(self._parts).decode("utf-8", "ignore")


@dataclass
class Hops:
    """The values of a program's hop functions, as texts: the first call's, of each."""

    names: tuple[str, ...]
    values: dict[str, str | None] = field(default_factory=dict)

    def watch(self, world: World) -> None:
        """Replace the functions in the program's globals by ones that note their value."""
        for name in self.names:
            function = world.get(name)
            if callable(function):
                world[name] = self._watched(name, function)

    def finish(self, world: World) -> list[str | None]:
        """The values in the order of the names; functions not called yet are called now."""
        for name in self.names:
            function = world.get(name)
            if name not in self.values and callable(function):
                try:
                    function()
                except BaseException:  # noqa: BLE001 - the program's own failure
                    self.values[name] = None
        return [self.values.get(name) for name in self.names]

    def _watched(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        def watched(*arguments: object, **settings: object) -> object:
            first = name not in self.values
            if first:
                self.values[name] = None
            value = function(*arguments, **settings)
            if first:
                self.values[name] = _text_or_none(value)
            return value

        return watched


def serve(
    inlet: int, outlet: int, namespace: Callable[[], World] | None, own_memory: int | None
) -> NoReturn:
    """Get ready, wait for one program, run it, send the report, and exit.

    Without a namespace the program is plain Python: another wall has to stand around it.
    `own_memory` is the address space that the interpreter takes by itself.
    """
    try:
        _outcome(WARMING, World(namespace() if namespace else {}), Hops(()), _compiler(namespace))
        payload = frames.read(inlet)
        if payload is not None:
            os.close(inlet)
            _run(_task(frames.load(payload), own_memory), outlet, namespace)
    finally:
        os._exit(1)


def _task(request: frames.Message, own_memory: int | None) -> Task:
    return Task(
        source=request["source"],
        entry_point=request["entry_point"],
        hop_functions=tuple(request["hop_functions"]),
        cpu_seconds=request["cpu_seconds"],
        memory=None if own_memory is None else own_memory + request["memory"],
        output=request["output"],
    )


def _run(task: Task, outlet: int, namespace: Callable[[], World] | None) -> None:
    """Run the program in this process and send the report."""
    out_of_memory = frames.dump(_report("memory", error="MemoryError"))
    hops = Hops(task.hop_functions)

    def overflow() -> None:
        full = _report("output_limit", error=f"the program printed over {task.output} bytes")
        _send(outlet, frames.dump(full | {"stdout": output.text(), "truncated": ["stdout"]}))

    output = Output(task.output, overflow)
    sys.stdout, sys.stderr, sys.stdin = output, Output(task.output, lambda: None), None
    world: World = namespace() if namespace else {"__name__": "__main__"}
    try:
        _limit(task)
        report = _outcome(task, world, hops, _compiler(namespace))
        report["stdout"] = output.text()
        _send(outlet, frames.dump(report))
    except MemoryError:
        world.clear()  # frees what the program holds
        _send(outlet, out_of_memory)


def _outcome(task: Task, world: World, hops: Hops, compiler: Callable[[str], CodeType]) -> Report:
    """The report of the program's run, whatever it raised."""
    try:
        value, came_from = _answer(task, world, hops, _compiled(task.source, compiler))
        text, cut = exact_text(value)
        report = _report("ok", value=text, value_from=came_from if text is not None else None)
        if cut:
            report["truncated"] = ["value"]
        report["hops"] = hops.finish(world)
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 - the boundary of the program: all it may raise
        report = _failure(error)
        report["hops"] = [hops.values.get(name) for name in hops.names]
    return report


def _compiled(source: str, compiler: Callable[[str], CodeType]) -> CodeType:
    try:
        return compiler(source)
    except (MemoryError, RecursionError):  # what Python's parser says of its own stack
        raise SyntaxError("the program is nested too deeply") from None


def _answer(task: Task, world: World, hops: Hops, code: CodeType) -> tuple[object, str | None]:
    """The program's value and where it came from: the entry point, `ans` or `answer`."""
    try:
        exec(code, world)
    except SystemExit as leaving:  # a script that ends itself when done is done
        if leaving.code not in (None, 0):
            raise
    hops.watch(world)
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
    if isinstance(error, SyntaxError):
        message, line = f"{type(error).__name__}: {error.msg}", error.lineno
    elif isinstance(error, RefusedSyntax):
        message, line = str(error), error.line
    elif isinstance(error, Refused):
        message, line = str(error), _line(error)
    else:
        message, line = _described(error), _line(error)
    cut = len(message) > LONGEST_ERROR
    shown = message[: LONGEST_ERROR - 1] + "…" if cut else message
    report = _report(status, error=f"{shown} (line {line})" if line else shown)
    report["truncated"] = ["error"] if cut else []
    return report


def _described(error: BaseException) -> str:
    """`Type: message`, where the message may be code of the program's own."""
    if isinstance(error, NoText):
        return f"TypeError: the answer is {error}, not a number or a text"
    name = type(error).__name__
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - a hostile __str__ in the program's own process
        text = "(its message could not be made)"
    return f"{name}: {text}" if text else name


def _line(error: BaseException) -> int | None:
    """The line of the program that was running."""
    line, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == FILENAME:
            line = step.tb_lineno
        step = step.tb_next
    return line


def _text_or_none(value: object) -> str | None:
    try:
        return exact_text(value)[0]
    except NoText:
        return None


def _compiler(namespace: object) -> Callable[[str], CodeType]:
    """The policy's compiler where there is a namespace to go with it, else Python's own."""
    if namespace is not None:
        return compile_program
    return lambda source: compile(source, FILENAME, "exec", dont_inherit=True)


def _report(status: str, **more: object) -> Report:
    blank: Report = {"value": None, "value_from": None, "hops": [], "stdout": "", "error": None}
    return {"status": status, **blank, "truncated": [], **more}


def _send(descriptor: int, payload: bytes) -> NoReturn:
    frames.write_all(descriptor, payload)
    os._exit(0)


def _limit(task: Task) -> None:
    """Processor time, memory, processes and descriptors, from now on."""
    random.seed(SEED)
    sys.setrecursionlimit(RECURSION)
    whole = math.ceil(task.cpu_seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (whole + 1, whole + 1))
    signal.setitimer(signal.ITIMER_PROF, task.cpu_seconds)
    if task.memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (task.memory, task.memory))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
