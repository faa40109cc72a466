"""Tasks come in the order that suits the model, and only where an answer is missing."""

from __future__ import annotations

from reasongap.domain import Key
from reasongap.models import ScriptedModel
from reasongap.runs.outcomes import Outcomes
from reasongap.runs.tasks import Tasks, lanes
from reasongap.solvers import ChainOfThought, ProgramOfThought
from tests.runs.studies import chain, scripted

SETTINGS = ("hop1", "hop2", "composed", "hop2-distracted")


def tasks_of(model: ScriptedModel) -> Tasks:
    items = [chain(i) for i in range(4)]
    return Tasks([model], items, SETTINGS, [ChainOfThought(), ProgramOfThought()])


def test_what_belongs_to_a_composition_lies_together() -> None:
    keys = [task.key for task in tasks_of(scripted("far"))]
    assert [key.composition for key in keys] == [f"item{i}" for i in range(4) for _ in range(8)]


def test_local_questions_go_prompt_by_prompt() -> None:
    tasks = list(tasks_of(scripted("local/near")))
    order = [(task.key.strategy, task.question.chained) for task in tasks]
    expected = [(name, chained) for name in ("cot", "pot") for chained in (False, True)]
    assert list(dict.fromkeys(order)) == expected
    assert order == sorted(order)


def test_both_orders_hold_the_same_questions() -> None:
    far, near = (
        {(t.key.strategy, t.key.composition, t.key.setting): t.question for t in tasks_of(model)}
        for model in (scripted("far"), scripted("local/near"))
    )
    assert far == near
    assert len(far) == tasks_of(scripted()).total == 32


def test_what_is_settled_is_no_task_and_what_the_machinery_failed_at_is_one() -> None:
    right, failed = (Key("m", "cot", "item0", name, 0) for name in ("hop1", "hop2"))
    whole = tasks_of(scripted("m"))
    some = Tasks(
        whole.repeats,
        whole.compositions,
        whole.settings,
        whole.solvers,
        Outcomes([(right, "wrong"), (failed, "model_error")]),
    )
    assert (some.total, some.settled) == (32, 1)
    keys = {task.key for task in some}
    assert right not in keys
    assert failed in keys


def test_models_on_this_machine_share_a_lane() -> None:
    parts = [tasks_of(scripted(name)) for name in ("local/a", "far", "local/b")]
    assert [len(list(lane.tasks)) for lane in lanes(parts, 4)] == [64, 32]
