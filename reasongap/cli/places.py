"""Where the command line keeps and finds things: the only reader of the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reasongap.errors import BadFile

HEEDED = ("REASONGAP_DATA", "HF_HOME", "HF_ENDPOINT", "HF_HUB_OFFLINE", "DOCKER_HOST")


def data_folder() -> Path | None:
    """The folder with gsm8k/ and gsm_hard/ that REASONGAP_DATA names, if it names one."""
    named = os.environ.get("REASONGAP_DATA")
    return Path(named) if named else None


def heeded() -> dict[str, str | None]:
    """The environment variables that say where data, models and Docker are; None: not set."""
    return {name: os.environ.get(name) for name in HEEDED}


@contextmanager
def lines_to(path: Path | None) -> Iterator[Callable[[str], object]]:
    """A writer of lines to a file, or to stdout where none is named.

    The file takes its place once all is written, so that what fails leaves the old one. What is
    no file, such as a pipe or /dev/null, is written to and stays.
    """
    if path is None:
        yield lambda line: sys.stdout.write(line + "\n")
        return
    special = path.exists() and not path.is_file()
    fresh = path if special else path.with_name(f"{path.name}.part")
    try:
        file = fresh.open("w", encoding="utf-8")
    except OSError as error:
        raise BadFile(str(path), f"cannot be written ({error.strerror})") from error
    try:
        with file:
            yield lambda line: file.write(line + "\n")
        if not special:
            fresh.replace(path)
    finally:
        if not special:
            fresh.unlink(missing_ok=True)
