"""The training recipe, from two sets of solutions to the curve, on a tiny model."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

import pytest

from reasongap.domain import Problem, Request
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.problems import open_source
from tests.cli.conftest import Command, reasongap
from tests.models.hf.tiny import save_model

__all__ = ["reasongap"]  # the fixture, which the test takes by its name

RECIPE = Path(__file__).parents[2] / "examples" / "trajectory"
N = 6


def run(script: str, *arguments: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a script of the recipe in this process, which has loaded torch already."""
    monkeypatch.setattr(sys, "argv", [script, *map(str, arguments)])
    runpy.run_path(str(RECIPE / script), run_name="__main__")


def solver_of(problems: list[Problem]) -> ScriptedModel:
    """A model that knows these problems but the first one, and half of the time only."""

    def reply(request: Request) -> str:
        assert request.prompt is not None
        asked = request.prompt.rpartition("Question: ")[2]
        known = next(problem for problem in problems if asked.startswith(problem.question))
        if known is problems[0] or (request.sample == 0 and known in problems[1:3]):
            return " I cannot tell."
        return known.program if "```" in asked else f" So it is {known.answer}."  # type: ignore[return-value]

    return ScriptedModel(reply, ModelSpec("knows", form="base", price=(0.0, 0.0)))


@pytest.mark.needs("hf")
def test_the_recipe_leads_from_solutions_to_the_curve(
    reasongap: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stream = open_source("minted:1:craft,garden,home,nature,school,sport,travel,work", seed=1)
    problems = [problem for problem, _ in zip(stream.load(), range(N), strict=False)]
    with monkeypatch.context() as patched:
        patched.setattr("reasongap.models.open_model", lambda spec: solver_of(problems))
        run("data.py", "knows", "--out", "work", "-n", N, "--samples", 2, monkeypatch=patched)
    human, own = (
        [json.loads(line) for line in Path(f"work/{name}.jsonl").read_text().splitlines()]
        for name in ("human", "synthetic")
    )
    assert [row["prompt"] for row in human] == [row["prompt"] for row in own]
    assert len(human) == 2 * (N - 1)
    assert human[0]["prompt"] == f"Question: {problems[1].question}\nAnswer:"
    assert human[0]["reply"] == f" {problems[1].solution}"
    assert own[0]["reply"] == f" So it is {problems[1].answer}."
    assert own[1]["reply"] == human[1]["reply"] == f"{problems[1].program}```"

    save_model(tmp_path / "work" / "base")
    for name in ("human", "synthetic"):
        data, out = f"work/{name}.jsonl", f"work/{name}"
        arguments = ("work/base", data, "--out", out, "--steps", 1, 2, "--batch", 4)
        run("finetune.py", *arguments, monkeypatch=monkeypatch)
    capsys.readouterr()
    ended = reasongap(
        *("trajectory", "--base", "hf/work/base"),
        *("--series", "human=work/human", "--series", "synthetic=work/synthetic"),
        *("-p", "minted:1:farm,health,kitchen,shop,stage,town", "--form", "base"),
        *("-n", 2, "--shots", 0, "--max-tokens", 8, "--out", "work/run", "--format", "json"),
    )
    assert ended.code == 0, ended.err
    told = json.loads(ended.out)["trajectories"]
    steps = [[point["step"] for point in row["checkpoints"]] for row in told]
    assert [(row["series"], row["strategy"]) for row in told] == [
        ("human", "cot"), ("human", "pot"), ("synthetic", "cot"), ("synthetic", "pot"),
    ]  # fmt: skip
    assert steps == [[0, 1, 2]] * 4
    assert Path("work/run/trajectory.svg").exists()
