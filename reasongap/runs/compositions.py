"""The compositions of a study: read from a file, or made from its problems."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from reasongap.domain import Composition, Execution, Program
from reasongap.errors import UsageError
from reasongap.problems import compose, default_settings, open_source, read_compositions
from reasongap.runs.study import Study

Run = Callable[[Program], Awaitable[Execution]]


def settings_of(study: Study) -> tuple[str, ...]:
    """The settings that a study asks: those of the gap, then the controls it wants."""
    return (*default_settings(study.hops), *study.controls)
