"""The image that containers run: how it is built, and how the one to use is found.

From the host: the running interpreter, packed. On a base: an image that has Python, with our
worker put on top. Either is named by a hash of what went in, so that the same inputs give
the same name, and says in its labels which worker it holds and with which packages.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reasongap.errors import SandboxUnavailable, UsageError
from reasongap.sandbox.containers.engine import BUILD_COMMAND, Engine, Image
from reasongap.sandbox.containers.hardening import PACKAGES
from reasongap.sandbox.containers.interpreter import (
    EXECUTABLE,
    LIBRARIES,
    compile_all,
    copy_interpreter,
    copy_libraries,
    copy_packages,
    version_of,
)
from reasongap.sandbox.jail import NOBODY
from reasongap.sandbox.process import BOOT

REPOSITORY = "reasongap-sandbox"
WORKER, HOLDS = "reasongap.worker", "reasongap.packages"
POLICY = "RestrictedPython"
PINNED = re.compile(r"[\w./:-]+@sha256:[0-9a-f]{64}|sha256:[0-9a-f]{64}")
SOURCES = ("__init__.py", "domain.py", "errors.py", "sandbox/*.py")
"""What of this package a worker may import."""

Say = Callable[[str], None]


def build_from_host(engine: Engine, packages: tuple[str, ...], say: Say) -> str:
    """The tag of an image of the running Python with these packages; built unless it is there."""
    with _folder() as folder:
        root = folder / "root"
        say(f"packing Python {platform.python_version()}")
        copy_interpreter(root)
        copy_libraries(_put_packages(root, packages), root)
        compile_all(root)
        archive = folder / "root.tar"
        tag = f"{REPOSITORY}:{write_tar(root, archive)[:12]}"
        if engine.image(tag) is None:
            say(f"importing {archive.stat().st_size / 2**20:.0f} MB")
            found_by_loader = f"ENV LD_LIBRARY_PATH=/{LIBRARIES}"
            engine.take(
                archive, tag, [*_configuration(f"/{EXECUTABLE}", packages), found_by_loader]
            )
    return tag


def build_on(engine: Engine, base: str, packages: tuple[str, ...], say: Say) -> str:
    """The tag of an image on this base, which is pinned by its digest and has a Python ≥ 3.11.

    The base's own pip fetches the packages, in the versions that are installed here.
    """
    if not PINNED.fullmatch(base):
        raise UsageError(
            f"base image {base!r} is not pinned: give IMAGE@sha256:… "
            "(`docker images --digests` shows it), so that the same command builds the same image"
        )
    with _folder() as folder:
        root = folder / "root"
        _put_packages(root, ())
        pins = [f"{name}=={version_of(name)}" for name in packages]
        recipe = "\n".join(_recipe(base, pins, packages))
        (root / "Dockerfile").write_text(recipe + "\n", encoding="utf-8")
        archive = folder / "context.tar"
        tag = f"{REPOSITORY}:{write_tar(root, archive)[:12]}"
        if engine.image(tag) is None:
            for step in engine.build(archive, tag):
                say(step)
    return tag


def find_image(engine: Engine, packages: tuple[str, ...], name: str | None = None) -> Image:
    """The image to use: the one of this name, else the newest with this worker and these packages.

    Raises `SandboxUnavailable` with the command that builds one.
    """
    command = f"{BUILD_COMMAND}{' --with ' + ','.join(packages) if packages else ''}"
    if name is None:
        labelled = engine.images(f"{WORKER}={worker_hash()}")  # what is made from ours, too
        built = [image for image in labelled if image.tag.startswith(f"{REPOSITORY}:")]
    else:
        named = engine.image(name)
        built = [named] if named else []
        if named and named.labels.get(WORKER) != worker_hash():
            raise SandboxUnavailable(
                f"the image {name!r} holds another version's worker. Build one: {command}"
            )
    for image in built:
        if set(packages) <= set(image.labels.get(HOLDS, "").split(",")):
            return image
    if built:
        raise SandboxUnavailable(
            f"no sandbox image holds {', '.join(packages)}. Build it: {command}"
        )
    which = f"{name!r}" if name else "for this version of reasongap"
    raise SandboxUnavailable(f"there is no sandbox image {which}. Build it (seconds): {command}")


def outdated(engine: Engine) -> list[str]:
    """The tags of images that were built for another version of the worker."""
    ours = worker_hash()
    return [
        image.tag
        for image in engine.images(WORKER)
        if image.tag.startswith(f"{REPOSITORY}:") and image.labels[WORKER] != ours
    ]


def worker_hash() -> str:
    """What tells one worker from another: a hash of its sources and of the policy's version."""
    digest = hashlib.sha256(version_of(POLICY).encode())
    for name, path in _sources():
        digest.update(f"\n{name} {len(path.read_bytes())}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def write_tar(root: Path, archive: Path) -> str:
    """Pack a folder so that the same files give the same bytes; their SHA-256."""
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(root.rglob("*")):
            entry = tar.gettarinfo(path, str(path.relative_to(root)))
            entry.mtime = entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            entry.mode = 0o755 if path.is_dir() or entry.mode & 0o100 else 0o644
            if path.is_dir():
                tar.addfile(entry)
            else:
                with path.open("rb") as file:
                    tar.addfile(entry, file)
    with archive.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put_packages(root: Path, packages: tuple[str, ...]) -> list[Path]:
    """Put the worker and these packages under the root; the shared objects among them."""
    target = root / PACKAGES.lstrip("/")
    for name, path in _sources():
        (target / "reasongap" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target / "reasongap" / name)
    return copy_packages((POLICY, *packages), target)


def _sources() -> Iterator[tuple[str, Path]]:
    package = Path(__file__).parents[2]
    for pattern in SOURCES:
        for path in sorted(package.glob(pattern)):
            yield path.relative_to(package).as_posix(), path


def _recipe(base: str, pins: list[str], packages: tuple[str, ...]) -> Iterator[str]:
    """The Dockerfile of an image on a base."""
    python = "python3"
    yield f"FROM {base}"
    yield f"COPY {PACKAGES.lstrip('/')} {PACKAGES}"
    yield _run(python, "-c", "import sys; assert sys.version_info >= (3, 11), sys.version")
    if pins:
        install = ("-m", "pip", "install", "--no-cache-dir", "--target", PACKAGES)
        yield _run(python, *install, *pins)
    yield _run(python, "-m", "compileall", "-q", PACKAGES)
    yield from _configuration(python, packages)


def _run(*words: str) -> str:
    return f"RUN {json.dumps(words)}"


def _configuration(python: str, packages: tuple[str, ...]) -> Iterator[str]:
    """What starts the worker, which gets its settings and its packages' folder as arguments."""
    yield f"ENTRYPOINT {json.dumps([python, '-S', '-s', '-P', '-c', f'{BOOT}(sys.argv[1])'])}"
    yield f"USER {NOBODY}:{NOBODY}"
    yield "WORKDIR /"
    yield f"LABEL {WORKER}={worker_hash()}"
    yield f"LABEL {HOLDS}={','.join(sorted(packages))}"


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="reasongap-image-") as name:
        yield Path(name)
