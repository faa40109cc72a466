"""A restricted sandbox that the tests of this room share, and programs run in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import anyio
import pytest

from reasongap.domain import Execution, Program
from reasongap.sandbox import Limits, RestrictedSandbox

Execute = Callable[..., Execution]
PATIENT = Limits(seconds=60, cpu_seconds=60)
"""For what must not run out of time, however slow the machine is just now."""


@pytest.fixture(scope="session")
def sandbox() -> Iterator[RestrictedSandbox]:
    """One sandbox for the session, with one worker."""
    shared = RestrictedSandbox(workers=1)
    yield shared
    anyio.run(shared.aclose)


@pytest.fixture
def execute(sandbox: RestrictedSandbox) -> Execute:
    """Run a source to its end and give the execution."""

    def execute(
        source: str, hop_functions: tuple[str, ...] = (), limits: Limits | None = None
    ) -> Execution:
        program = Program(source, hop_functions=hop_functions)
        return anyio.run(sandbox.run, program, limits or PATIENT)

    return execute


@pytest.fixture(scope="session")
def sandbox_image() -> str:
    """The image of the docker sandbox, with numpy and sympy in it; its tag."""
    from reasongap.sandbox.containers.engine import Engine
    from reasongap.sandbox.containers.image import build_from_host

    engine = Engine.connect()
    try:
        return build_from_host(engine, ("numpy", "sympy"), lambda text: None)
    finally:
        engine.close()
