"""The questions as an Inspect AI task: asked, and their last number held against the answer."""
# pyright: reportMissingImports=false
# It lies in its own environment.

from __future__ import annotations

from inspect_ai import Task, task
from inspect_ai.dataset import FieldSpec, json_dataset
from inspect_ai.scorer import match
from inspect_ai.solver import generate


@task  # type: ignore[untyped-decorator]
def questions(file: str) -> Task:
    """The questions of a JSON-lines file."""
    dataset = json_dataset(file, FieldSpec(input="question", target="answer", id="id"))
    return Task(dataset=dataset, solver=generate(), scorer=match(numeric=True))
