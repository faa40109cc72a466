"""Strategies: chain of thought, program of thought, and whatever users add."""

from reasongap.solvers.cot import ChainOfThought
from reasongap.solvers.names import BUILT_IN, open_solver, solver_names
from reasongap.solvers.pot import ProgramOfThought
from reasongap.solvers.seam import Solver

__all__ = [
    "BUILT_IN",
    "ChainOfThought",
    "ProgramOfThought",
    "Solver",
    "open_solver",
    "solver_names",
]
