"""What stands between a study and its models."""

from __future__ import annotations

from pathlib import Path

import pytest

from reasongap.models import ModelSpec, ScriptedModel
from reasongap.runs.budget import BudgetedModel
from reasongap.runs.calling import Calling, Places
from reasongap.runs.deadline import TimedModel
from reasongap.runs.events import silent
from reasongap.runs.study import make_study
from reasongap.runs.throttle import ThrottledModel


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("openai/gpt-4o-mini", 30.0), ("local/smollm2-135m", 120.0), ("hf/tiny", 120.0)],
)
def test_models_in_this_process_have_the_deadline_for_each_call_in_line(
    tmp_path: Path, name: str, seconds: float
) -> None:
    study = make_study(models=(name,), strategies=("cot",), connections=4, deadline=30.0)
    model = ScriptedModel(lambda request: "", ModelSpec(name))
    places = Places(tmp_path, tmp_path / "cache.sqlite")
    calling = Calling(study, [model], places, "run", silent)
    throttled = calling.models[0][0].model
    calling.close()
    assert isinstance(throttled, ThrottledModel)
    assert isinstance(throttled.model, BudgetedModel)
    assert throttled.model.model == TimedModel(model, seconds)
