"""The image that peers' containers run, made without a registry.

It holds the running Python, whole, the few commands that peers call in their containers, and the
Jupyter kernel that smolagents talks to: `python:slim` with what smolagents puts on it.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path

from benchmarks.peers.environments import fetch_kernel
from benchmarks.peers.names import IMAGE
from reasongap.errors import SandboxUnavailable
from reasongap.sandbox.containers.engine import Engine
from reasongap.sandbox.containers.image import write_tar
from reasongap.sandbox.containers.interpreter import LIBRARIES, compile_all, copy_libraries

VENV = "sandbox/.sandbox-venv"
"""Where llm-sandbox's pool looks for the environment that it would make with a network."""
LEFT_OUT = ("site-packages", "dist-packages", "__pycache__", "config-*", "test", "lib2to3")
TOOLS = ("sh", "mkdir", "rm", "cat", "chmod", "chown", "ls", "sleep", "tail", "timeout", "test")
CONFIGURATION = (
    f"ENV PATH=/python/bin:/bin LD_LIBRARY_PATH=/{LIBRARIES} PYTHONPATH=/kernel HOME=/tmp",
    "WORKDIR /tmp",
    'CMD ["python"]',
)


def peers_image() -> str:
    """The image's tag; it is built where it is missing. Raises `SandboxUnavailable`."""
    engine = Engine.connect()
    try:
        if engine.image(IMAGE) is None:
            _build(engine)
    finally:
        engine.close()
    return IMAGE


def _build(engine: Engine) -> None:
    with tempfile.TemporaryDirectory(prefix="reasongap-peers-") as folder:
        root = Path(folder) / "root"
        if reason := fetch_kernel(root / "kernel"):
            raise SandboxUnavailable(f"the peers' image lacks its Jupyter kernel: {reason}")
        copy_libraries([*_put_python(root), *_put_tools(root), *root.rglob("*.so")], root)
        for empty in ("etc", "tmp"):
            (root / empty).mkdir()
        (root / "etc/passwd").write_text("root:x:0:0::/tmp:/bin/sh\n", encoding="utf-8")
        compile_all(root)
        archive = Path(folder) / "root.tar"
        write_tar(root, archive)
        engine.take(archive, IMAGE, list(CONFIGURATION))


def _put_python(root: Path) -> list[Path]:
    """Copy the interpreter and all of its library; its executable and extension modules."""
    library, executable = Path(sysconfig.get_path("stdlib")), Path("/proc/self/exe").resolve()
    target = root / "python" / sys.platlibdir / library.name
    shutil.copytree(library, target, ignore=shutil.ignore_patterns(*LEFT_OUT))
    environment = root / VENV
    for place in (root / "python/bin", environment / "bin"):
        place.mkdir(parents=True)
        shutil.copy(executable, place / "python")
    (environment / "pyvenv.cfg").write_text("home = /python/bin\n", encoding="utf-8")
    return [executable, *library.glob("lib-dynload/*.so")]


def _put_tools(root: Path) -> list[Path]:
    """Copy the commands that the host has; the originals."""
    (root / "bin").mkdir()
    found = {name: Path(path).resolve() for name in TOOLS if (path := shutil.which(name))}
    for name, tool in found.items():
        shutil.copy(tool, root / "bin" / name)
    return list(found.values())


if __name__ == "__main__":
    print(peers_image())
