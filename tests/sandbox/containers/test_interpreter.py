"""The interpreter as a folder: what goes in."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reasongap.errors import SandboxUnavailable
from reasongap.sandbox.containers.interpreter import (
    compile_all,
    copy_interpreter,
    copy_libraries,
    copy_packages,
)

linux = pytest.mark.skipif(sys.platform != "linux", reason="packs a Linux interpreter")


def test_a_package_brings_what_it_needs_and_no_tests(tmp_path: Path) -> None:
    objects = copy_packages(["sympy", "numpy"], tmp_path)
    assert {"sympy", "mpmath", "numpy"} <= {path.name for path in tmp_path.iterdir()}
    assert not list(tmp_path.rglob("tests"))
    assert any("_multiarray_umath" in path.name for path in objects)


def test_files_are_compiled_the_same_each_time_for_the_place_they_go_to(tmp_path: Path) -> None:
    compiled = set()
    for name in ("one", "two"):
        root = tmp_path / name
        (root / "python").mkdir(parents=True)
        (root / "python" / "module.py").write_text("def f(x: int) -> int:\n    return x + 1\n")
        compile_all(root)
        compiled.add(next(root.rglob("*.pyc")).read_bytes())
    assert len(compiled) == 1
    assert b"/python/module.py" in compiled.pop()


@linux
def test_libraries_come_with_the_loader(tmp_path: Path) -> None:
    copy_libraries([Path("/proc/self/exe").resolve()], tmp_path)
    found = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert any(name.startswith("ld-") for name in found)
    assert any(name.startswith("libc.") for name in found)


def test_another_system_is_told_to_build_on_a_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxUnavailable, match="--base"):
        copy_interpreter(tmp_path)
