"""`reasongap exec`: packages that may be imported, and isolation that has to be there."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

import pytest

from reasongap.sandbox import RestrictedSandbox
from tests.cli.conftest import Command


@pytest.fixture
def totals(tmp_path: Path) -> str:
    (tmp_path / "sum.py").write_text("import numpy as np\nans = np.array([1, 2]).sum()\n")
    return "sum.py"


def test_a_package_can_be_allowed(reasongap: Command, totals: str) -> None:
    refused = reasongap("exec", totals)
    assert refused.code == 1
    assert "--allow-import numpy allows it" in refused.err
    allowed = reasongap("exec", totals, "--allow-import", "numpy", "--memory", 512)
    assert (allowed.code, allowed.out) == (0, "value  3\n")


def test_a_package_that_cannot_be_allowed_is_named(reasongap: Command, totals: str) -> None:
    ended = reasongap("exec", totals, "--allow-import", "numpi")
    assert ended.code == 2
    assert "unknown package to allow 'numpi'. Did you mean 'numpy'?" in ended.err


def test_nothing_runs_where_a_demanded_layer_is_missing(
    reasongap: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.py").write_text("print('ran')\nans = 1\n")
    thin = partial(RestrictedSandbox, workers=1, without=("seccomp",))
    monkeypatch.setattr("reasongap.sandbox.restricted.RestrictedSandbox", thin)
    assert reasongap("exec", "one.py").code == 0
    ended = reasongap("exec", "one.py", "--require-isolation")
    assert (ended.code, ended.out) == (5, "")
    assert "lacks isolation layers here: seccomp (left out on purpose)" in ended.err


def test_rows_need_no_id_and_may_be_minted_problems(reasongap: Command, tmp_path: Path) -> None:
    reasongap("mint", "-n", 2, "--out", "minted.jsonl")
    (tmp_path / "more.jsonl").write_text('{"code": "ans = 1"}\n{"code": "ans = 2"}\n')
    minted = reasongap("exec", "--jsonl", "minted.jsonl")
    assert minted.out.count('"status": "ok"') == 2
    assert '"id": "minted:' in minted.out
    assert (
        '{"id": "2", "status": "ok", "value": "2"' in reasongap("exec", "--jsonl", "more.jsonl").out
    )


ESCAPE = "\x1b]0;owned\x07"
HOSTILE = f"print({ESCAPE!r})\nans = 'Δ {ESCAPE}'\n"


def test_a_program_reaches_no_terminal(
    reasongap: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hostile.py").write_text(HOSTILE)
    (tmp_path / "raises.py").write_text(f"raise ValueError({ESCAPE!r})\n")
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    ended = reasongap("exec", "hostile.py")
    assert ended.out == "\\x1b]0;owned\\x07\nvalue  Δ \\x1b]0;owned\\x07\n"
    ended = reasongap("exec", "raises.py")
    assert r"\x1b]0;owned\x07" in ended.err
    assert "\x1b" not in ended.err


def test_a_pipe_gets_a_program_as_it_is(reasongap: Command, tmp_path: Path) -> None:
    (tmp_path / "hostile.py").write_text(HOSTILE)
    assert reasongap("exec", "hostile.py").out == f"{ESCAPE}\nvalue  Δ {ESCAPE}\n"
    whole = json.loads(reasongap("exec", "hostile.py", "--json").out)
    assert (whole["stdout"], whole["value"]) == (f"{ESCAPE}\n", f"Δ {ESCAPE}")
