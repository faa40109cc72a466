"""The sandbox seam: one coroutine that runs a program and says what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from reasongap.domain import Execution, Program


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may use. Seconds, and bytes.

    `seconds` is wall time as the parent's clock sees it; `cpu_seconds` backs it up;
    `output` caps stdout; `source` caps the program's text.
    """

    seconds: float = 5.0
    cpu_seconds: float = 5.0
    memory: int = 256 * 2**20
    output: int = 64 * 2**10
    source: int = 64 * 2**10


@runtime_checkable
class Sandbox(Protocol):
    """A place where generated code runs and can do no harm.

    `run` returns an `Execution` for everything that the program itself did, crashes and
    broken limits included, and raises `SandboxUnavailable` only when the sandbox is
    broken. It may be called from many tasks at once. `layers` names the isolation layers
    that are active, for the manifest. `aclose` ends every process that was started and
    may be called twice.
    """

    @property
    def name(self) -> str:
        """What manifests call it."""
        ...

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        """What became of the program under these limits."""
        ...

    def layers(self) -> tuple[str, ...]:
        """The isolation layers that are active."""
        ...

    async def aclose(self) -> None:
        """End every process that was started."""
        ...


@dataclass
class FakeSandbox:
    """A sandbox that answers from a table, for tests: source → execution.

    A source that the table lacks ends as `default`. `ran` lists what was asked.
    """

    table: dict[str, Execution] = field(default_factory=dict)
    default: Execution = field(
        default_factory=lambda: Execution("error", error="NameError: not in the table")
    )
    ran: list[Program] = field(default_factory=list)
    name: str = "fake"

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        """The execution in the table for this source."""
        self.ran.append(program)
        return self.table.get(program.source, self.default)

    def layers(self) -> tuple[str, ...]:
        """No isolation: nothing runs."""
        return ()

    async def aclose(self) -> None:
        """Nothing to end."""
