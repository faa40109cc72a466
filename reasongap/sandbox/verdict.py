"""Turn a worker's answer into an `Execution`, trusting the worker's header and nothing else.

The report comes from the program's own process: every field is checked to be of an exact
type and within its cap, and text that UTF-8 cannot hold is escaped. Control characters stay:
who prints them on a terminal shows them (`report/terminal.py`).
"""

from __future__ import annotations

import signal
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar, get_args

from reasongap.domain import Execution, Program, Status
from reasongap.sandbox import frames
from reasongap.sandbox.child import LONGEST_ERROR
from reasongap.sandbox.seam import Limits
from reasongap.sandbox.values import LONGEST, escaped

ORIGINS = ("solution", "ans", "answer", None)
_Number = TypeVar("_Number", int, float)
_OVER = "used more than {:g} s of processor time"
PARTS = ("stdout", "value", "error")


def execution(program: Program, limits: Limits, header: frames.Message, report: bytes) -> Execution:
    """What became of the program, by how its process ended and what it reported.

    Where the header says that it did not report, `report` is what it had printed. A report that
    is whole counts also where the process had to be ended: hops were asked behind it.
    """
    if header["reported"]:
        with suppress(frames.BadFrame):
            return _reported(program, limits, header, _message(report))
    ended = _ending(limits, header)
    if ended is None:
        ended = Execution("crashed", error="the program ended its process without a result")
    stdout = "" if header["reported"] else report.decode("utf-8", "replace")[: limits.output]
    return replace(
        ended,
        stdout=stdout,
        truncated=("stdout",) if stdout else (),
        hop_values=_no_hops(program),
        seconds=header["seconds"],
        cpu_seconds=header["cpu_seconds"] or 0.0,
        peak_memory=header["peak_memory"] or 0,
    )


def _ending(limits: Limits, header: frames.Message) -> Execution | None:
    """The execution of a program that did not come to its own end; None of one that did."""
    code = header["exit"]
    if header["cut"] == "timeout":
        return Execution("timeout", error=f"ran longer than {limits.seconds:g} s")
    if header["cut"] == "flood":
        return Execution("crashed", error="the program sent more than a report can hold")
    if code in (-signal.SIGPROF, -signal.SIGXCPU):
        return Execution("timeout", error=_OVER.format(limits.cpu_seconds))
    if code == -signal.SIGKILL and (header["cpu_seconds"] or 0.0) > limits.cpu_seconds:
        return Execution("timeout", error=_OVER.format(limits.cpu_seconds))
    if code == -signal.SIGKILL:
        return Execution("memory", error="killed by the system, most likely for memory")
    if code < 0:
        return Execution("crashed", error=f"the interpreter died of {_signal_name(-code)}")
    return None


def _message(report: bytes) -> frames.Message:
    """The report, with the hops of its second line where it has one."""
    first, _, second = report.partition(b"\n")
    message = frames.load(first)
    with suppress(frames.BadFrame, KeyError):
        message["hops"] = frames.load(second)["hops"]
    return message


def _reported(
    program: Program, limits: Limits, header: frames.Message, report: frames.Message
) -> Execution:
    """The execution that a report tells of; `BadFrame` where a field is not what it must be."""
    hops = report.get("hops")
    if type(hops) is not list or len(hops) not in (0, len(program.hop_functions)):
        raise frames.BadFrame("hops")
    return Execution(
        status=_one_of(get_args(Status), report.get("status")),
        value=_text(report.get("value"), LONGEST),
        value_from=_one_of(ORIGINS, report.get("value_from")),
        hop_values=tuple(_text(hop, LONGEST) for hop in hops) or _no_hops(program),
        seconds=header["seconds"],
        cpu_seconds=_amount(float, report.get("cpu_seconds")),
        peak_memory=_amount(int, report.get("peak_memory")),
        stdout=_text(report.get("stdout"), limits.output) or "",
        error=_text(report.get("error"), LONGEST_ERROR + 100),
        truncated=_truncated(report.get("truncated")),
    )


def _no_hops(program: Program) -> tuple[None, ...]:
    return (None,) * len(program.hop_functions)


def _one_of(known: tuple[str | None, ...], value: object) -> Any:
    if value is not None and type(value) is not str:
        raise frames.BadFrame(f"a {type(value).__name__}")
    if value not in known:
        raise frames.BadFrame(f"{value!r}")
    return value


def _truncated(parts: object) -> tuple[str, ...]:
    if type(parts) is not list or len(parts) > len(PARTS):
        raise frames.BadFrame("truncated")
    return tuple(_one_of(PARTS, part) for part in parts)


def _amount(kind: type[_Number], value: object) -> _Number:
    if type(value) is not kind or not 0 <= value < 2**50:
        raise frames.BadFrame(f"no amount: {value!r}")
    return value


def _text(value: object, longest: int) -> str | None:
    """A text that can be written as UTF-8."""
    if value is None:
        return None
    if type(value) is not str or len(text := escaped(value)) > longest:
        raise frames.BadFrame(f"no text of at most {longest} characters")
    return text


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
