"""The restricted backend: RestrictedPython's policy inside jailed processes of this machine."""

from __future__ import annotations

import sys
from functools import partial

from reasongap.errors import SandboxUnavailable, UnknownName
from reasongap.sandbox.jail import LAYERS
from reasongap.sandbox.packages import check_packages
from reasongap.sandbox.pool import Pool, cores
from reasongap.sandbox.pooled import PooledSandbox
from reasongap.sandbox.process import ProcessWorker
from reasongap.sandbox.worker import Settings

ALWAYS = ("policy", "process", "limits", "kill")
"""Walls without which this backend does not run at all."""


class RestrictedSandbox(PooledSandbox):
    """Runs programs under a policy, each in a forked child of a jailed worker.

    `workers` run side by side, as many as there are cores by default. `allow_import` names
    packages that programs may import besides the standard modules: "numpy", "sympy".
    `require` names isolation layers without which nothing runs, and `without` layers to
    leave out, as a system that lacks them would.
    """

    name = "restricted"

    def __init__(
        self,
        workers: int | None = None,
        allow_import: tuple[str, ...] = (),
        require: tuple[str, ...] = (),
        without: tuple[str, ...] = (),
    ) -> None:
        for layer in (*require, *without):
            if layer not in (*LAYERS, *ALWAYS):
                raise UnknownName("isolation layer", layer, (*LAYERS, *ALWAYS))
        settings = Settings(packages=check_packages(tuple(allow_import)), without=tuple(without))
        self._required = frozenset(require)
        self._pool = Pool(workers or cores(), partial(ProcessWorker.start, settings))
        self._layers: tuple[str, ...] = ()
        self._missing: dict[str, str] = {}

    async def start(self) -> None:
        """Start a worker, so that `layers` is known; `SandboxUnavailable` where that fails."""
        if self._layers:
            return
        if sys.platform == "win32":
            raise SandboxUnavailable("Windows has no fork: run reasongap inside WSL 2")
        hello = await self._pool.prepare()
        self._missing = hello["missing"]
        absent = sorted(self._required & self._missing.keys())
        if absent:
            self._pool.close()
            reasons = "; ".join(f"{name}: {self._missing[name]}" for name in absent)
            raise SandboxUnavailable(f"isolation layers are required and missing here: {reasons}")
        self._layers = (*ALWAYS, *hello["active"])

    async def aclose(self) -> None:
        """End every worker. The sandbox can be used again: it starts new ones."""
        self._pool.close()
