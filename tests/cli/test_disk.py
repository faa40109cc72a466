"""A disk that is full, and files that cannot be read, written or spared, end in one clear line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reasongap.testing import FaultyServer
from tests.cli.conftest import Command, Ended
from tests.runs.studies import compositions_file
from tests.runs.test_damage import room_for

PROGRAM = {"id": "1", "code": "ans = 6 * 7"}
REPLY = {"id": "1", "answer": "42", "response": "Final answer: 42", "strategy": "cot"}


def one_line(ended: Ended, code: int, *words: str) -> None:
    """It ended so, and its last line, which is no traceback, holds the words."""
    assert ended.code == code, ended
    assert "Traceback" not in ended.err
    for word in words:
        assert word in ended.err.splitlines()[-1]


def written(folder: Path) -> None:
    """The files that the commands below read."""
    compositions_file(folder, 4)
    (folder / "programs.jsonl").write_text(json.dumps(PROGRAM) + "\n")
    (folder / "replies.jsonl").write_text(json.dumps(REPLY) + "\n")


@pytest.fixture
def run(reasongap: Command, tmp_path: Path) -> Path:
    """A finished run."""
    source = compositions_file(tmp_path, 2)
    with FaultyServer() as server:
        asked = ("-m", "openai/small", "--api-base", server.url, "-p", source, "-n", 2, "-s", "cot")
        assert reasongap("compare", *asked, "--yes", "--out", "run").code == 0
    return tmp_path / "run"


def test_a_full_disk_ends_a_run_with_its_table_and_the_way_on(
    reasongap: Command, tmp_path: Path
) -> None:
    source = compositions_file(tmp_path, 30)
    with FaultyServer() as server:
        asked = ("-m", "openai/small", "--api-base", server.url, "-p", source, "-s", "cot")
        with room_for(400_000):
            full = reasongap("compare", *asked, "-n", 30, "--yes", "--out", "run")
        one_line(full, 5, "cannot be")
        assert "Reasoning gap" in full.out
        assert "Unfinished. To go on: reasongap resume run" in full.err
        assert reasongap("resume", "run", "--yes").code == 0


def test_a_cache_that_is_none_is_no_mistake_of_the_request(
    reasongap: Command, run: Path, tmp_path: Path
) -> None:
    (cache,) = (tmp_path / "cache").rglob("replies.sqlite")
    cache.write_text("no database, however long this line may be" * 50)
    one_line(reasongap("cache", "stats"), 5, "replies.sqlite", "reasongap cache mend")


@pytest.mark.parametrize(
    "command",
    [
        ("mint", "-n", 3),
        ("compose", "-p", "minted", "-n", 3),
        ("exec", "--jsonl", "programs.jsonl"),
        ("score", "replies.jsonl"),
    ],
    ids=lambda command: str(command[0]),
)
def test_a_full_disk_ends_a_command_that_writes_lines(
    reasongap: Command, tmp_path: Path, command: tuple[object, ...]
) -> None:
    written(tmp_path)
    full = reasongap(*command, "--out", "/dev/full")
    one_line(full, 5, "/dev/full: cannot be written (No space left on device). Make room")


@pytest.mark.parametrize(
    "words",
    ["mint -n 3", "mint -n 300", "list strategies", "--help"],
    ids=["at the end", "on the way", "lines of its own", "help"],
)
def test_a_full_disk_behind_stdout_ends_in_one_line(words: str) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "reasongap", *words.split()]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 5
    assert done.stderr.splitlines() == [
        "reasongap: stdout: cannot be written (No space left on device). "
        "Make room or give access, and run the command again"
    ]


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "reasongap", "mint", "-n", "2000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as minting:
        assert minting.stdout is not None
        assert minting.stderr is not None
        minting.stdout.readline()
        minting.stdout.close()
        assert minting.stderr.read() == b""


@pytest.mark.parametrize(
    ("command", "given"),
    [(("exec", "--jsonl"), "programs.jsonl"), (("score",), "replies.jsonl")],
    ids=["exec", "score"],
)
def test_what_is_read_is_not_written_over(
    reasongap: Command, tmp_path: Path, command: tuple[str, ...], given: str
) -> None:
    written(tmp_path)
    before = (tmp_path / given).read_bytes()
    (tmp_path / "link").symlink_to(given)
    for out in (given, "link"):
        one_line(reasongap(*command, given, "--out", out), 2, f"{out}: is the file that is read")
    assert (tmp_path / given).read_bytes() == before


def test_a_single_program_has_no_file_of_results(reasongap: Command, tmp_path: Path) -> None:
    (tmp_path / "ok.py").write_text("ans = 1\n")
    one_line(reasongap("exec", "ok.py", "--out", "x.jsonl"), 2, "x.jsonl", "--jsonl")
    assert not (tmp_path / "x.jsonl").exists()


@pytest.mark.parametrize("command", ["show", "resume", "report"])
@pytest.mark.parametrize("name", ["manifest.json", "records.jsonl"])
def test_a_file_of_a_run_that_cannot_be_read_is_named(
    reasongap: Command, run: Path, command: str, name: str
) -> None:
    (run / name).unlink()
    (run / name).mkdir()
    one_line(reasongap(command, "run"), 2, f"run/{name}: cannot be read (Is a directory)")


def test_problems_that_nobody_may_look_for_are_named(
    reasongap: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refuse)
    said = "shut/p.jsonl: cannot be read (Permission denied)"
    one_line(reasongap("compose", "-p", "shut/p.jsonl"), 2, said)
    one_line(reasongap("compare", "-m", "openai/x", "-p", "shut/p.jsonl"), 2, said)


@pytest.mark.parametrize(
    "mistake",
    [
        ("-p", "nowhere.jsonl"),
        ("-p", "minted", "--sandbox", "restrict"),
        ("-p", "minted", "-m", "local/foo"),
        ("-p", "chains.jsonl", "-n", 5),
    ],
    ids=["problems", "sandbox", "model", "count"],
)
def test_a_mistake_leaves_no_folder_behind(
    reasongap: Command, tmp_path: Path, mistake: tuple[object, ...]
) -> None:
    written(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes").write_text("")
    before = sorted(tmp_path.rglob("*"))
    for place in ((), ("--out", "new/run"), ("--out", "mine")):
        assert reasongap("compare", "-m", "openai/x", *mistake, *place).code == 2
    assert sorted(set(tmp_path.rglob("*")) - set((tmp_path / "cache").rglob("*"))) == before
