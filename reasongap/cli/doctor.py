"""`reasongap doctor`: what works on this machine, and whether its sandboxes hold."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reasongap.report.attacks import Siege
    from reasongap.report.machine import Machine
    from reasongap.sandbox.attacks.throwaway import Control
    from reasongap.sandbox.parity import Parity

FAILED = 1
WORKERS = 2
"""One for the attack and one for the innocent program beside it."""


class Form(StrEnum):
    """How the findings are written."""

    TABLE = "table"
    JSON = "json"


def doctor(
    attack: Annotated[
        bool, typer.Option("--attack", help="Try some 300 attacks on the sandboxes.")
    ] = False,
    control: Annotated[
        bool,
        typer.Option("--control", help="Also try each where nothing stops it, in a container."),
    ] = False,
    parity: Annotated[
        Path | None,
        typer.Option(
            metavar="PROGRAMS.jsonl",
            help="Run the programs of a file, one JSON object with code a line, under every "
            "sandbox, and compare.",
        ),
    ] = None,
    sandbox: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Which sandbox. Repeatable.  (default: all that work)"),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List every attack and what stopped it.")
    ] = False,
    form: Annotated[
        Form,
        typer.Option("--format", metavar="FORM", help="How to print the result: table or json."),
    ] = Form.TABLE,
) -> None:
    """Show what works on this machine: Python, extras, data, Docker, and each sandbox's walls.

    Exit code 5 where no sandbox works, of those named with `--sandbox` if any are. With
    `--attack`, 1 where an attack succeeds: that is, where it has an effect outside its own
    program. With `--parity`, 1 where sandboxes disagree.
    """
    import anyio

    from reasongap.errors import UsageError
    from reasongap.report.machine import check_sandboxes

    if control and not attack:
        raise UsageError("--control shows that attacks would succeed: it needs --attack")
    if attack and parity is not None:
        raise UsageError("--attack and --parity exclude each other: give one")
    check_sandboxes(sandbox or ())
    if attack:
        _end(anyio.run(_besieged, sandbox, control, verbose, form))
    elif parity is not None:
        _end(anyio.run(_compared, parity, sandbox, form))
    else:
        _show_machine(anyio.run(_examined, sandbox), form)


def _end(well: bool) -> None:
    if not well:
        raise typer.Exit(FAILED)


async def _examined(names: list[str] | None = None) -> Machine:
    from reasongap.cli.places import heeded
    from reasongap.report.machine import examine

    return await examine(heeded(), names or ())


def _show_machine(machine: Machine, form: Form) -> None:
    from json import dumps

    from rich import print as show

    from reasongap.errors import SandboxUnavailable
    from reasongap.report.doctor import machine_json, machine_table

    if form is Form.JSON:
        print(dumps(machine_json(machine), indent=2, ensure_ascii=False))
    else:
        show(machine_table(machine))
    if not machine.available:
        raise SandboxUnavailable("no sandbox works on this machine, of those above")


async def _besieged(names: list[str] | None, control: bool, verbose: bool, form: Form) -> bool:
    """Attack the sandboxes and show what came of it; whether none gave way."""
    from json import dumps

    from rich import print as show

    from reasongap.report.attacks import attack_table, attacks_json, trying
    from reasongap.sandbox.attacks.catalogue import all_attacks
    from reasongap.sandbox.attacks.throwaway import controls

    seen: dict[str, Control] = {}
    if control:
        with trying("controls", len(all_attacks())) as done:
            seen = await controls(done)
    sieges = []
    for name in names or await _available():
        sieges.append(await _siege(name, seen))
        if form is Form.TABLE:
            show(attack_table(sieges[-1], verbose))
    if form is Form.JSON:
        print(dumps(attacks_json(sieges), indent=2, ensure_ascii=False))
    return not any(siege.successes for siege in sieges)


async def _available() -> Sequence[str]:
    """The sandboxes that work here; `SandboxUnavailable` where none does."""
    from reasongap.errors import SandboxUnavailable

    machine = await _examined()
    if not machine.available:
        why = "; ".join(f"{each.name}: {each.problem}" for each in machine.sandboxes)
        raise SandboxUnavailable(f"no sandbox works on this machine: {why}")
    return machine.available


async def _siege(name: str, controls: dict[str, Control]) -> Siege:
    from reasongap.errors import UsageError
    from reasongap.report.attacks import Siege, trying
    from reasongap.sandbox import open_sandbox
    from reasongap.sandbox.attacks.catalogue import all_attacks
    from reasongap.sandbox.attacks.ground import try_attacks
    from reasongap.sandbox.attacks.trial import Trial

    attacks = all_attacks()
    trials: list[Trial] = []
    try:
        opening = open_sandbox(name, workers=WORKERS)
    except UsageError:  # a sandbox of somebody else's may have no such setting
        opening = open_sandbox(name)
    async with opening as sandbox:
        with trying(f"attacks on {name}", len(attacks)) as count:

            def done(trial: Trial) -> None:
                trials.append(trial)
                count()

            await try_attacks(sandbox, attacks, done)
        return Siege(name, sandbox.layers(), tuple(trials), controls)


async def _compared(path: Path, names: list[str] | None, form: Form) -> bool:
    """Run the programs under each sandbox and show where they differ; whether nowhere."""
    from contextlib import AsyncExitStack

    from reasongap.report.parity import render_parity
    from reasongap.runs.programs import read_programs
    from reasongap.sandbox import open_sandbox
    from reasongap.sandbox.parity import parity

    async with AsyncExitStack() as stack:
        sandboxes = {
            name: await stack.enter_async_context(open_sandbox(name))
            for name in names or await _available()
        }
        found: Parity = await parity(read_programs(path), sandboxes)
    print(render_parity(found, form.value), end="")
    return found.agrees
