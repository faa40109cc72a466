"""Measure how far a model's reasoning falls short of its parts, and how much code closes.

    from reasongap import compare, run_strategy

    run = run_strategy("openai/gpt-4o-mini", "pot")
    run.gap

The names below are loaded when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reasongap.api import Comparison as Comparison
    from reasongap.api import Run as Run
    from reasongap.api import acompare as acompare
    from reasongap.api import arun_strategy as arun_strategy
    from reasongap.api import compare as compare
    from reasongap.api import run_strategy as run_strategy
    from reasongap.domain import Composition as Composition
    from reasongap.domain import Gap as Gap
    from reasongap.domain import Problem as Problem
    from reasongap.domain import Question as Question
    from reasongap.domain import Record as Record
    from reasongap.domain import Solution as Solution
    from reasongap.errors import ReasongapError as ReasongapError
    from reasongap.models import Model as Model
    from reasongap.models import ScriptedModel as ScriptedModel
    from reasongap.problems import ProblemSource as ProblemSource
    from reasongap.runs.study import Options as Options
    from reasongap.sandbox import FakeSandbox as FakeSandbox
    from reasongap.sandbox import Sandbox as Sandbox
    from reasongap.solvers import ChainOfThought as ChainOfThought
    from reasongap.solvers import ProgramOfThought as ProgramOfThought
    from reasongap.solvers import Solver as Solver

_HOMES = {
    "Gap": "domain",
    "Comparison": "api",
    "Run": "api",
    "acompare": "api",
    "arun_strategy": "api",
    "compare": "api",
    "run_strategy": "api",
    "Composition": "domain",
    "Problem": "domain",
    "Question": "domain",
    "Record": "domain",
    "Solution": "domain",
    "ReasongapError": "errors",
    "Model": "models",
    "ScriptedModel": "models",
    "ProblemSource": "problems",
    "Options": "runs.study",
    "FakeSandbox": "sandbox",
    "Sandbox": "sandbox",
    "ChainOfThought": "solvers",
    "ProgramOfThought": "solvers",
    "Solver": "solvers",
}

__all__ = [
    "ChainOfThought",
    "Comparison",
    "Composition",
    "FakeSandbox",
    "Gap",
    "Model",
    "Options",
    "Problem",
    "ProblemSource",
    "ProgramOfThought",
    "Question",
    "ReasongapError",
    "Record",
    "Run",
    "Sandbox",
    "ScriptedModel",
    "Solution",
    "Solver",
    "acompare",
    "arun_strategy",
    "compare",
    "run_strategy",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(importlib.import_module(f"reasongap.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'reasongap' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
