"""From folders of checkpoints to the tables of a study."""

from __future__ import annotations

from pathlib import Path

import pytest

from reasongap.errors import UsageError
from reasongap.runs.opening import spec_of
from reasongap.runs.series import series_tables, with_tables
from reasongap.runs.study import make_study


def test_every_checkpoint_has_its_series_and_step_and_the_base_none(tmp_path: Path) -> None:
    for name in ("human/checkpoint-20", "human/checkpoint-3", "own/checkpoint-3"):
        (tmp_path / name).mkdir(parents=True)
    folders = {"human": tmp_path / "human", "own": tmp_path / "own"}
    assert list(series_tables(folders, "openai/start").items()) == [
        ("openai/start", {"step": 0}),
        (f"hf/{tmp_path}/human/checkpoint-3", {"series": "human", "step": 3}),
        (f"hf/{tmp_path}/human/checkpoint-20", {"series": "human", "step": 20}),
        (f"hf/{tmp_path}/own/checkpoint-3", {"series": "own", "step": 3}),
    ]


def test_a_study_keeps_its_own_settings_for_a_checkpoint() -> None:
    study = make_study(models=("a", "b"), model={"a": {"seed": 7}, "b": {"price": [1, 2]}})
    made = with_tables(study, {"a": {"series": "human", "step": 5}})
    assert (spec_of(made, "a").seed, spec_of(made, "a").step) == (7, 5)
    assert spec_of(made, "b").price == (1, 2)


def test_a_study_without_a_series_is_refused() -> None:
    with pytest.raises(UsageError, match="--series NAME=DIR, or set `series` and `step`"):
        with_tables(make_study(models=("a",)), {"a": {"step": 0}})
