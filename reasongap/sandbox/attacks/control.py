"""What runs inside a throwaway container: attacks on an open interpreter, one after another.

As root, with nothing between an attack and what is planted in the same container. See
`throwaway` for what starts it.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace

import anyio

from reasongap.sandbox.attacks.catalogue import Attack, all_attacks
from reasongap.sandbox.attacks.ground import Ground
from reasongap.sandbox.attacks.open_interpreter import OpenInterpreter
from reasongap.sandbox.attacks.planted import Planted
from reasongap.sandbox.attacks.trial import Trial
from reasongap.sandbox.seam import Limits

HARMLESS = {"secret", "connection", "written", "time", "memory", "output"}
"""Effects after which the interpreter goes on as if nothing had been."""

PATIENCE = 10.0
"""Seconds for an attack that is not after time: here it shall succeed, however busy the machine."""

TRIES = 3
"""Some attacks are races, and a race may be lost."""

LONGEST = 3600
"""Seconds after which this ends for certain."""


def main() -> None:
    """Try every N-th attack from the M-th on, as the arguments say (M/N): a JSON line each."""
    signal.alarm(LONGEST)  # whoever started us may be gone
    first, _, step = sys.argv[1].partition("/")
    anyio.run(_controls, all_attacks()[int(first) :: int(step)])


async def _controls(attacks: Sequence[Attack]) -> None:
    interpreter = OpenInterpreter()
    with Planted() as planted:
        ground = Ground(interpreter, planted, calm=Limits(seconds=2), often=1)
        await ground.prepare()
        for attack in attacks:
            timed = attack.effect == "time"
            patient = attack if timed else replace(attack, seconds=PATIENCE)
            trial = await _tried(patient, ground, interpreter, TRIES)
            seen = [each.what for each in trial.seen] or [trial.stopped_by]
            print(json.dumps([attack.id, trial.as_meant, "; ".join(seen)]), flush=True)


async def _tried(attack: Attack, ground: Ground, interpreter: OpenInterpreter, tries: int) -> Trial:
    """The trial in which the attack had its effect, or the last of so many."""
    trial = await ground.attempt(attack)
    if not {each.effect for each in trial.seen} <= HARMLESS:
        await interpreter.aclose()
        await ground.prepare()
    if trial.as_meant or tries == 1:
        return trial
    return await _tried(attack, ground, interpreter, tries - 1)


if __name__ == "__main__":
    main()
