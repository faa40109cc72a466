"""What fails while a file is written names the file; what else fails is left alone."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from reasongap.errors import BadFile, DiskFailed
from reasongap.runs.writing import refused, writing

FULL = Path("/dev/full")


def test_a_line_that_finds_no_room_names_the_file() -> None:
    with (
        pytest.raises(DiskFailed, match=r"run/x: cannot be written .*No space.*Make room"),
        writing(FULL.open("wb"), Path("run/x")) as write,
    ):
        write(b"a line")


def test_what_fails_first_is_what_is_raised() -> None:
    with pytest.raises(PermissionError), writing(FULL.open("wb"), Path("x")) as write:
        write(b"a line that waits in the buffer")
        raise PermissionError


def test_a_reader_that_is_gone_is_no_broken_disk() -> None:
    reading, end = os.pipe()
    os.close(reading)
    with pytest.raises(BrokenPipeError), writing(os.fdopen(end, "wb"), Path("x")) as write:
        write(b"a line")


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.EACCES, BadFile), (errno.EROFS, BadFile), (errno.ENOSPC, DiskFailed)],
)
def test_a_place_that_cannot_be_is_a_mistake_and_a_full_disk_is_none(
    number: int, kind: type[BadFile] | type[DiskFailed]
) -> None:
    error = refused(Path("out/x"), OSError(number, os.strerror(number)), "Name another")
    assert type(error) is kind
    assert f"out/x: cannot be written ({os.strerror(number)})" in str(error)
