"""What tests of a study need: a provider on this machine that fails as it is told.

`FaultyServer` listens in a thread, `ServerProcess` in a process of its own; `Faults`,
`Latency` and the builders of `Answer`s say what they send.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reasongap.testing.conformance import (
        NotConforming,
        check_problems,
        check_rule,
        check_sandbox,
        check_solver,
    )
    from reasongap.testing.faults import FATAL, ODD, PASSING, Faults, Latency, even
    from reasongap.testing.process import ServerProcess
    from reasongap.testing.provider import Provider, prompt_key
    from reasongap.testing.replies import Answer, chat, error, text
    from reasongap.testing.server import FaultyServer

__all__ = [
    "FATAL",
    "ODD",
    "PASSING",
    "Answer",
    "Faults",
    "FaultyServer",
    "Latency",
    "NotConforming",
    "Provider",
    "ServerProcess",
    "chat",
    "check_problems",
    "check_rule",
    "check_sandbox",
    "check_solver",
    "error",
    "even",
    "prompt_key",
    "text",
]

_HOMES = {
    "NotConforming": "conformance",
    "check_problems": "conformance",
    "check_rule": "conformance",
    "check_sandbox": "conformance",
    "check_solver": "conformance",
    "FATAL": "faults",
    "ODD": "faults",
    "PASSING": "faults",
    "Answer": "replies",
    "Faults": "faults",
    "FaultyServer": "server",
    "Latency": "faults",
    "Provider": "provider",
    "ServerProcess": "process",
    "chat": "replies",
    "error": "replies",
    "even": "faults",
    "prompt_key": "provider",
    "text": "replies",
}


def __getattr__(name: str) -> object:
    # Lazy, so that `python -m reasongap.testing.server` finds its module not yet imported.
    if name in _HOMES:
        return getattr(importlib.import_module(f"reasongap.testing.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'reasongap.testing' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
