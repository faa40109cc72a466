"""The sandboxes by name: our own, and those that installed packages bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Protocol, cast

from reasongap.errors import UnknownName
from reasongap.sandbox.seam import Sandbox

GROUP = "reasongap.sandboxes"

BUILT_IN: Mapping[str, str] = {
    "restricted": "reasongap.sandbox.restricted:RestrictedSandbox",
}
"""Name → the class, as an entry point would give it."""


def known_sandboxes() -> dict[str, EntryPoint]:
    """Every sandbox by name; a built-in name cannot be taken over by a package."""
    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    return found | {name: EntryPoint(name, at, GROUP) for name, at in BUILT_IN.items()}


def open_sandbox(name: str, **settings: Any) -> OpenSandbox:
    """The sandbox of this name, to be used as `async with`.

    `settings` go to its class. Raises `UnknownName` for a name that nobody brings.
    """
    known = known_sandboxes()
    if name not in known:
        remedy = f"A package brings one under the entry point group {GROUP!r}."
        raise UnknownName("sandbox", name, sorted(known), remedy)
    make = cast(Callable[..., OpenSandbox], known[name].load())
    return make(**settings)


class OpenSandbox(Sandbox, AbstractAsyncContextManager[Any], Protocol):
    """A sandbox that `async with` starts and closes."""
