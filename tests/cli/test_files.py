"""The commands that read and write files: mint, compose, exec, score, list, models."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

EXEC_KEYS = {
    *("id", "status", "value", "hop_values", "stdout", "error", "seconds", "cpu_seconds"),
    *("peak_memory", "truncated"),
}


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_mint_writes_problems_and_compose_chains_them(reasongap: Command, tmp_path: Path) -> None:
    assert reasongap("mint", "-n", 60, "--steps", "1-2", "--seed", 7, "--out", "x.jsonl").code == 0
    problems = rows(tmp_path / "x.jsonl")
    assert len(problems) == 60
    assert {"question", "answer", "id", "program", "steps", "template", "seed"} == set(problems[0])
    shop = reasongap("mint", "-n", 3, "--templates", "shop", "--seed", 7).out
    assert shop.count('"template": "shop/') == 3
    again = reasongap("mint", "-n", 60, "--steps", "1-2", "--seed", 7).out
    assert again == (tmp_path / "x.jsonl").read_text()

    ended = reasongap("compose", "-p", "x.jsonl", "-n", 10, "--out", "comp.jsonl")
    assert ended.code == 0, ended.err
    compositions = rows(tmp_path / "comp.jsonl")
    assert len(compositions) == 10
    assert all(row["confirmed"] for row in compositions)
    assert "confirmed           10 by a program as well (100%)" in ended.out


def test_compose_asks_for_a_count_of_what_has_no_end(reasongap: Command) -> None:
    ended = reasongap("compose", "-p", "minted")
    assert ended.code == 2
    assert "-n" in ended.err


@pytest.mark.needs("gsm8k")
def test_compose_makes_twelve_hundred_of_gsm8k(
    reasongap: Command, tmp_path: Path, data: Path
) -> None:
    source = f"gsm8k:{data / 'gsm8k' / 'test.jsonl'}"
    ended = reasongap(
        "compose", "-p", source, "-n", 1200, "--hops", 2, "--no-confirm", "--out", "comp.jsonl"
    )
    assert ended.code == 0, ended.err
    compositions = rows(tmp_path / "comp.jsonl")
    assert len({row["id"] for row in compositions}) == 1200
    assert "compositions        1,200 in" in ended.out


def test_exec_shows_the_value_and_ends_with_the_programs_fate(
    reasongap: Command, tmp_path: Path
) -> None:
    (tmp_path / "good.py").write_text("print('hi')\ndef solution():\n    return 6 * 7\n")
    (tmp_path / "bad.py").write_text("import os\n")
    good = reasongap("exec", "good.py")
    assert (good.code, good.out) == (0, "hi\nvalue  42\n")
    bad = reasongap("exec", "bad.py", "--json")
    assert bad.code == 1
    assert set(json.loads(bad.out)) == EXEC_KEYS
    assert json.loads(bad.out)["status"] == "blocked"


def test_exec_runs_a_stream_in_its_order(reasongap: Command, tmp_path: Path) -> None:
    late = "import time\ntime.sleep(0.5)\nraise KeyError"
    codes = ["ans = 1/4", late, "def solution(): return 10**20", "import os"]
    lines = [json.dumps({"id": i, "code": code}) for i, code in enumerate(codes)]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    ended = reasongap("exec", "--jsonl", "in.jsonl", "--out", "out.jsonl", "--timeout", 60)
    assert ended.code == 0, ended.err
    done = rows(tmp_path / "out.jsonl")
    assert [set(row) for row in done] == [EXEC_KEYS] * 4
    assert [row["id"] for row in done] == ["0", "1", "2", "3"]
    assert [row["status"] for row in done] == ["ok", "error", "ok", "blocked"]
    assert [row["value"] for row in done] == ["0.25", None, "100000000000000000000", None]


def test_exec_ends_a_program_that_takes_too_long(reasongap: Command, tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text("while True: pass\n")
    ended = reasongap("exec", "endless.py", "--timeout", 0.5, "--json")
    assert (ended.code, json.loads(ended.out)["status"]) == (1, "timeout")


def test_exec_names_a_row_without_code(reasongap: Command, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "a", "code": "1"}\n{"id": "b"}\n')
    ended = reasongap("exec", "--jsonl", "in.jsonl")
    assert ended.code == 2
    assert "in.jsonl, row 2: code" in ended.err


def test_exec_wants_one_thing_to_run(reasongap: Command) -> None:
    assert reasongap("exec").code == 2


def test_score_grades_recorded_replies(reasongap: Command, tmp_path: Path) -> None:
    replies = [
        ("1", "18", "16 - 3 - 4 = 9, 9 * 2 = 18\nFinal answer: 18", "cot"),
        ("2", "18", "So she makes \\boxed{18} dollars", "cot"),
        ("3", "18", "It is 17.", "cot"),
        ("4", "18", "```python\ndef solution():\n    return 9 * 2\n```", "pot"),
        ("5", "18", "```python\nans = 1 / 0\n```", "pot"),
    ]
    fields = ("id", "answer", "response", "strategy")
    text = "\n".join(json.dumps(dict(zip(fields, reply, strict=True))) for reply in replies)
    (tmp_path / "in.jsonl").write_text(text)
    ended = reasongap("score", "in.jsonl", "--format", "json", "--out", "out.jsonl")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out) == {
        "cot": {
            "n": 3,
            "strict": 1 / 3,
            "flexible": 2 / 3,
            "outcomes": {"correct": 2, "wrong": 1},
        },
        "pot": {
            "n": 2,
            "strict": 0.5,
            "flexible": 0.5,
            "outcomes": {"correct": 1, "code_error": 1},
        },
    }
    cot, pot = csv.DictReader(io.StringIO(reasongap("score", "in.jsonl", "--format", "csv").out))
    assert (cot["n"], float(cot["strict"]), cot["wrong"]) == ("3", 1 / 3, "1")
    assert (pot["correct"], pot["wrong"], pot["code_error"]) == ("1", "0", "1")
    assert "| 2 correct, 1 wrong |" in reasongap("score", "in.jsonl", "--format", "markdown").out
    graded = rows(tmp_path / "out.jsonl")
    assert [row["rule"] for row in graded] == [
        "final_line",
        "boxed",
        "last_number",
        "solution",
        None,
    ]
    assert [row["extracted"] for row in graded] == ["18", "18", "17", "18", None]
    assert "flexible" in reasongap("score", "in.jsonl").out


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('{"id": "1", "answer": "x", "response": "", "strategy": "cot"}', "'x' is no number"),
        ('{"id": "1", "answer": "1", "response": "", "strategy": "cott"}', "strategy"),
        ("{", "no valid JSON"),
    ],
)
def test_score_names_a_row_it_cannot_read(
    reasongap: Command, tmp_path: Path, line: str, named: str
) -> None:
    (tmp_path / "in.jsonl").write_text(line + "\n")
    ended = reasongap("score", "in.jsonl")
    assert ended.code == 2
    assert "in.jsonl, row 1" in ended.err
    assert named in ended.err


@pytest.mark.parametrize(
    ("kind", "name"),
    [("strategies", "pot"), ("sandboxes", "restricted"), ("problems", "gsm8k")],
)
def test_list_says_what_there_is(reasongap: Command, kind: str, name: str) -> None:
    assert name in reasongap("list", kind).out


def test_models_list_says_what_runs_here(reasongap: Command) -> None:
    out = reasongap("models", "list").out
    assert "local/smollm2-135m" in out
    assert "not pulled" in out


def test_compose_reads_columns_of_other_names(reasongap: Command, tmp_path: Path) -> None:
    reasongap("mint", "-n", 40, "--steps", "1", "--out", "x.jsonl")
    renamed = [{"q": row["question"], "a": row["answer"]} for row in rows(tmp_path / "x.jsonl")]
    (tmp_path / "y.jsonl").write_text("".join(json.dumps(row) + "\n" for row in renamed))
    asked = ["compose", "-p", "y.jsonl", "-n", 3, "--out", "c.jsonl"]
    ended = reasongap(*asked, "--column", "question=q", "--column", "answer=a")
    assert ended.code == 0, ended.err
    assert len(rows(tmp_path / "c.jsonl")) == 3
    missing = reasongap(*asked)
    assert missing.code == 2
    assert "y.jsonl, row 1" in missing.err
    assert "question" in missing.err
    assert reasongap(*asked, "--column", "colour=q").code == 2
    assert reasongap(*asked, "--column", "question").code == 2
