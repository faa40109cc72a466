"""Where the command line keeps and finds things: the only reader of the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reasongap.errors import BadFile, DiskFailed
from reasongap.runs.writing import FULL, REMEDY, refused, told, writing

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

HEEDED = ("REASONGAP_DATA", "HF_HOME", "HF_ENDPOINT", "HF_HUB_OFFLINE", "DOCKER_HOST")


def data_folder() -> Path | None:
    """The folder with gsm8k/ and gsm_hard/ that REASONGAP_DATA names, if it names one."""
    named = os.environ.get("REASONGAP_DATA")
    return Path(named) if named else None


def heeded() -> dict[str, str | None]:
    """The environment variables that say where data, models and Docker are; None: not set."""
    return {name: os.environ.get(name) for name in HEEDED}


def keep_apart(given: Path, out: Path | None) -> None:
    """Raise `BadFile` where writing `out` would replace the file `given`, which is read."""
    try:
        same = out is not None and out.is_file() and out.samefile(given)
    except OSError:
        return  # whoever opens it says what is wrong
    if same:
        raise BadFile(str(out), "is the file that is read", "Name another one with --out")


@contextmanager
def lines_to(path: Path | None) -> Iterator[Callable[[str], object]]:
    """A writer of lines to a file, or to stdout where none is named.

    The file takes its place once all is written, so that what fails leaves the old one. What is
    no file, such as a pipe or /dev/null, is written to and stays. Raises `BadFile` for a place
    that cannot be, `DiskFailed` for what fails on the way.
    """
    if path is None:
        with printing():
            yield _print
        return
    with ExitStack() as stack:
        try:
            special = path.exists() and not path.is_file()
            fresh = path if special else Path(stack.enter_context(_beside(path)), path.name)
            file = fresh.open("wb")
        except OSError as error:
            raise refused(path, error, "Name another file with --out") from error
        with writing(file, path) as write:
            yield lambda line: write(f"{line}\n".encode())
        if not special:
            with told(path):
                fresh.replace(path)


def _beside(path: Path) -> TemporaryDirectory[str]:
    """A folder of our own on the disk of `path`: no file in it is anybody else's."""
    from tempfile import TemporaryDirectory

    return TemporaryDirectory(prefix=".reasongap-", dir=path.parent, ignore_cleanup_errors=True)


@contextmanager
def printing() -> Iterator[None]:
    """A disk that is full behind stdout comes out as `DiskFailed`, all of it printed else."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        if error.errno not in FULL:
            raise
        # What waits in the buffer would fail once more when Python ends, in words of its own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise DiskFailed("stdout", f"cannot be written ({error.strerror})", REMEDY) from error


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
