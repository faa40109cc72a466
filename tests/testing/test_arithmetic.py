"""The model that only adds up: right about sums, and in the form that each prompt asks for."""

from __future__ import annotations

from fractions import Fraction

import anyio
import pytest

from reasongap.domain import Form
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.models.scripted import request_text
from reasongap.problems import questions
from reasongap.sandbox import open_sandbox
from reasongap.solvers import open_solver
from reasongap.testing.arithmetic import arithmetic
from tests.runs.studies import chain


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is 3 plus 4?", "7"),
        ("What is 3 times 4?", "12"),
        ("Take 1,200 minus 0.5.", "1199.5"),
        ("Ann has 3 pens and 4 cups, times 2.", "14"),
        ("Why?", "0"),
    ],
)
def test_it_folds_the_numbers_of_a_question(question: str, answer: str) -> None:
    assert arithmetic(f"Question: {question}").endswith(f"Final answer: {answer}")


@pytest.mark.parametrize("strategy", ["cot", "pot"])
@pytest.mark.parametrize("form", ["chat", "base"])
def test_it_answers_every_setting_of_both_strategies_in_both_forms(
    strategy: str, form: Form
) -> None:
    item = chain(1)
    model = ScriptedModel(
        lambda request: arithmetic(request_text(request)), ModelSpec("sums", form=form)
    )

    async def answers() -> list[Fraction | None]:
        sandbox = open_sandbox("restricted")
        solver = open_solver(strategy)
        asked = questions(item, ("hop1", "hop2", "composed"), [item])
        solved = [await solver.solve(question, model, sandbox) for question in asked]
        await sandbox.aclose()
        return [solution.strict_answer for solution in solved]

    assert anyio.run(answers) == [7, 35, 35]
