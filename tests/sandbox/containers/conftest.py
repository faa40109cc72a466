"""A Docker sandbox that the tests of this room share, and programs run in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import anyio
import pytest

from reasongap.domain import Execution, Program
from reasongap.sandbox import Limits
from reasongap.sandbox.containers.backend import DockerSandbox
from reasongap.sandbox.containers.reaping import RUN
from tests.sandbox.conftest import PATIENT

Execute = Callable[..., Execution]


@pytest.fixture(scope="session")
def docker_sandbox(sandbox_image: str) -> Iterator[DockerSandbox]:
    """One sandbox of plain Python for the session, with one container."""
    shared = DockerSandbox(workers=1, image=sandbox_image)
    anyio.run(shared.start)
    yield shared
    anyio.run(shared.aclose)


@pytest.fixture
def execute(docker_sandbox: DockerSandbox) -> Execute:
    """Run a source to its end and give the execution."""

    def execute(source: str, limits: Limits | None = None) -> Execution:
        return anyio.run(docker_sandbox.run, Program(source), limits or PATIENT)

    return execute


def container_of(sandbox: DockerSandbox) -> list[str]:
    """The ids of the containers that this sandbox runs."""
    assert sandbox._engine is not None
    assert sandbox._plan is not None
    return sorted(sandbox._engine.containers(f"{RUN}={sandbox._plan.labels[RUN]}"))
