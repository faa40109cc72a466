"""Equations are solved in the sandbox, exactly, where sympy may be imported."""

from __future__ import annotations

from fractions import Fraction

import anyio

from reasongap.domain import Program, Question, Solution
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.prompts import exemplar_sets, load_prompt
from reasongap.prompts.files import fill
from reasongap.runs.limited_sandbox import LimitedSandbox
from reasongap.sandbox import RestrictedSandbox
from reasongap.solvers import Equations
from tests.sandbox.conftest import PATIENT
from tests.solvers.asked import CHAIN, SINGLE, solve


def test_without_equations_nothing_runs() -> None:
    assert solve(Equations(), ["I do not know."]).programs == ()


def in_sandbox(asked: list[tuple[str, Question]], spec: ModelSpec) -> list[Solution]:
    async def main() -> list[Solution]:
        plain = RestrictedSandbox(workers=1)
        sandbox = LimitedSandbox(plain, PATIENT, kind="restricted")
        try:
            return [
                await Equations().solve(question, ScriptedModel([reply], spec), sandbox)
                for reply, question in asked
            ]
        finally:
            await sandbox.aclose()

    return anyio.run(main)


def test_every_worked_exemplar_solves_to_its_answers() -> None:
    asked = []
    for name in exemplar_sets():
        prompt = load_prompt("equations", exemplar_set=name)
        for exemplar in prompt.exemplars:
            golds = tuple(Fraction(hop.answer) for hop in exemplar.hop)
            texts = tuple(hop.question for hop in exemplar.hop)
            reply = fill(prompt.file.worked, hops=exemplar.hop).strip()
            asked.append((reply, Question("c", "b", "composed", texts, golds)))
    assert len(asked) == 16
    solved = in_sandbox(asked, ModelSpec("scripted", form="base"))
    for (reply, question), solution in zip(asked, solved, strict=True):
        assert solution.strict_answer == question.gold, reply
        assert solution.hop_answers == question.hop_golds[:-1], reply


DETERMINED: dict[str, object] = {
    "```\nbikes + trikes = 10\n2*bikes + 3*trikes = 24\nanswer = trikes\n```": 4,
    "answer**2 = 16": 4,
    "x * 3 = 1\nanswer = x": Fraction(1, 3),
    "5 = 5\nanswer = 3": 3,
    "answer + b = 3": None,
    "a = 1\na = 2\nanswer = a": None,
    "answer**2 = -4": None,
}


def test_what_the_equations_determine_is_the_answer() -> None:
    solved = in_sandbox([(reply, SINGLE) for reply in DETERMINED], ModelSpec("scripted"))
    for (reply, answer), solution in zip(DETERMINED.items(), solved, strict=True):
        assert solution.answer == answer, reply
        open_ = "do not determine answer" in (solution.executions[0].error or "")
        assert open_ is (answer is None), reply


def test_other_programs_still_cannot_import_sympy() -> None:
    async def main() -> str | None:
        sandbox = LimitedSandbox(RestrictedSandbox(workers=1), PATIENT, kind="restricted")
        try:
            reply = ScriptedModel(["answer_q1 = 12\nanswer = X * 2"])
            solution = await Equations().solve(CHAIN, reply, sandbox)
            assert solution.answer == 24
            assert solution.hop_answers == (Fraction(12),)
            return (await sandbox.run(Program("import sympy\nans = 1\n"))).status
        finally:
            await sandbox.aclose()

    assert anyio.run(main) == "blocked"
