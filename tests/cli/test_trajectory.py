"""`reasongap trajectory` from folders of checkpoints to the curve."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from reasongap.runs.folder import read_run
from reasongap.testing import FaultyServer, chat
from tests.cli.conftest import Command
from tests.models.hf.tiny import save_adapter, save_model
from tests.runs.studies import compositions_file

STEPS = """
[model."openai/start"]
step = 0
[model."openai/early"]
series = "human"
step = 10
[model."openai/late"]
series = "human"
step = 20
"""


@pytest.fixture
def served(server: FaultyServer, tmp_path: Path) -> list[object]:
    """The arguments that ask three steps of a series on a server."""
    server.answers = [chat("Final answer: 5")]
    study = tmp_path / "study.toml"
    study.write_text(STEPS)
    chains = compositions_file(tmp_path, 4)
    return ["trajectory", study, "--api-base", server.url, "-p", chains, "-s", "cot", "--yes"]


def steps(table: str, *start: str) -> list[str]:
    """The steps in the rows that begin so."""
    rows = map(str.split, table.splitlines())
    return [row[2] for row in rows if row[:2] == list(start)]


def test_models_on_a_server_make_a_series_with_the_start_in_it(
    reasongap: Command, served: list[object], server: FaultyServer
) -> None:
    ended = reasongap(*served, "--out", "run")
    assert ended.code == 0, ended.err
    assert "human under cot is best on the chain at step 0" in ended.out
    assert steps(ended.out, "human", "cot") == ["0", "10", "20"]
    assert max(len(line) for line in ended.out.splitlines() if not line.startswith("! ")) <= 80
    assert Path("run/trajectory.png").stat().st_size > 10_000
    assert "human: chain" in Path("run/trajectory.svg").read_text("utf-8")
    assert "Curve: run/trajectory.png" in ended.err
    asked = len(server.calls)
    again = reasongap(*served, "--out", "run")
    assert (again.out, len(server.calls)) == (ended.out, asked)


def test_every_form_holds_every_step(reasongap: Command, served: list[object]) -> None:
    told = json.loads(reasongap(*served, "--format", "json").out)
    (row,) = told["trajectories"]
    assert [point["step"] for point in row["checkpoints"]] == [0, 10, 20]
    assert set(row["checkpoints"][0]) == {"model", "step", "s", "s_comp", "delta"}
    assert len(row["checkpoints"][0]["s_comp"]["ci"]) == 2
    assert (told["schema"], row["series"], row["peak"]) == (1, "human", 0)
    rows = list(csv.DictReader(io.StringIO(reasongap(*served, "--format", "csv").out)))
    assert [(r["series"], r["strategy"], r["step"]) for r in rows] == [
        ("human", "cot", "0"), ("human", "cot", "10"), ("human", "cot", "20"),
    ]  # fmt: skip
    assert float(rows[0]["s_comp_value"]) == 0.0
    assert "| human | cot | 10 |" in reasongap(*served, "--format", "markdown").out
    assert r"\begin{tabular}" in reasongap(*served, "--format", "latex").out


@pytest.mark.needs("hf")
def test_folders_of_checkpoints_become_curves(reasongap: Command, tmp_path: Path) -> None:
    base = save_model(tmp_path / "base")
    for step in (2, 10):
        save_adapter(tmp_path / "human" / f"checkpoint-{step}", base, seed=step)
        save_model(tmp_path / "own" / f"checkpoint-{step}", seed=step)
    chains = compositions_file(tmp_path, 3)
    asked = ["trajectory", "--series", "human=human", "--series", "own=own", "--base", f"hf/{base}"]
    asked += ["-p", str(chains), "--max-tokens", "12", "--out", "run", "--figures", "."]
    ended = reasongap(*asked)
    assert ended.code == 0, ended.err
    for series in ("human", "own"):
        for strategy in ("cot", "pot"):
            assert steps(ended.out, series, strategy) == ["0", "2", "10"]
    assert Path("trajectory.pdf").exists()
    run = read_run(Path("run"))
    assert len(run.records) == 5 * 2 * 3 * 3
    texts = {record.solution.completions[0].text for record in run.records}
    assert len(texts) > 50, "the checkpoints say the same"
    assert {spec.series for spec in run.manifest.models.values()} == {"human", "own", None}
    moved = reasongap("report", "run", "--format", "json")
    assert len(json.loads(moved.out)["analyses"]["trajectories"]) == 4

    save_adapter(tmp_path / "human" / "checkpoint-2", base, seed=99)
    ended = reasongap(*asked)
    assert ended.code == 2
    assert "hf/human/checkpoint-2 weights: there" in ended.err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--series", "human"], "'human' is no NAME=DIR"),
        (["--series", "a=x", "--series", "a=y"], "'a' stands twice"),
        (["--series", "human=none"], "none: no such folder"),
        (["--series", "human=empty"], "empty: holds no checkpoint-N"),
        (["--series", "a=full", "--series", "b=full"], "full/checkpoint-1 is in two series: a"),
        (["-m", "openai/one"], "no model belongs to a series of checkpoints"),
        pytest.param(
            ["--series", "a=full"],
            "holds neither config.json nor adapter_config.json",
            marks=pytest.mark.needs("hf"),  # without it, that is what is said first
        ),
        (["--series", "a=full", "--form", "spoken"], "form 'spoken'"),
    ],
)
def test_mistakes_are_told_before_anything_runs(
    arguments: list[str], why: str, reasongap: Command, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "full" / "checkpoint-1").mkdir(parents=True)
    ended = reasongap("trajectory", *arguments, "-n", "2", "--out", "run")
    assert ended.code == 2
    assert why in " ".join(ended.err.split())
