"""A run is graded again from what it holds, by whatever strategy, and no model is called."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import anyio
import pytest

from reasongap.answers import TOLERANCE, Rule, open_rule
from reasongap.domain import Completion, Question, Request, Solution
from reasongap.errors import BadFile, BadRequest
from reasongap.models import Model, ModelSpec, ScriptedModel
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.events import silent
from reasongap.runs.folder import RunFolder, read_run
from reasongap.runs.rescore import Regraded, conditions_of, rescore, write_run
from reasongap.runs.study import make_study
from reasongap.sandbox import Sandbox
from tests.runs.studies import calculator, compositions_file, scripted


def run_of(tmp_path: Path, model: Model, *strategies: object, **given: object) -> RunFolder:
    compositions_file(tmp_path, 3)
    study = make_study(
        models=(model,),
        strategies=strategies or ("cot", "pot"),
        problems=str(tmp_path / "chains.jsonl"),
        **{"n": 3, **given},
    )
    anyio.run(conduct, study, Places(tmp_path / "run", tmp_path / "replies.sqlite"), silent)
    return read_run(tmp_path / "run")


def again(
    run: RunFolder,
    rule: Rule | None = None,
    tolerance: Fraction = TOLERANCE,
    timeout: float | None = None,
) -> list[Regraded]:
    study = conditions_of(run.manifest, timeout=timeout)
    return anyio.run(rescore, run, study, rule, tolerance)


def test_the_same_conditions_give_the_same_grades(tmp_path: Path) -> None:
    run = run_of(tmp_path, scripted(), repeats=2)
    graded = again(run)
    assert len(graded) == 36
    assert not any(one.changed or one.kept for one in graded)
    assert {one.new.key for one in graded} == {record.key for record in run.records}


def test_other_limits_change_what_programs_give(tmp_path: Path) -> None:
    def slow(request: Request) -> str:
        return calculator(request).replace("def solution():", "def solution():\n    spin()") + (
            "\n```python\ndef spin():\n    for i in range(10**7):\n        pass\n```"
        )

    run = run_of(tmp_path, ScriptedModel(slow, ModelSpec("slow")), "pot", n=1, timeout=60.0)
    assert {record.outcome for record in run.records} == {"correct"}
    graded = again(run, timeout=0.1)
    assert {one.new.outcome for one in graded} == {"timeout"}
    assert {one.why for one in graded} == {"program: ok → timeout"}


def test_another_rule_reads_other_answers(tmp_path: Path) -> None:
    def boxed(request: Request) -> str:
        return f"{calculator(request)}\n\\boxed{{1}}"

    run = run_of(tmp_path, ScriptedModel(boxed, ModelSpec("m")), "cot")
    graded = again(run, rule=open_rule("boxed"))
    assert {one.new.outcome for one in graded} == {"wrong"}
    assert all(one.why.endswith("(final_line) → 1 (boxed)") for one in graded)


def test_a_tolerance_forgives_what_is_no_integer(tmp_path: Path) -> None:
    def near(request: Request) -> str:
        return calculator(request) + ".01"

    run = run_of(tmp_path, ScriptedModel(near, ModelSpec("m")), "cot")
    assert {one.new.outcome for one in again(run)} == {"wrong"}
    graded = again(run, tolerance=Fraction(1, 50))
    assert {one.new.outcome for one in graded} == {"correct"}
    assert all("graded otherwise" in one.why for one in graded)


def test_a_strategy_of_many_calls_is_played_again_with_its_own_replies(tmp_path: Path) -> None:
    calls = 0

    def wavering(request: Request) -> str:
        nonlocal calls
        calls += 1
        return calculator(request) if calls % 3 else "Final answer: 0"

    model = ScriptedModel(wavering, ModelSpec("m", temperature=0.7, seed=1))
    run = run_of(tmp_path, model, "self-consistency(cot, n=3)")
    assert all(len(record.solution.completions) == 3 for record in run.records)
    asked = len(model.requests)
    graded = again(run)
    assert not any(one.changed or one.kept for one in graded)
    assert len(model.requests) == asked


def test_what_cannot_be_graded_anew_keeps_its_grade_and_says_why(tmp_path: Path) -> None:
    class Own:
        name = "own"

        async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
            return Solution(question.gold)

    run = run_of(tmp_path, scripted(), "cot", Own())
    kept = {one.old.key.strategy: one.kept for one in again(run)}
    assert kept == {"cot": "", "own": "its strategy was a Python object"}
    other = make_study(strategies=("cot",), models=("any",), preamble=False)
    graded = anyio.run(rescore, run, other)
    assert {one.kept for one in graded if one.old.key.strategy == "cot"} == {
        "its strategy or prompt asks otherwise now"
    }
    assert all(one.new == one.old for one in graded)


def test_replies_of_a_call_that_failed_later_are_kept_and_paid(tmp_path: Path) -> None:
    class Twice:
        name = "twice"

        async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
            first = await model.complete(Request(prompt="one"))
            await model.complete(Request(prompt="two"))
            return Solution(None, completions=(first,))

    def failing(request: Request) -> Completion | Exception:
        if request.prompt == "two":
            return BadRequest("m", "400")
        return Completion(request, "paid", cost=0.5)

    run = run_of(tmp_path, ScriptedModel(failing, ModelSpec("m")), Twice(), n=1)
    assert {record.outcome for record in run.records} == {"model_error"}
    assert [c.text for record in run.records for c in record.solution.completions] == ["paid"] * 3


def test_the_new_grades_can_be_a_run_of_their_own(tmp_path: Path) -> None:
    run = run_of(tmp_path, scripted())
    records = [one.new for one in again(run)]
    write_run(tmp_path / "again", run, {"limits": "others"}, records)
    made = read_run(tmp_path / "again")
    assert list(made.records) == records
    assert made.manifest.conditions["limits"] == "others"
    assert made.manifest.id != run.manifest.id
    with pytest.raises(BadFile, match="holds a run already"):
        write_run(tmp_path / "again", run, {}, records)
