import os
import stat
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from reasongap.cli.places import lines_to
from reasongap.errors import BadFile, DiskFailed
from tests.runs.test_damage import room_for, unprivileged


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


def test_a_file_that_happens_to_have_a_part_beside_it_leaves_that_alone(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl.part").write_text("mine")
    for failed in (False, True):
        with suppress(RuntimeError), lines_to(tmp_path / "out.jsonl") as write:
            write("a line")
            if failed:
                raise RuntimeError
        assert (tmp_path / "out.jsonl.part").read_text() == "mine"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out.jsonl", "out.jsonl.part"]


def test_a_file_may_be_read_by_whom_the_user_lets_read(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with lines_to(tmp_path / "out.jsonl") as write:
            write("a line")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.jsonl").stat().st_mode) == 0o640


def test_a_place_that_cannot_be_is_named(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none" / "x"):
        with pytest.raises(BadFile, match=f"{place}: cannot be written .*--out"), lines_to(place):
            pass


def test_a_folder_that_nobody_may_enter_is_named() -> None:
    with TemporaryDirectory() as folder:
        place = Path(folder) / "x"
        with unprivileged(), pytest.raises(BadFile, match=f"{place}: cannot be"), lines_to(place):
            pass


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old")
    told = pytest.raises(DiskFailed, match=r"out\.jsonl: cannot be written")
    with room_for(100), told, lines_to(path) as write:
        for i in range(100):
            write(f"line {i}")
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with lines_to(path) as write:
        write("a line")
    assert os.read(reading, 100) == b"a line\n"
    os.close(reading)
    assert stat.S_ISFIFO(path.stat().st_mode)
