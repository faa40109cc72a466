"""A study's sandbox: its limits on every program, and the packages that some programs need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec

from reasongap.domain import Execution, Program
from reasongap.errors import EnvironmentBroken
from reasongap.sandbox import Limits, Sandbox, open_sandbox


@dataclass(frozen=True)
class LimitedSandbox:
    """A sandbox whose programs run under `limits` where the caller names none.

    A program that names packages beyond those `allowed` runs in another sandbox of the same
    `kind`, opened when it is first wanted: so no other program gets to import them. One
    that was given as an object has no kind, and runs every program.

    Where it is to be `isolated`, `check` refuses it if one of its layers is missing.
    """

    sandbox: Sandbox
    limits: Limits
    isolated: bool = False
    kind: str | None = None
    allowed: tuple[str, ...] = ()
    _others: dict[tuple[str, ...], Sandbox] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """That of the sandbox."""
        return self.sandbox.name

    @property
    def image(self) -> str | None:
        """The digest of its container image, once it has started one; None without."""
        return getattr(self.sandbox, "image_digest", None)

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        """What became of the program."""
        return await self._sandbox_for(program).run(program, limits or self.limits)

    def _sandbox_for(self, program: Program) -> Sandbox:
        lacking = set(program.packages).difference(self.allowed)
        if self.kind is None or not lacking:
            return self.sandbox
        packages = (*self.allowed, *sorted(lacking))
        if packages not in self._others:
            self._demand(sorted(lacking))
            self._others[packages] = open_sandbox(self.kind, allow_import=packages)
        return self._others[packages]

    def _demand(self, packages: Sequence[str]) -> None:
        """Raise `EnvironmentBroken` for a package that programs on this machine would lack."""
        absent = [name for name in packages if find_spec(name) is None]
        if absent and self.kind == "restricted":
            names = " ".join(absent)
            raise EnvironmentBroken(
                f"programs of a strategy import {names}, which is not here: pip install {names}"
            )

    def layers(self) -> tuple[str, ...]:
        """Those of the sandbox."""
        return self.sandbox.layers()

    async def aclose(self) -> None:
        """Close the sandbox."""
        for sandbox in (self.sandbox, *self._others.values()):
            await sandbox.aclose()
