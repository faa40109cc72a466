"""From a reply with a program to its value, and to words about what came of running it."""

from __future__ import annotations

from dataclasses import replace

from reasongap.answers import find_program, lacks_solution, read_execution
from reasongap.domain import Completion, Execution, Program, Question, Solution
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.prompted import Reply

LONGEST = 500
"""Characters of an error or an output that a model is told."""


async def run_reply(reply: Reply, question: Question, sandbox: Sandbox) -> Solution:
    """The value of the program in the reply; no answer where there is no program."""
    source = find_program(reply.text, opened=reply.opened)
    if source is None:
        return Solution(answer=None, completions=(reply.completion,))
    return await run_program(program_for(question, source), reply.completion, sandbox)


def program_for(question: Question, source: str) -> Program:
    """The program with the functions that the prompts ask for: one for each hop.

    Where it has no `solution`, its function for the last hop, `solve_q2` of two, stands in.
    """
    *before, last = (f"solve_q{i}" for i in range(1, len(question.hops) + 1))
    entry = last if before and lacks_solution(source, last) else "solution"
    return Program(source, entry_point=entry, hop_functions=tuple(before))


async def run_program(program: Program, completion: Completion, sandbox: Sandbox) -> Solution:
    """The value of a program that `completion` led to."""
    execution = await sandbox.run(program)
    reading = read_execution(execution, asked=program.entry_point == "solution")
    return Solution(
        answer=reading.answer,
        strict_answer=reading.strict_answer,
        hop_answers=reading.hop_answers,
        rule=reading.rule,
        completions=(completion,),
        programs=(program,),
        executions=(execution,),
    )


def joined(deciding: Solution, *others: Solution) -> Solution:
    """A solution with what the others took put before its own, so that its own stands last."""
    every = (*others, deciding)
    return replace(
        deciding,
        completions=tuple(c for solution in every for c in solution.completions),
        programs=tuple(p for solution in every for p in solution.programs),
        executions=tuple(e for solution in every for e in solution.executions),
    )


def source_of(solution: Solution) -> str:
    """The last program of a solution, as it is shown to a model."""
    return solution.programs[-1].source if solution.programs else "# there is none"


def tell(solution: Solution) -> str:
    """What came of running the last program of a solution, in words for a model."""
    if not solution.programs:
        return "The reply held no program."
    program, execution = solution.programs[-1], solution.executions[-1]
    if execution.status != "ok":
        return _tell_failure(execution)
    lines = [
        f"{function}() returns {value}."
        for function, value in zip(program.hop_functions, execution.hop_values, strict=False)
    ]
    if execution.value is not None:
        place = execution.value_from
        name = f"{program.entry_point}() returns" if place == "solution" else f"{place} is"
        lines.append(f"{name} {execution.value[:LONGEST]}.")
    else:
        lines.append(f"{program.entry_point}() returns nothing.")
    if execution.stdout.strip():
        lines.append(f"It prints:\n{execution.stdout.strip()[-LONGEST:]}")
    return "\n".join(lines)


def _tell_failure(execution: Execution) -> str:
    if execution.status == "error":
        return f"It ends with an error: {(execution.error or '')[-LONGEST:]}"
    if execution.status == "timeout":
        return "It does not end in time."
    return f"It was stopped ({execution.status}): {(execution.error or '')[-LONGEST:]}"
