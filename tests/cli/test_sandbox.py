"""`reasongap sandbox build`, and programs run in what it built."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from reasongap.errors import SandboxUnavailable, UsageError
from reasongap.sandbox.containers.engine import Engine
from reasongap.sandbox.containers.image import WORKER


def command(*words: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "reasongap", *words]
    return subprocess.run(line, input=text, capture_output=True, text=True, check=False)


@pytest.mark.needs("docker")
def test_builds_an_image_that_exec_then_runs_programs_in() -> None:
    built = command("sandbox", "build")
    assert built.returncode == 0, built.stderr
    assert built.stdout.startswith("reasongap-sandbox:")
    assert "packing Python" in built.stderr
    program = "import os\nans = os.getppid() + 1"
    ran = command("exec", "-", "--sandbox", "docker", "--json", text=program)
    assert json.loads(ran.stdout)["value"] == "2", ran.stderr
    refused = command("exec", "-", "--sandbox", "docker-restricted", "--json", text=program)
    assert json.loads(refused.stdout)["status"] == "blocked", refused.stderr


@pytest.mark.needs("docker")
def test_building_tells_how_to_remove_what_an_older_version_left(tmp_path: Path) -> None:
    import docker

    built = command("sandbox", "build").stdout.strip()
    empty = tmp_path / "empty.tar"
    tarfile.open(empty, "w").close()
    client = docker.from_env()
    Engine(client).take(empty, "reasongap-sandbox:older", [f"LABEL {WORKER}=older"])
    try:
        said = command("sandbox", "build").stderr.splitlines()[-1]
    finally:
        client.images.remove("reasongap-sandbox:older")
        client.close()
    removed = said.partition("docker rmi ")[2].split()
    assert "reasongap-sandbox:older" in removed
    assert built not in removed


@pytest.mark.needs("docker")
@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("--base", "python:3.12"), "not pinned", UsageError.exit_code),
        (("--with", "nonesuch"), "pip install nonesuch", UsageError.exit_code),
        (("--from-host", "--base", "x"), "exclude each other", UsageError.exit_code),
        (("--base", f"sha256:{'0' * 64}"), "could not build", SandboxUnavailable.exit_code),
    ],
)
def test_a_mistake_is_one_line_and_its_own_exit_code(
    words: tuple[str, ...], said: str, code: int
) -> None:
    done = command("sandbox", "build", *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr.splitlines()[-1]
