"""What a stream cannot encode has a stand-in there: no command fails for it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reasongap import ScriptedModel, compare
from reasongap.cli.encoding import never_fail
from reasongap.models import ModelSpec
from tests.runs.studies import calculator, compositions_file


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    model = ScriptedModel(calculator, ModelSpec("naïve−Δ", price=(0.0, 0.0)))
    compare(model, "cot", str(compositions_file(folder)), out=folder / "run", progress=False)
    return folder / "run"


def printed(encoding: str, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "reasongap", *map(str, arguments)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        check=False,
    )


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "ascii:surrogateescape"])
def test_a_report_is_printed_in_any_encoding(run: Path, encoding: str) -> None:
    ended = printed(encoding, "report", run)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"with D = +0.00" in ended.stdout


def test_help_is_printed_in_any_encoding() -> None:
    ended = printed("ascii", "compare", "--help")
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_signs_of_tables_keep_their_width_and_json_stays_json() -> None:
    file = io.TextIOWrapper(io.BytesIO(), "ascii")
    never_fail(file)
    print("Δ −0.12 – ±", file=file)
    told = {"name": 'é 𝔸 \\ "', "why": "日本"}
    print(json.dumps(told, ensure_ascii=False), file=file)
    file.flush()
    first, second = file.buffer.getvalue().decode("ascii").splitlines()
    assert first == "D -0.12 - +"
    assert json.loads(second) == told
