"""The sandboxes by name: our own, and those that installed packages bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from importlib.metadata import EntryPoint
from inspect import signature
from typing import Any, Protocol, cast, runtime_checkable

from reasongap.errors import BadFile, SandboxUnavailable, UnknownName, UsageError
from reasongap.plugins import load_file, load_point, origin, points
from reasongap.sandbox.seam import Sandbox

GROUP = "reasongap.sandboxes"

BUILT_IN: Mapping[str, str] = {
    "restricted": "reasongap.sandbox.restricted:RestrictedSandbox",
    "docker": "reasongap.sandbox.containers.backend:DockerSandbox",
    "docker-restricted": "reasongap.sandbox.containers.backend:restricted",
}
"""Name → the class, as an entry point would give it."""


def known_sandboxes() -> dict[str, EntryPoint]:
    """Every sandbox by name; a built-in name cannot be taken over by a package."""
    return points(GROUP) | {name: EntryPoint(name, at, GROUP) for name, at in BUILT_IN.items()}


def sandbox_names() -> dict[str, str]:
    """Every sandbox that can be named, with where it comes from."""
    known = known_sandboxes()
    return {name: "built in" if name in BUILT_IN else origin(known[name]) for name in known}


def open_sandbox(name: str, **settings: Any) -> OpenSandbox:
    """The sandbox of this name, to be used as `async with`.

    A Python file binds `sandbox` to a class. `settings` go to the class. One that has the
    seam's methods alone is started by its first program, and closed all the same. Raises
    `UnknownName` for a name that nobody brings, `BadFile` and `BadPlugin` for what cannot be
    loaded, `UsageError` for a setting that the class does not have.
    """
    make = cast(Callable[..., Sandbox], _class_of(name))
    try:
        signature(make).bind(**settings)
    except TypeError as error:
        raise UsageError(f"the sandbox {name!r} cannot be opened so: {error}") from None
    sandbox = make(**settings)
    if isinstance(sandbox, AbstractAsyncContextManager):
        return cast(OpenSandbox, sandbox)
    return _Closing(sandbox)


def _class_of(name: str) -> object:
    if name.endswith(".py"):
        found, place = load_file(name, "sandbox"), name
    else:
        known = known_sandboxes()
        if name not in known:
            remedy = "A file of your own is named by its path."
            raise UnknownName("sandbox", name, sorted(known), remedy)
        found, place = load_point(known[name]), origin(known[name])
    if callable(found):
        return found
    raise BadFile(place, "its `sandbox` is no class", "Bind `sandbox` to the class itself")


def demand_layers(sandbox: Sandbox) -> None:
    """Raise `SandboxUnavailable` where an isolation layer of a started sandbox is missing."""
    if not isinstance(sandbox, Reporting):
        raise SandboxUnavailable(f"the sandbox {sandbox.name!r} does not say which layers it lacks")
    if absent := sandbox.missing():
        reasons = "; ".join(f"{name} ({why})" for name, why in absent.items())
        raise SandboxUnavailable(
            f"the sandbox {sandbox.name!r} lacks isolation layers here: {reasons}. "
            "Another sandbox may have them; without --require-isolation it runs as it is"
        )


class OpenSandbox(Sandbox, AbstractAsyncContextManager[Any], Protocol):
    """A sandbox that `async with` starts and closes."""


class _Closing(AbstractAsyncContextManager["_Closing"]):
    """Somebody's sandbox with what `async with` needs besides the seam's methods."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.name, self.run = sandbox.name, sandbox.run
        self.layers, self.aclose = sandbox.layers, sandbox.aclose
        if isinstance(sandbox, Reporting):
            self.missing = sandbox.missing

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


@runtime_checkable
class Reporting(Protocol):
    """A sandbox that says which isolation layers this machine does not give, and why."""

    def missing(self) -> dict[str, str]:
        """Layer → reason."""
        ...
