r"""Where generated code runs: the seam, the backends by name, and how to open one.

    async with open_sandbox("restricted") as sandbox:
        execution = await sandbox.run(Program("def solution():\n    return 6 * 7"))
        execution.value  # "42"

A new backend is a class that follows `Sandbox`, under an entry point in the group
`reasongap.sandboxes`. This file imports nothing until a name is asked for, because the
workers import the room too and need little of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reasongap.sandbox.backends import BUILT_IN, demand_layers, known_sandboxes, open_sandbox
    from reasongap.sandbox.containers.backend import DockerSandbox
    from reasongap.sandbox.restricted import RestrictedSandbox
    from reasongap.sandbox.seam import FakeSandbox, Limits, Sandbox
    from reasongap.sandbox.stream import as_json, run_all

__all__ = [
    "BUILT_IN",
    "DockerSandbox",
    "FakeSandbox",
    "Limits",
    "RestrictedSandbox",
    "Sandbox",
    "as_json",
    "demand_layers",
    "known_sandboxes",
    "open_sandbox",
    "run_all",
]

_HOME = {
    **dict.fromkeys(["BUILT_IN", "demand_layers", "known_sandboxes", "open_sandbox"], "backends"),
    "DockerSandbox": "containers.backend",
    "RestrictedSandbox": "restricted",
    **dict.fromkeys(["FakeSandbox", "Limits", "Sandbox"], "seam"),
    **dict.fromkeys(["as_json", "run_all"], "stream"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
