import os
import stat
from pathlib import Path

import pytest

from reasongap.cli.places import lines_to


def test_a_file_takes_its_place_once_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old")
    with lines_to(path) as write:
        write("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new\n"


def test_what_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old")
    with pytest.raises(RuntimeError), lines_to(path) as write:
        write("new")
        raise RuntimeError
    assert [each.name for each in tmp_path.iterdir()] == ["out.jsonl"]
    assert path.read_text() == "old"


def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with lines_to(path) as write:
        write("a line")
    assert os.read(reading, 100) == b"a line\n"
    os.close(reading)
    assert stat.S_ISFIFO(path.stat().st_mode)
