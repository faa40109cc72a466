"""Every attack on every backend, and on each wall by itself: none may succeed."""

from __future__ import annotations

import platform
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import anyio
import pytest

from reasongap.domain import Execution, Program
from reasongap.sandbox import RestrictedSandbox, Sandbox, open_sandbox, process
from reasongap.sandbox.attacks.catalogue import Attack, all_attacks
from reasongap.sandbox.attacks.ground import Ground
from reasongap.sandbox.attacks.planted import VARIABLE, Planted
from reasongap.sandbox.attacks.trial import Trial
from reasongap.sandbox.jail import LAYERS
from reasongap.sandbox.seccomp import CALLS
from tests.sandbox.conftest import PATIENT
from tests.sandbox.plain import PlainSandbox

linux = pytest.mark.skipif(sys.platform != "linux", reason="these walls are Linux's")

ATTACKERS_MODULES = (
    "_ctypes asyncio code copyreg ctypes dbm.dumb fcntl gc importlib linecache logging marshal "
    "mmap multiprocessing.popen_fork pathlib pickle posix resource socket subprocess tempfile "
    "threading timeit unicodedata urllib.request"
)
"""Loaded before the walls go up, so that no attack fails for want of a module."""

WHERE_LIMITS_ARE_TRIED_ALREADY = ("CPU in C loops", "memory", "output", "parser")

Opening = Callable[[], AbstractAsyncContextManager[Sandbox]]


@asynccontextmanager
async def plain() -> AsyncIterator[Sandbox]:
    """Plain Python behind the walls of the jail: no policy helps here."""
    sandbox = PlainSandbox(workers=2)
    yield sandbox
    await sandbox.aclose()


def policy_alone() -> AbstractAsyncContextManager[Sandbox]:
    """No wall but the policy, and the planted secret in the worker's own environment."""
    return RestrictedSandbox(workers=2, without=LAYERS)


async def _tried(opening: Opening, attacks: tuple[Attack, ...]) -> list[Trial]:
    with Planted() as planted, pytest.MonkeyPatch.context() as patch:
        if opening is policy_alone:
            patch.setitem(process.ENVIRONMENT, VARIABLE, f"variable-{planted.secret}")
        if opening is plain:
            loaded = f"import {', '.join(ATTACKERS_MODULES.split())}; {process.BOOT}"
            patch.setattr(process, "BOOT", loaded)
        async with opening() as sandbox:
            ground = Ground(sandbox, planted)
            await ground.prepare()
            return [await ground.attempt(attack) for attack in attacks]


def _fail_on_success(trials: list[Trial]) -> None:
    assert [(each.attack.id, each.seen) for each in trials if each.succeeded] == []


@linux
@pytest.mark.parametrize(
    "opening", [partial(RestrictedSandbox, workers=2), plain], ids=["restricted", "jail alone"]
)
def test_no_attack_succeeds(opening: Opening) -> None:
    _fail_on_success(anyio.run(_tried, opening, all_attacks()))


def test_no_attack_gets_past_the_policy_alone() -> None:
    attacks = [a for a in all_attacks() if a.category not in WHERE_LIMITS_ARE_TRIED_ALREADY]
    _fail_on_success(anyio.run(_tried, policy_alone, tuple(attacks)))


@pytest.mark.needs("docker")
def test_no_attack_gets_out_of_a_container(sandbox_image: str) -> None:
    opening = partial(open_sandbox, "docker", workers=2, image=sandbox_image)
    _fail_on_success(anyio.run(_tried, opening, all_attacks()))


@pytest.mark.needs("docker")
def test_no_attack_gets_past_the_policy_in_a_container(sandbox_image: str) -> None:
    opening = partial(open_sandbox, "docker-restricted", workers=2, image=sandbox_image)
    attacks = [a for a in all_attacks() if a.category not in WHERE_LIMITS_ARE_TRIED_ALREADY]
    _fail_on_success(anyio.run(_tried, opening, tuple(attacks)))


@linux
def test_a_worker_that_keeps_programs_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    keeps = "from reasongap.sandbox.passage import Passage as P; P.wipe = lambda s: P.__init__(s)"
    kept = process.BOOT.replace("; main", f"; import ctypes; {keeps}; main")
    monkeypatch.setattr(process, "BOOT", kept)
    attacks = tuple(a for a in all_attacks() if a.name == "memory that was freed")
    (trial,) = anyio.run(_tried, plain, attacks)
    assert {each.effect for each in trial.seen} == {"secret"}


SWEEP = """
import ctypes
call = ctypes.CDLL(None, use_errno=True).syscall
let_through = []
for number in range(470):
    if number not in {left_out}:
        ctypes.set_errno(0)
        result = call(number, 0, 0, 0, 0, 0, 0)
        if (result, ctypes.get_errno()) not in ((-1, 1), (-1, 38)):
            let_through.append(number)
ans = let_through
"""

PROBES = {335, 336}
"""Calls of the kernel's own probes, which no filter sees: from elsewhere they kill."""


@linux
@pytest.mark.skipif(platform.machine() not in ("x86_64", "aarch64"), reason="has no filter")
def test_every_system_call_that_is_not_listed_is_refused() -> None:
    column = ("x86_64", "aarch64").index(platform.machine())
    source = SWEEP.format(left_out={numbers[column] for numbers in CALLS.values()} | PROBES)

    async def run() -> Execution:
        async with plain() as sandbox:
            return await sandbox.run(Program(source), PATIENT)

    assert anyio.run(run).value == "[]"
