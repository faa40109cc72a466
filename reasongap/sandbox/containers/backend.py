"""The Docker backend: programs run in hardened containers, each in a forked child of a worker."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from typing import Any

import anyio
from anyio import to_thread

from reasongap.errors import SandboxUnavailable
from reasongap.sandbox.containers.engine import Engine, EngineGone
from reasongap.sandbox.containers.hardening import BY_CONTAINER, Plan, settings_for, walls
from reasongap.sandbox.containers.image import find_image
from reasongap.sandbox.containers.reaping import RUN, labels, reap
from reasongap.sandbox.containers.worker import ContainerWorker
from reasongap.sandbox.packages import check_packages
from reasongap.sandbox.pool import Pool, cores
from reasongap.sandbox.pooled import PooledSandbox

ALWAYS = ("container", "process", "limits", "kill")
"""Walls without which this backend does not run at all."""

PATIENCE = 30.0
"""Seconds to wait for an engine that was there and went: a restart takes some."""

REMOVAL_SECONDS = 60.0


class DockerSandbox(PooledSandbox):
    """Runs programs in containers that `reasongap sandbox build` has made an image for.

    `workers` containers run side by side, as many as there are cores by default. Programs
    are plain Python, and may import what the image holds; with `policy` they run under the
    restricted backend's policy besides. `allow_import` names packages to have loaded
    before a program asks: "numpy", "sympy". `image` names another image than the newest,
    and `runtime` one of the engine's: "runsc", "kata".
    """

    def __init__(
        self,
        workers: int | None = None,
        policy: bool = False,
        image: str | None = None,
        runtime: str | None = None,
        allow_import: tuple[str, ...] = (),
    ) -> None:
        self.name = "docker-restricted" if policy else "docker"
        packages = tuple(allow_import)
        self._packages = check_packages(packages) if policy else packages
        self._policy, self._image, self._runtime = policy, image, runtime
        self._pool = Pool(workers or cores(), self._worker)
        self._starting = anyio.Lock()
        self._ready = False
        self._engine: Engine | None = None
        self._plan: Plan | None = None
        self._away_since: float | None = None
        self._labels = labels()
        self._layers: tuple[str, ...] = ()
        self._missing: dict[str, str] = {}

    async def start(self) -> None:
        """Start a worker, so that `layers` is known; `SandboxUnavailable` where that fails."""
        if self._ready:
            return
        async with self._starting:
            if self._ready:
                return
            self._engine = await to_thread.run_sync(Engine.connect)
            try:
                await self._prepare(self._engine)
            except BaseException:
                await self.aclose()
                raise
            self._ready = True

    @property
    def image_digest(self) -> str | None:
        """The id of the image that programs run in, once a worker has started."""
        return self._plan.image if self._plan else None

    async def aclose(self) -> None:
        """End and remove every container. The sandbox can be used again: it starts new ones."""
        self._pool.close()
        self._ready = False
        engine, self._engine = self._engine, None
        if engine is not None:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(remove_all, engine, self._labels[RUN])

    async def _prepare(self, engine: Engine) -> None:
        """Clear up after others, find the image, start a worker, and hear of its walls."""
        self._labels = labels()
        self._plan, facts = await to_thread.run_sync(self._look_around, engine)
        hello = await self._pool.prepare()
        given, lacking = walls(facts)
        own = {each: why for each, why in hello["missing"].items() if each not in BY_CONTAINER}
        self._missing = lacking | own
        policy = ("policy",) if self._policy else ()
        self._layers = (*ALWAYS, *policy, *given, *hello["active"])

    def _look_around(self, engine: Engine) -> tuple[Plan, dict[str, Any]]:
        """What to start here, and what the engine says of itself."""
        reap(engine)
        image = find_image(engine, self._packages, self._image)
        settings = settings_for(self._policy, self._packages)
        return Plan(image.id, settings, self._labels, self._runtime), engine.facts()

    async def _worker(self) -> ContainerWorker:
        """A new worker; an engine that was there and went is waited for, once for all."""
        while True:
            if self._engine is None or self._plan is None:
                raise SandboxUnavailable("the sandbox was closed while a program ran in it")
            try:
                worker = await ContainerWorker.start(self._engine, self._plan)
            except EngineGone:
                self._away_since = self._away_since or time.monotonic()
                if not self._layers or time.monotonic() - self._away_since > PATIENCE:
                    raise
                await anyio.sleep(0.5)
            else:
                self._away_since = None
                return worker


def remove_all(engine: Engine, run: str) -> None:
    """Remove the containers of this run and see them gone; ends the connection."""
    until = time.monotonic() + REMOVAL_SECONDS
    with suppress(SandboxUnavailable):  # then they end by themselves, or are reaped
        while (left := engine.containers(f"{RUN}={run}")) and time.monotonic() < until:
            for identity in left:
                with suppress(SandboxUnavailable):  # the engine is removing it already
                    engine.remove(identity)
            time.sleep(0.02)
    engine.close()


restricted = partial(DockerSandbox, policy=True)
"""The Docker backend with the restricted backend's policy: the name "docker-restricted"."""
