"""Whether sandboxes agree: the same programs under each, compared field by field."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reasongap.domain import Execution, Program
from reasongap.errors import UsageError
from reasongap.sandbox.seam import Limits, Sandbox

COMPARED = ("status", "value", "hop_values", "stdout")
"""What of an execution an answer is read from, and so has to agree."""

PERCENTILES = (50, 90, 99)


@dataclass(frozen=True, slots=True)
class Backend:
    """How one sandbox fared: executions by status, and what it refused, by program.

    `latencies` are seconds from question to answer at `PERCENTILES`, one program at a time.
    """

    name: str
    statuses: Mapping[str, int]
    refusals: tuple[tuple[str, str], ...]
    latencies: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A program on which sandboxes differ: in which field, and what each of them has there."""

    program: str
    field: str
    found: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Parity:
    """What comparing came to. `found` of each disagreement is in the order of `backends`."""

    programs: int
    backends: tuple[Backend, ...]
    disagreements: tuple[Disagreement, ...]

    @property
    def agrees(self) -> bool:
        """Whether every sandbox ran every program to the same end, and none refused one."""
        return not self.disagreements and not any(each.refusals for each in self.backends)


async def parity(
    programs: Iterable[tuple[str, Program]],
    sandboxes: Mapping[str, Sandbox],
    limits: Limits | None = None,
) -> Parity:
    """Run every program, by its id, under each of these sandboxes in turn.

    One at a time, so that latencies are those of an idle sandbox and whatever else the
    machine does hits all alike. Raises `UsageError` for fewer than two sandboxes, and what
    the programs' reader and the sandboxes raise.
    """
    if len(sandboxes) < 2:
        raise UsageError(f"comparing sandboxes takes two or more, not {len(sandboxes)}")
    tallies = [_Tally(name, sandbox) for name, sandbox in sandboxes.items()]
    disagreements: list[Disagreement] = []
    for identity, program in programs:
        found = [await tally.run(identity, program, limits) for tally in tallies]
        disagreements += _differences(identity, found)
    count = len(tallies[0].seconds)
    return Parity(count, tuple(tally.backend() for tally in tallies), tuple(disagreements))


def _differences(program: str, executions: list[Execution]) -> list[Disagreement]:
    """The first field that differs, for what comes after it follows from it."""
    for name in COMPARED:
        found = tuple(getattr(execution, name) for execution in executions)
        if any(each != found[0] for each in found):
            return [Disagreement(program, name, found)]
    return []


@dataclass
class _Tally:
    """One sandbox, and what it has done so far."""

    name: str
    sandbox: Sandbox
    statuses: Counter[str] = field(default_factory=Counter)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    async def run(self, identity: str, program: Program, limits: Limits | None) -> Execution:
        began = time.perf_counter()
        execution = await self.sandbox.run(program, limits)
        self.seconds.append(time.perf_counter() - began)
        self.statuses[execution.status] += 1
        if execution.status == "blocked":
            self.refusals.append((identity, execution.error or ""))
        return execution

    def backend(self) -> Backend:
        ordered = sorted(self.seconds)
        latencies = tuple(ordered[len(ordered) * each // 100] for each in PERCENTILES if ordered)
        return Backend(self.name, dict(self.statuses), tuple(self.refusals), latencies)
