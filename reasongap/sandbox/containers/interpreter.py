"""The running interpreter as a folder that can be another machine's root.

What a program can use goes in: the interpreter, its standard library without what needs a
screen, a terminal or a test runner, installed packages, and every shared library that one
of these is linked to. Python's files are compiled in it, for its root is read-only later.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from reasongap.errors import SandboxUnavailable, UsageError

HOME, EXECUTABLE, LIBRARIES = "python", "python/bin/python3", "python/shared"
LEFT_OUT = (
    "__pycache__ *.pyc *.a site-packages dist-packages config-* _sysconfigdata* test tests "
    "idlelib tkinter turtledemo ensurepip lib2to3 pydoc_data curses _tkinter* _curses* "
    "readline* nis.* _sqlite3* _dbm* _gdbm* _test* _ctypes_test* _xx* xx*"
)
"""What of the standard library no program without a screen, files and a network can use."""

LINKED = re.compile(r"^\t(?:(\S+) => )?(/\S+) \(0x", re.MULTILINE)
"""A line of `ldd`: the name that was asked for, and the file; the loader has no name."""


def copy_interpreter(root: Path) -> None:
    """Put the interpreter and its standard library under this root."""
    if sys.platform != "linux":
        raise SandboxUnavailable(
            f"a container cannot run the Python of {sys.platform}: build on an image that has "
            "one, `reasongap sandbox build --base python:3.12-slim@sha256:…`"
        )
    library = Path(sysconfig.get_path("stdlib"))
    target = root / HOME / sys.platlibdir / library.name
    shutil.copytree(library, target, ignore=shutil.ignore_patterns(*LEFT_OUT.split()))
    executable = Path("/proc/self/exe").resolve()
    (root / EXECUTABLE).parent.mkdir()
    shutil.copy(executable, root / EXECUTABLE)
    extensions = (library / each.relative_to(target) for each in target.rglob("*.so"))
    copy_libraries([executable, *extensions], root)


def copy_packages(names: Iterable[str], target: Path) -> list[Path]:
    """Put these installed packages and what they need there; the shared objects they bring.

    Raises `UsageError` for a package that is not installed.
    """
    objects = []
    for package in _with_needs(names):
        for file in package.files or ():
            if not _wanted(file):
                continue
            source = Path(str(package.locate_file(file)))
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / file)
            if ".so" in file.suffixes:
                objects.append(source.resolve())
    return objects


def copy_libraries(files: Iterable[Path], root: Path) -> None:
    """Put the shared libraries that these files are linked to under this root."""
    there = set(files)
    told = subprocess.run(["ldd", *there], capture_output=True, text=True, check=False)
    (root / LIBRARIES).mkdir(parents=True, exist_ok=True)
    for name, file in set(LINKED.findall(told.stdout)):
        if Path(file).resolve() in there:  # a package's own has come with it
            continue
        target = root / LIBRARIES / name if name else root / file.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)


def compile_all(root: Path) -> None:
    """Compile every Python file under this root, the same each time and for good."""
    options = ["-q", "-j0", "--invalidation-mode", "unchecked-hash", "-s", str(root), "-p", "/"]
    subprocess.run(
        [sys.executable, "-I", "-S", "-m", "compileall", *options, str(root)],
        stdout=subprocess.DEVNULL,
        check=False,  # some files are there to be wrong
    )


def version_of(package: str) -> str:
    """The installed version of a package; `UsageError` where it is not installed."""
    return _installed(package).version


def _with_needs(names: Iterable[str]) -> list[Distribution]:
    """These packages and what they need, by name."""
    found: dict[str, Distribution] = {}
    left = list(names)
    while left:
        name = left.pop()
        if name in found:
            continue
        found[name] = _installed(name)
        needs = (need for need in found[name].requires or () if "extra ==" not in need)
        left += [re.split(r"[^\w.-]", need, maxsplit=1)[0] for need in needs]
    return [found[name] for name in sorted(found)]


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise UsageError(f"package {name!r} is not installed here: pip install {name}") from None


def _wanted(file: PurePosixPath) -> bool:
    left_out = {"..", "__pycache__", "tests"}
    return file.suffix != ".pyc" and left_out.isdisjoint(file.parts)
