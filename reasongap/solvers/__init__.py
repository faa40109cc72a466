"""Strategies: chain of thought, program of thought, what is built from them, and yours."""

from reasongap.solvers.code_then_explain import CodeThenExplain
from reasongap.solvers.cot import ChainOfThought
from reasongap.solvers.cross_check import CrossCheck
from reasongap.solvers.direct import DirectAnswer
from reasongap.solvers.equations import Equations
from reasongap.solvers.faithful import FaithfulProgram
from reasongap.solvers.least_to_most import LeastToMost
from reasongap.solvers.names import BUILT_IN, open_solver, solver_names
from reasongap.solvers.naming import canonical, chosen_for, described
from reasongap.solvers.plan_then_code import PlanThenCode
from reasongap.solvers.pot import ProgramOfThought
from reasongap.solvers.prompted import PromptChoice, Prompted
from reasongap.solvers.seam import Solver
from reasongap.solvers.self_consistency import SelfConsistency
from reasongap.solvers.self_debugging import SelfDebugging
from reasongap.solvers.sweep import Factor, sweep

__all__ = [
    "BUILT_IN",
    "ChainOfThought",
    "CodeThenExplain",
    "CrossCheck",
    "DirectAnswer",
    "Equations",
    "Factor",
    "FaithfulProgram",
    "LeastToMost",
    "PlanThenCode",
    "ProgramOfThought",
    "PromptChoice",
    "Prompted",
    "SelfConsistency",
    "SelfDebugging",
    "Solver",
    "canonical",
    "chosen_for",
    "described",
    "open_solver",
    "solver_names",
    "sweep",
]
