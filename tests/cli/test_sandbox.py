"""`reasongap sandbox build`, and programs run in what it built."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from reasongap.errors import SandboxUnavailable, UsageError


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
