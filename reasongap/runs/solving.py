"""A strategy at work: what it gives is a solution, and what it does wrong is told as its own."""

from __future__ import annotations

from fractions import Fraction

from reasongap.domain import Question, Solution
from reasongap.errors import ReasongapError, SolverFailed
from reasongap.models.seam import Model
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.seam import Solver


async def solve(solver: Solver, question: Question, model: Model, sandbox: Sandbox) -> Solution:
    """What the strategy makes of the question.

    Raises `SolverFailed` where it gives no solution whose answers can be graded, and for what
    it raises of its own.
    """
    try:
        solution = await solver.solve(question, model, sandbox)
        _check(solution)
    except (ReasongapError, OSError):  # of the model, the sandbox, the disk
        raise
    except Exception as error:
        place = f"{question.composition} {question.setting}"
        raise SolverFailed(solver.name, place, error) from error
    return solution


def _check(solution: object) -> None:
    """Raise TypeError for what cannot be graded."""
    if not isinstance(solution, Solution):
        raise TypeError(f"it returned {solution!r:.80}, which is no Solution")
    for answer in (solution.answer, solution.strict_answer, *solution.hop_answers):
        if answer is not None and not isinstance(answer, Fraction):
            kind = type(answer).__name__
            raise TypeError(f"an answer must be a Fraction or None, not {answer!r:.80} ({kind})")
