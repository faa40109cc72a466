"""The catalogue of attacks, and whether an effect of each kind is noticed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, get_args

import anyio
import pytest
from anyio import to_thread

from reasongap.domain import Execution, Program
from reasongap.errors import SandboxUnavailable
from reasongap.sandbox import Limits
from reasongap.sandbox.attacks.catalogue import Attack, Effect, all_attacks
from reasongap.sandbox.attacks.ground import Ground, try_attacks
from reasongap.sandbox.attacks.open_interpreter import OpenInterpreter
from reasongap.sandbox.attacks.planted import VARIABLE, Planted
from reasongap.sandbox.attacks.processes import Bystander
from reasongap.sandbox.attacks.trial import Trial

CATEGORIES = (
    "attribute walk, frames, format strings, imports, dynamic code, guards shadowed, "
    "module poisoning, pickling, ctypes, parser, CPU in C loops, memory, output, crash, "
    "hostile objects, forged results, processes, files, network, environment"
)
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


class TestCatalogue:
    def test_there_are_at_least_120_in_every_category_of_old(self) -> None:
        attacks = all_attacks()
        assert len(attacks) >= 120
        assert {attack.category for attack in attacks} == set(CATEGORIES.split(", "))

    def test_each_has_an_id_of_its_own_and_says_what_it_tries(self) -> None:
        attacks = all_attacks()
        assert len({attack.id for attack in attacks}) == len(attacks)
        assert all(attack.tries and attack.effect in get_args(Effect) for attack in attacks)

    def test_each_kind_of_effect_is_what_some_attack_is_after(self) -> None:
        assert {attack.effect for attack in all_attacks()} == set(get_args(Effect))

    def test_each_is_a_program_once_it_is_aimed(self) -> None:
        with Planted() as planted:
            for attack in all_attacks():
                source = attack.aimed(planted.values())
                assert "$" not in source.replace(f"${VARIABLE}", ""), attack.id
                if len(source) < 2**16:
                    compile(source, attack.id, "exec")

    def test_none_knows_the_secret(self) -> None:
        with Planted() as planted:
            values = planted.values()
            for attack in all_attacks():
                assert not planted.leaks(attack.aimed(values)), attack.id


Deed = Callable[[Mapping[str, Any], Planted], Execution | None]
INNOCENT = Execution("ok", value="1")


class Holed:
    """A sandbox in which an attack's program does something outside itself."""

    name = "holed"

    def __init__(self, deed: Deed) -> None:
        self.deed = deed
        self.planted: Planted | None = None
        self.spoilt = False

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        await anyio.sleep(0.05)  # as long as a program takes: others look meanwhile
        if program.source != "attack":
            return Execution("ok", value="2") if self.spoilt else INNOCENT
        assert self.planted is not None
        values = self.planted.values()
        done = await to_thread.run_sync(self.deed, values, self.planted)
        return done or Execution("ok")

    def layers(self) -> tuple[str, ...]:
        return ()

    async def aclose(self) -> None:
        """Nothing to end."""


def try_on(deed: Deed, spoils: bool = False) -> Trial:
    async def main() -> Trial:
        sandbox = Holed(deed)
        with Planted() as planted:
            sandbox.planted = planted
            ground = Ground(sandbox, planted)
            await ground.prepare()
            sandbox.spoilt = spoils
            return await ground.attempt(Attack("a", "c", "tries", "secret", "attack"))

    return anyio.run(main)


def call(family: int, kind: int, name: str, values: Mapping[str, Any], _: Planted) -> None:
    address = values[name]
    with socket.socket(family, kind) as end:
        end.connect(("127.0.0.1", address) if isinstance(address, int) else str(address))
        end.send(b"x")


def leave_process(values: Mapping[str, Any], _: Planted) -> None:
    forks = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(30)"
    subprocess.run([sys.executable, "-S", "-c", forks], check=True)


def hold_memory(values: Mapping[str, Any], _: Planted) -> None:
    holds = "held = b'x' * (300 << 20); print(flush=True); input()"
    command, pipe = [sys.executable, "-S", "-c", holds], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        for _look in range(20):  # this process's own time, in which it looks too
            time.sleep(0.02)
        holder.communicate(b"\n")


def write(text: str, place: str) -> Deed:
    def deed(values: Mapping[str, Any], _: Planted) -> None:
        Path(place.format(**values)).write_text(text)

    return deed


def break_down(values: Mapping[str, Any], _: Planted) -> Execution:
    raise SandboxUnavailable("broken")


def tells(kind: str, field: str) -> Deed:
    return lambda _, planted: Execution("ok", **{field: f"…{kind}-{planted.secret}…"})  # type: ignore[arg-type]


DEEDS: dict[str, tuple[Effect, Deed]] = {
    "a secret in the value": ("secret", tells("file", "value")),
    "a secret in the output": ("secret", tells("variable", "stdout")),
    "a secret in the error": ("secret", tells("argument", "error")),
    "a secret of another program": ("secret", tells("program", "value")),
    "a call over TCP": ("connection", partial(call, socket.AF_INET, socket.SOCK_STREAM, "port")),
    "a datagram": ("connection", partial(call, socket.AF_INET, socket.SOCK_DGRAM, "udp")),
    "a call of a socket's file": (
        "connection",
        partial(call, socket.AF_UNIX, socket.SOCK_STREAM, "unix"),
    ),
    "a new file": ("written", write("x", "{folder}/{mark}")),
    "a new file elsewhere": ("written", write("x", "/tmp/{mark}")),
    "a changed file": ("written", write("x", "{file}")),
    "too much time": ("time", lambda *_: Execution("timeout", seconds=9.0)),
    "too much output": ("output", lambda *_: Execution("ok", stdout="x" * 5_000)),
    "too long a value": ("output", lambda *_: Execution("ok", value="x" * 20_000)),
    "too much memory": ("memory", lambda *_: Execution("ok", peak_memory=2**30)),
    "a sandbox that raises": ("breakage", break_down),
}
ON_LINUX: dict[str, tuple[Effect, Deed]] = {
    "a daemon": ("survivor", leave_process),
    "memory that only others see": ("memory", hold_memory),
    "a process killed": ("harm", lambda values, _: os.kill(values["pid"], 9)),
    "a process stopped": ("harm", lambda values, _: os.kill(values["pid"], 19)),
    "a process slowed": ("harm", lambda values, _: os.setpriority(0, values["pid"], 19)),
}


class TestGround:
    @pytest.mark.parametrize("name", DEEDS)
    def test_an_effect_is_seen(self, name: str) -> None:
        effect, deed = DEEDS[name]
        trial = try_on(deed)
        assert {each.effect for each in trial.seen} == {effect}
        assert trial.succeeded

    @linux
    @pytest.mark.parametrize("name", ON_LINUX)
    def test_an_effect_on_processes_is_seen(self, name: str) -> None:
        effect, deed = ON_LINUX[name]
        assert effect in {each.effect for each in try_on(deed).seen}

    def test_one_that_is_late_once_was_held_up(self) -> None:
        seconds = iter([9.0, 0.5])
        trial = try_on(lambda *_: Execution("timeout", seconds=next(seconds)))
        assert trial.seen == ()

    def test_another_programs_result_is_watched(self) -> None:
        trial = try_on(lambda *_: None, spoils=True)
        assert {each.effect for each in trial.seen} == {"poison"}

    def test_nothing_is_seen_where_nothing_happens(self) -> None:
        trial = try_on(lambda *_: Execution("blocked", error="not allowed"))
        assert (trial.seen, trial.stopped_by) == ((), "blocked: not allowed")

    def test_a_harmed_process_is_replaced_and_nothing_stays(self) -> None:
        with Planted() as planted:
            first, folder = planted.bystander.pid, Path(str(planted.values()["folder"]))
            os.kill(first, 9)
            (folder / "x").mkdir()
            seen: set[str] = set()
            while "harm" not in seen:  # a killed process takes a moment to die
                seen |= {each.effect for each in planted.changes()}
            assert seen == {"harm", "written"}
            assert planted.bystander.pid != first
            assert planted.changes() == []
            assert VARIABLE in os.environ
        assert not folder.exists()
        assert VARIABLE not in os.environ

    def test_a_sandbox_that_cannot_run_the_innocent_is_no_place_for_attacks(self) -> None:
        async def main() -> None:
            sandbox = Holed(lambda *_: None)
            sandbox.spoilt = True
            sandbox.run = broken  # type: ignore[method-assign]
            await try_attacks(sandbox, (), lambda trial: None)

        async def broken(program: Program, limits: Limits | None = None) -> Execution:
            return Execution("error", error="NameError: x")

        with pytest.raises(SandboxUnavailable, match="NameError: x"):
            anyio.run(main)


def test_the_open_interpreter_starts_nowhere_but_in_a_throwaway_container() -> None:
    with pytest.raises(SandboxUnavailable, match="throwaway container only"):
        OpenInterpreter()


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_stranger_that_is_stopped_from_its_start_on_is_harmed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start: Any = subprocess.Popen

    def stopped(*command: Any, **settings: Any) -> subprocess.Popen[bytes]:
        process: subprocess.Popen[bytes] = start(*command, **settings)
        os.kill(process.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        return process

    monkeypatch.setattr(subprocess, "Popen", stopped)
    with Bystander("secret") as stranger:
        monkeypatch.undo()
        assert stranger.harm() == ["another process: stopped"]
        assert stranger.harm() == []
