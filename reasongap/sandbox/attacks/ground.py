"""A place to try attacks on a sandbox, one after the other, and to see all that they do."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import anyio

from reasongap.domain import Execution, Program
from reasongap.errors import SandboxUnavailable
from reasongap.sandbox.attacks.canary import CURIOUS, INNOCENT
from reasongap.sandbox.attacks.catalogue import Attack
from reasongap.sandbox.attacks.planted import Planted, Seen
from reasongap.sandbox.attacks.processes import descendants, resident
from reasongap.sandbox.attacks.trial import Trial, difference, passed, told
from reasongap.sandbox.seam import Limits, Sandbox

MEMORY, OUTPUT, SOURCE = 64 * 2**20, 4 * 2**10, 64 * 2**10
CALM = Limits(seconds=60, cpu_seconds=60)

HANGS = 150.0
"""Seconds after which a sandbox that does not answer counts as broken."""

LOOK_EVERY, SETTLE = 0.02, 0.5

OFTEN = 3
"""Times in a row that a program is late if nothing stops it: a busy machine makes any late once."""


@dataclass
class Watch:
    """What is seen while an attack runs: harm to others, and the most memory in use."""

    planted: Planted
    before: int
    peak: int = 0
    seen: list[Seen] = field(default_factory=list)

    async def look(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.peak = max(self.peak, resident(descendants()) - self.before)
            self.seen += [Seen("harm", what) for what in self.planted.bystander.harm()]
            await anyio.sleep(LOOK_EVERY)


class Ground:
    """One open sandbox with two workers, and what is planted around it.

    `calm` limits the innocent programs that show whether an attack reached them. An attack
    of which nothing is seen but that it is late is tried up to `often` times.
    """

    def __init__(
        self, sandbox: Sandbox, planted: Planted, calm: Limits = CALM, often: int = OFTEN
    ) -> None:
        self._sandbox, self._planted, self._calm, self._often = sandbox, planted, calm, often
        self._canary, self._expected = Program(""), Execution("ok")

    async def prepare(self) -> None:
        """Learn what an innocent program gives here; `SandboxUnavailable` where it fails."""
        innocent = INNOCENT.replace("$secret", self._planted.secret)
        for source in (innocent + CURIOUS, innocent):
            self._canary = Program(source)
            self._expected = await self._sandbox.run(self._canary, CALM)
            if self._expected.status == "ok":
                break
        for other in await self._side_by_side(self._canary, CALM, CALM):
            if self._expected.status != "ok" or difference(self._expected, other):
                raise SandboxUnavailable(
                    f"an innocent program fails: {difference(Execution('ok'), other)}"
                )

    async def attempt(self, attack: Attack) -> Trial:
        """Run the attack, with an innocent program beside it and two after it."""
        trial = await self._attempt(attack)
        for _ in range(1, self._often):
            if {each.effect for each in trial.seen} != {"time"}:
                break
            trial = await self._attempt(attack)
        return trial

    async def _attempt(self, attack: Attack) -> Trial:
        before = descendants()
        program = Program(attack.aimed(self._planted.values()))
        limits = Limits(attack.seconds, attack.seconds, MEMORY, OUTPUT, SOURCE)
        watch = Watch(self._planted, resident(before))
        execution = None
        try:
            with anyio.fail_after(3 * attack.seconds + HANGS):
                began = time.monotonic()
                execution, beside = await self._watched(watch, program, limits)
                took = time.monotonic() - began
                left = descendants()
                after = await self._side_by_side(self._canary, self._calm, self._calm)
            survivors = await self._survivors(before, left)
        except Exception as error:  # noqa: BLE001 - whatever a sandbox raises is a finding
            watch.seen.append(Seen("breakage", f"the sandbox failed: {error!r}"[:300]))
        else:
            watch.seen += passed(execution, limits, took, watch.peak)
            watch.seen += self._planted.leaks(told(execution))
            others = [difference(self._expected, each) for each in (beside, *after)]
            watch.seen += [Seen("poison", f"an innocent program {why}") for why in others if why]
            watch.seen += survivors
        watch.seen += self._planted.changes()
        return Trial(attack, execution, tuple(dict.fromkeys(watch.seen)))

    async def _watched(self, watch: Watch, program: Program, limits: Limits) -> list[Execution]:
        """The program's execution and an innocent one's beside it."""
        both: list[Execution] = []
        async with anyio.create_task_group() as group:
            group.start_soon(watch.look)
            both += await self._side_by_side(program, limits, self._calm)
            group.cancel_scope.cancel()
        return both

    async def _side_by_side(
        self, first: Program, limits: Limits, calm: Limits
    ) -> tuple[Execution, Execution]:
        """The executions of a program and of an innocent one, at once."""
        executions: dict[int, Execution] = {}

        async def run(place: int, program: Program, limits: Limits) -> None:
            executions[place] = await self._sandbox.run(program, limits)

        async with anyio.create_task_group() as group:
            group.start_soon(run, 0, first, limits)
            group.start_soon(run, 1, self._canary, calm)
        return executions[0], executions[1]

    async def _survivors(self, before: set[int], left: set[int]) -> list[Seen]:
        """Processes that the attack left and that outlived the programs after it.

        A worker's next child lives until a program comes for it, and may be younger than
        `before`: so innocent programs go on coming, which one that survives would survive.
        """
        survivors: set[int] = set()
        for _ in range(round(SETTLE / LOOK_EVERY)):
            now = descendants()
            survivors = (left & now) - before
            if not survivors or len(now) <= len(before):
                return []
            await anyio.sleep(LOOK_EVERY)
            await self._side_by_side(self._canary, self._calm, self._calm)
        for pid in survivors:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return [Seen("survivor", f"{len(survivors)} processes outlive the program")]


async def try_attacks(
    sandbox: Sandbox, attacks: Sequence[Attack], done: Callable[[Trial], None]
) -> None:
    """Try the attacks on an open sandbox with two workers; each trial goes to `done`.

    Raises `SandboxUnavailable` where it cannot even run an innocent program.
    """
    with Planted() as planted:
        ground = Ground(sandbox, planted)
        await ground.prepare()
        for attack in attacks:
            done(await ground.attempt(attack))
