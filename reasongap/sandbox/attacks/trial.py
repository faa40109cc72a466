"""What came of an attack, as it was seen from outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reasongap.domain import Execution
from reasongap.sandbox.attacks.catalogue import Attack
from reasongap.sandbox.attacks.planted import Seen
from reasongap.sandbox.child import LONGEST_ERROR
from reasongap.sandbox.seam import Limits
from reasongap.sandbox.values import LONGEST

SLACK = 64 * 2**20
"""Bytes that processes may take beside a program's own memory."""

LATE = 1.0
"""Seconds past its limit at which a program counts as not stopped."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An attack, how its program ended, and every effect that was seen.

    `execution` is None where the sandbox itself failed.
    """

    attack: Attack
    execution: Execution | None
    seen: tuple[Seen, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether there was any effect outside the program itself."""
        return bool(self.seen)

    @property
    def as_meant(self) -> bool:
        """Whether the very effect was seen that the attack is after."""
        return any(each.effect == self.attack.effect for each in self.seen)

    @property
    def stopped_by(self) -> str:
        """What stopped it, as its execution tells."""
        if self.execution is None:
            return "the sandbox failed"
        status, error = self.execution.status, self.execution.error
        if status == "ok":
            return "ran to its end and reached nothing"
        return f"{status}: {error}" if error else status


def passed(execution: Execution, limits: Limits, elapsed: float, memory: int) -> Iterator[Seen]:
    """The limits that a program passed.

    `elapsed` seconds are the caller's, for a program whose worker no longer answered.
    `memory` is in bytes, as seen from outside.
    """
    seconds = execution.seconds
    if execution.status == "timeout" and not seconds:
        seconds = elapsed
    if seconds > limits.seconds + LATE:
        yield Seen("time", f"it ran {seconds:.1f} s where {limits.seconds:g} s were allowed")
    used = max(memory, execution.peak_memory)
    if used > limits.memory + SLACK:
        allowed = limits.memory // 2**20
        yield Seen("memory", f"it held {used // 2**20} MiB where {allowed} MiB were allowed")
    for name, text, longest in (
        ("stdout", execution.stdout, limits.output),
        ("value", execution.value or "", LONGEST),
        ("error", execution.error or "", 2 * LONGEST_ERROR),
    ):
        if len(text) > longest:
            yield Seen("output", f"its {name} is {len(text)} characters long")


def told(execution: Execution) -> str:
    """All that a program gives back."""
    parts = (execution.value, *execution.hop_values, execution.stdout, execution.error)
    return "\n".join(part for part in parts if part)


def difference(expected: Execution, found: Execution) -> str | None:
    """How another run of the same innocent program differs from the expected one."""
    if found.status != expected.status:
        return f"ended as {found.status} ({found.error})"
    if (found.value, found.stdout) != (expected.value, expected.stdout):
        return "gave another result"
    return None
