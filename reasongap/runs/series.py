"""Series of checkpoints: the tables that tell a study which model is which step of which."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reasongap.errors import UsageError
from reasongap.models.hf.checkpoint import HF, checkpoints_in
from reasongap.runs.opening import spec_of
from reasongap.runs.study import Study

Tables = Mapping[str, Mapping[str, object]]
"""Settings by model, as the `[model."NAME"]` tables of a study hold them."""


def series_tables(folders: Mapping[str, Path], base: str | None = None) -> Tables:
    """The model of every checkpoint in the folders of these series, with its series and step.

    `base` is the model before training: step 0 of all of them. Raises `BadFile`, and
    `UsageError` where two series hold the same checkpoint.
    """
    tables: dict[str, Mapping[str, object]] = {} if base is None else {base: {"step": 0}}
    for name, folder in folders.items():
        for step, path in checkpoints_in(folder):
            model = f"{HF}{path}"
            if model in tables:
                raise UsageError(f"{path} is in two series: {tables[model]['series']} and {name}")
            tables[model] = {"series": name, "step": step}
    return tables


def with_tables(study: Study, tables: Tables) -> Study:
    """The study with these facts added to its models' tables.

    Raises `UsageError` where none of its models then belongs to a series.
    """
    both = dict(study.model)
    for name, table in tables.items():
        both[name] = {**both.get(name, {}), **table}
    study = study.model_copy(update={"model": both})
    named = [name for name in study.models if isinstance(name, str)]
    if not any(spec_of(study, name).series for name in named):
        raise UsageError(
            "no model belongs to a series of checkpoints. Name the folder of one with --series "
            'NAME=DIR, or set `series` and `step` in a study file ([model."…"])'
        )
    return study
