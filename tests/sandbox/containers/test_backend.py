"""The Docker sandbox as a whole: its results, its containers, and what outlives what."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial

import anyio
import pytest

from reasongap.domain import Execution, Program
from reasongap.errors import SandboxUnavailable
from reasongap.sandbox import RestrictedSandbox, frames, open_sandbox
from reasongap.sandbox.containers.backend import DockerSandbox
from reasongap.sandbox.containers.engine import Engine
from reasongap.sandbox.containers.reaping import OWNER, owner
from reasongap.sandbox.containers.worker import ContainerWorker
from reasongap.sandbox.pool import Answer
from tests.sandbox.conftest import PATIENT
from tests.sandbox.containers.conftest import Execute, container_of
from tests.sandbox.programs import ordinary

needs_docker = pytest.mark.needs("docker")

HOST = """
import anyio, sys
from reasongap.domain import Program
from reasongap.sandbox import Limits, open_sandbox
async def main():
    async with open_sandbox("docker", workers=1, image=sys.argv[1]) as sandbox:
        print(sandbox._plan.labels["reasongap.owner"], flush=True)
        await sandbox.run(Program("while True: pass"), Limits(seconds=600, cpu_seconds=600))
anyio.run(main)
"""


def _open(image: str, **settings: object) -> DockerSandbox:
    return DockerSandbox(workers=1, image=image, **settings)  # type: ignore[arg-type]


def _soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 60
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


@needs_docker
def test_programs_run_as_in_the_restricted_sandbox(
    sandbox: RestrictedSandbox, sandbox_image: str
) -> None:
    async def main() -> None:
        async with _open(sandbox_image) as plain, _open(sandbox_image, policy=True) as guarded:
            for name, source in ordinary().items():
                program = Program(source)
                expected = await sandbox.run(program, PATIENT)
                for other in (plain, guarded):
                    execution = await other.run(program, PATIENT)
                    assert (execution.status, execution.value, execution.stdout) == (
                        expected.status,
                        expected.value,
                        expected.stdout,
                    ), (name, other.name)

    anyio.run(main)


@needs_docker
def test_layers_name_what_stands(docker_sandbox: DockerSandbox) -> None:
    assert {"container", "network", "uid", "undumpable", "no-new-privs"} <= set(
        docker_sandbox.layers()
    )
    assert "policy" not in docker_sandbox.layers()
    assert str(docker_sandbox.image_digest).startswith("sha256:")


@needs_docker
@pytest.mark.parametrize("package", ["numpy", "sympy"])
def test_packages_of_the_image_can_be_imported_and_loaded_before(
    sandbox_image: str, execute: Execute, package: str
) -> None:
    source = f"import {package}\nans = {package}.sqrt(16)"
    assert execute(source, PATIENT).value in ("4", "4.0")

    async def main() -> list[Execution]:
        found = []
        for policy in (False, True):
            async with _open(sandbox_image, policy=policy, allow_import=(package,)) as loaded:
                found.append(await loaded.run(Program(source), PATIENT))
        return found

    assert {execution.value for execution in anyio.run(main)} <= {"4", "4.0"}


@needs_docker
@pytest.mark.parametrize(("times", "outcome"), [(1, ("ok", "5")), (2, ("crashed", None))])
def test_a_container_that_is_killed_costs_its_program_one_run(
    sandbox_image: str, monkeypatch: pytest.MonkeyPatch, times: int, outcome: tuple[str, str | None]
) -> None:
    answer, kills, killers = ContainerWorker.ask, iter(range(times)), list[threading.Thread]()

    async def ask(worker: ContainerWorker, request: frames.Message) -> Answer:
        """The program never ends as often as its container is to be killed."""
        if next(kills, None) is None:
            return await answer(worker, request)
        killers.append(threading.Timer(0.2, worker._engine.remove, [worker._identity]))
        killers[-1].start()
        return await answer(worker, request | {"source": "while True: pass"})

    async def main() -> Execution:
        async with _open(sandbox_image) as sandbox:
            monkeypatch.setattr(ContainerWorker, "ask", ask)
            execution = await sandbox.run(Program("ans = 5"), PATIENT)
            for killer in killers:
                killer.join()
            return execution

    execution = anyio.run(main)
    assert (execution.status, execution.value) == outcome


@needs_docker
def test_no_container_is_left_after_normal_end_error_and_cancellation(sandbox_image: str) -> None:
    seen: list[str] = []

    async def use(sandbox: DockerSandbox, ending: str) -> None:
        async with sandbox:
            seen.extend(container_of(sandbox))
            if ending == "error":
                raise ValueError
            if ending == "cancellation":
                with anyio.move_on_after(0.2):
                    await sandbox.run(Program("while True: pass"), PATIENT)

    for ending in ("normal", "error", "cancellation"):
        try:
            anyio.run(use, _open(sandbox_image), ending)
        except ValueError:
            assert ending == "error"
    engine = Engine.connect()
    assert len(set(seen)) == 3
    assert not set(seen) & set(engine.containers(OWNER))
    engine.close()


@needs_docker
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_container_outlives_the_host_process(sandbox_image: str, how: signal.Signals) -> None:
    engine = Engine.connect()
    with subprocess.Popen(
        [sys.executable, "-c", HOST, sandbox_image],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as host:
        assert host.stdout is not None
        label = f"{OWNER}={host.stdout.readline().strip()}"
        assert len(engine.containers(label)) == 1
        time.sleep(0.2)  # most often until the program runs
        host.send_signal(how)
        host.wait(60)
    assert _soon(lambda: not engine.containers(label))
    engine.close()


@needs_docker
def test_orphans_of_dead_owners_are_reaped_and_only_they(sandbox_image: str) -> None:
    engine = Engine.connect()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    whose = owner(gone.pid)
    gone.wait()
    kept = {"living": owner(os.getpid()), "elsewhere": whose.replace("/", "x/", 1)}
    started = {
        name: engine.start(
            sandbox_image,
            ["-c", "input()"],
            {"entrypoint": "/python/bin/python3", "stdin_open": True, "labels": {OWNER: label}},
        )
        for name, label in (kept | {"dead": whose}).items()
    }

    async def main() -> None:
        async with _open(sandbox_image):
            left = set(engine.containers(OWNER))
            assert {name for name, (identity, _) in started.items() if identity in left} == {*kept}

    try:
        anyio.run(main)
    finally:
        for identity, end in started.values():
            end.close()
            engine.remove(identity)
        engine.close()


@needs_docker
def test_an_image_that_is_not_there_names_the_command() -> None:
    with pytest.raises(SandboxUnavailable, match=r"no sandbox image 'no:such'.*sandbox build$"):
        anyio.run(_open("no:such").start)


@needs_docker
def test_an_unknown_runtime_is_named(sandbox_image: str) -> None:
    with pytest.raises(SandboxUnavailable, match="nonesuch"):
        anyio.run(_open(sandbox_image, runtime="nonesuch").start)


def test_the_policy_is_a_name_of_its_own() -> None:
    assert (open_sandbox("docker").name, open_sandbox("docker-restricted").name) == (
        "docker",
        "docker-restricted",
    )


@needs_docker
def test_an_engine_that_is_away_for_a_moment_is_waited_for(
    sandbox_image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reasongap.sandbox.containers import engine as room

    async def main() -> Execution:
        async with _open(sandbox_image) as sandbox:
            begin, refusals = Engine.start, iter(range(3))

            def start(self: Engine, *rest: object) -> object:
                if next(refusals, None) is not None:
                    raise room.EngineGone("away")
                return begin(self, *rest)  # type: ignore[arg-type]

            monkeypatch.setattr(Engine, "start", start)
            sandbox._pool.close()
            return await sandbox.run(Program("ans = 1"), PATIENT)

    assert anyio.run(main).value == "1"


@needs_docker
def test_an_engine_that_stays_away_breaks_the_sandbox(
    sandbox_image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reasongap.sandbox.containers import backend
    from reasongap.sandbox.containers.engine import EngineGone

    def away(*rest: object) -> None:
        raise EngineGone("no Docker engine answers")

    async def main() -> None:
        async with _open(sandbox_image) as sandbox:
            monkeypatch.setattr(Engine, "start", away)
            monkeypatch.setattr(backend, "PATIENCE", 0.1)
            sandbox._pool.close()
            await sandbox.run(Program("ans = 1"), PATIENT)

    with pytest.raises(SandboxUnavailable, match="no Docker engine answers"):
        anyio.run(partial(main))
