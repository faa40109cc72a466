"""llm-sandbox's Docker sessions: a container a program, one session for all, and its pool."""
# pyright: reportMissingImports=false
# It lies in its own environment.

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

from benchmarks.peers.driving import Blocking, drive, each_its_own, script
from benchmarks.peers.names import IMAGE

SETTINGS = {"lang": "python", "image": IMAGE, "skip_environment_setup": True}


def running(session: Any, program: str) -> str:
    """What a program prints in an open session."""
    return str(session.run(script(program)).stdout).strip()


@contextmanager
def fresh(runtime: dict[str, object], lane: int) -> Iterator[Blocking]:
    """A session, and so a container, for each program."""
    from llm_sandbox import SandboxSession

    def run(program: str) -> str:
        with SandboxSession(keep_template=True, runtime_configs=runtime, **SETTINGS) as session:
            return running(session, program)

    yield run


@contextmanager
def pooled(lane: int) -> Iterator[Blocking]:
    """A container of a pool for each program, which the next one gets too."""
    from llm_sandbox import SandboxSession
    from llm_sandbox.pool import PoolConfig, create_pool_manager

    config = PoolConfig(min_pool_size=1, max_pool_size=1)
    pool = create_pool_manager(config=config, **SETTINGS)

    def run(program: str) -> str:
        with SandboxSession(pool=pool, lang="python") as session:
            return running(session, program)

    try:
        yield run
    finally:
        pool.close()


@contextmanager
def kept(lane: int) -> Iterator[Blocking]:
    """One session for all programs of a lane."""
    from llm_sandbox import SandboxSession

    with SandboxSession(keep_template=True, **SETTINGS) as session:
        yield partial(running, session)


if __name__ == "__main__":
    ways: dict[str, Callable[[int], AbstractContextManager[Blocking]]] = {
        "fresh": partial(fresh, {}),
        "fresh-init": partial(fresh, {"init": True}),
        "pool": pooled,
        "kept": kept,
    }
    drive({name: each_its_own(way) for name, way in ways.items()})
