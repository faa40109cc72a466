"""The wheel holds every file of the package, one top-level name, and works where it lands."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: a build leaves folders behind, and takes in what lies in them."""
    out, source = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    left_out = shutil.ignore_patterns("__pycache__", ".mypy_cache")
    shutil.copytree(ROOT / "reasongap", source / "reasongap", ignore=left_out)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, source],
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_has_one_top_level_name_and_every_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in names} == {"reasongap"}
    here = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "reasongap").rglob("*")
        if path.is_file() and not {"__pycache__", ".mypy_cache"} & set(path.parts)
    }
    assert names == here


def test_the_installed_command_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    pip = [str(home / "bin" / "pip"), "install", "-q", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    site = next((home / "lib").glob("python*")) / "site-packages"
    dependencies = [path for path in sys.path if path.endswith("site-packages")]
    (site / "dependencies.pth").write_text("\n".join(dependencies) + "\n")
    done = subprocess.run(
        [home / "bin" / "reasongap", "list", "strategies"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "cot" in done.stdout
    assert "pot" in done.stdout
    where = subprocess.run(
        [home / "bin" / "python", "-c", "import reasongap; print(reasongap.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(site))


def test_the_links_at_the_top_lead_into_the_package() -> None:
    for name in ("solvers", "sandbox", "prompts"):
        link = ROOT / name
        assert link.is_symlink()
        assert link.resolve() == ROOT / "reasongap" / name
