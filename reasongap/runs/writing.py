"""Writing files: a place that cannot be is its user's mistake, a disk that fails is nobody's."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from reasongap.errors import BadFile, DiskFailed

REMEDY = "Make room or give access, and run the command again"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def refused(path: Path, error: OSError, remedy: str, what: str = "written") -> BadFile | DiskFailed:
    """The error for a file or folder that was asked for and cannot be begun."""
    why = f"cannot be {what} ({error.strerror})"
    if error.errno in FULL:
        return DiskFailed(str(path), why, REMEDY)
    return BadFile(str(path), why, remedy)


@contextmanager
def told(place: Path | str, remedy: str = REMEDY) -> Iterator[None]:
    """Errors of the disk while `place` is written come out as `DiskFailed`.

    A pipe whose reader is gone is none: what that means is the command line's to say.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise DiskFailed(str(place), f"cannot be written ({error.strerror})", remedy) from error


@contextmanager
def writing(file: BinaryIO, path: Path, *, sync: bool = False) -> Iterator[Callable[[bytes], None]]:
    """A writer to an open file, closed in the end, and on the disk by then if `sync`.

    Raises `DiskFailed` under the name of `path`. Other errors of the context pass as they are,
    also those of files that it reads.
    """

    def write(data: bytes) -> None:
        with told(path):
            file.write(data)

    try:
        yield write
        with told(path):
            file.flush()
            if sync:
                os.fsync(file.fileno())
            file.close()
    finally:
        # After an error what waits in the buffer would fail once more, in its place.
        with suppress(OSError):
            file.close()
