"""Whether a part of your own keeps its seam's contract: checks to run in your tests.

    def test_my_solver_conforms():
        check_solver(MySolver())

Each returns None, or raises `NotConforming` saying what was expected and what came.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import islice

import anyio

from reasongap.answers import Rule
from reasongap.domain import Execution, Problem, Program
from reasongap.errors import ReasongapError
from reasongap.problems import Composed, ProblemSource, compose
from reasongap.sandbox import Limits, Sandbox
from reasongap.solvers import Solver
from reasongap.testing.solving import check_solving

MOST = 60
"""Problems of a source that are looked at."""

HOSTILE = ("", " \n\n", "Final answer: 18", "Final answer: 1/0", "9" * 10_000, "((((" * 2_000, "\0")
"""Replies that a rule must bear."""


class NotConforming(AssertionError):
    """A part does not keep its seam's contract; the message says where."""


def expect(holds: bool, why: str) -> None:
    """Raise `NotConforming` with the reason where something does not hold."""
    if not holds:
        raise NotConforming(why)


def check_solver(solver: Solver) -> None:
    """Ask the solver on scripted models, in chat and base form, with good and bad replies.

    It must return whatever it took, ask no question twice for the same reply, ask the same
    again when run again, and let `ModelError`, `BudgetStop` and cancellation pass.
    """
    expect(isinstance(solver, Solver), f"{solver!r} has no `name` and `solve`")
    _check_name(solver.name)
    expect(" at 0x" not in repr(solver), f"{solver!r}: its repr changes; make it a dataclass")
    for broken in anyio.run(check_solving, solver):
        raise NotConforming(f"{solver.name}: {broken}")


def check_sandbox(sandbox: Sandbox) -> None:
    """Run programs that end in every common way, several at once, and close it twice.

    What it holds against attacks is another matter: `reasongap doctor --attack`.
    """
    expect(isinstance(sandbox, Sandbox), f"{sandbox!r} lacks name, run, layers or aclose")
    _check_name(sandbox.name)
    anyio.run(_run_programs, sandbox)


def check_problems(source: ProblemSource) -> None:
    """Load the first problems twice, look at each, and chain two of them."""
    expect(isinstance(source, ProblemSource), f"{source!r} has no `name` and `load`")
    _check_name(source.name)
    problems, again = (list(islice(source.load(), MOST)) for _ in range(2))
    expect(bool(problems), f"{source.name}: it holds no problem")
    expect(problems == again, f"{source.name}: a second load() gives other problems")
    for problem in problems:
        _check_problem(source.name, problem)
    twice = [name for name, n in Counter(problem.id for problem in problems).items() if n > 1]
    expect(not twice, f"{source.name}: several problems have the id {twice[:1]}")

    async def chain() -> Composed:
        return await compose(problems, hops=2, n=None, seed=0, run=None)

    made = anyio.run(chain)
    refused = {**made.summary.refused_problems, **made.summary.refused_slots}
    why = "no two of its problems can be chained: solutions need steps such as <<6*8=48>>48"
    expect(bool(made.compositions), f"{source.name}: {why}; refused: {refused}")


def check_rule(rule: Rule) -> None:
    """Read replies that are empty, long, or hostile; only a fraction or None may come."""
    _check_name(rule.name)
    for text in HOSTILE:
        for hops in (1, 2):
            found = rule.read(text, hops)
            why = f"{rule.name}: read({text[:20]!r}…, {hops}) gives {found!r}, no Fraction"
            expect(found is None or isinstance(found, Fraction), why)


def _check_name(name: object) -> None:
    good = isinstance(name, str) and name.strip() == name != "" and "\n" not in name
    expect(good, f"the name {name!r} is no single line of text")


def _check_problem(source: str, problem: Problem) -> None:
    place = f"{source}: problem {problem.id!r}"
    expect(isinstance(problem, Problem), f"{source}: load() yields {problem!r}, no Problem")
    expect(bool(problem.question.strip()), f"{place} has no question")
    exact = isinstance(problem.answer, Fraction)
    expect(exact, f"{place}: its answer {problem.answer!r} is no Fraction")


async def _run_programs(sandbox: Sandbox) -> None:
    try:
        await _run_each(sandbox)
        await _run_together(sandbox)
        named = all(isinstance(layer, str) for layer in sandbox.layers())
        expect(named, f"{sandbox.name}: layers() gives {sandbox.layers()!r}, no names")
    finally:
        await sandbox.aclose()
        await sandbox.aclose()


async def _run_each(sandbox: Sandbox) -> None:
    quick = Limits(seconds=1.0, cpu_seconds=1.0)
    chain = "def solve_q1():\n    return 6\n\n\ndef solution():\n    return solve_q1() * 7\n"
    for source, limits, status, value in (
        ("def solution():\n    return 6 * 7\n", None, "ok", "42"),
        ("ans = 5 / 2\n", None, "ok", "2.5"),
        ("def solution():\n    return 1 / 0\n", None, "error", None),
        ("def solution(:\n", None, "error", None),
        ("def solution():\n    while True:\n        pass\n", quick, "timeout", None),
        (chain, None, "ok", "42"),
    ):
        came = await _run(sandbox, Program(source, hop_functions=("solve_q1",)), limits)
        expect(
            came.status == status, f"{sandbox.name}: {source!r} ends {came.status}, not {status}"
        )
        why = f"{sandbox.name}: {source!r} has the value {came.value!r}, not {value!r}"
        expect(came.value == value, why)
        hop = ("6",) if source is chain else (None,)
        why = f"{sandbox.name}: {source!r} has the hop values {came.hop_values!r}, not {hop!r}"
        expect(status != "ok" or came.hop_values == hop, why)
    said = await _run(sandbox, Program('print("12 cups")\n'), None)
    expect("12 cups" in said.stdout, f"{sandbox.name}: what a program prints is lost: {said!r}")
    failed = await _run(sandbox, Program("1 / 0\n"), None)
    named = "ZeroDivisionError" in (failed.error or "")
    expect(named, f"{sandbox.name}: an error does not name its kind: {failed.error!r}")


async def _run_together(sandbox: Sandbox) -> None:
    values: dict[int, str | None] = {}

    async def one(i: int) -> None:
        values[i] = (await _run(sandbox, Program(f"ans = {i} * 3\n"), None)).value

    async with anyio.create_task_group() as group:
        for i in range(8):
            group.start_soon(one, i)
    mixed = {i: value for i, value in values.items() if value != str(i * 3)}
    expect(not mixed, f"{sandbox.name}: programs run at once get each other's values: {mixed}")


async def _run(sandbox: Sandbox, program: Program, limits: Limits | None) -> Execution:
    try:
        came = await sandbox.run(program, limits)
    except ReasongapError as error:
        why = (
            f"{sandbox.name}: {program.source!r} raises {error!r}; a program's failure is returned"
        )
        raise NotConforming(why) from error
    expect(isinstance(came, Execution), f"{sandbox.name}: run() gives {came!r}, no Execution")
    return came
