"""What becomes of the engine's refusals, and of what it tells."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reasongap.errors import SandboxUnavailable
from reasongap.sandbox.containers.engine import Engine, _explained
from reasongap.sandbox.containers.reaping import OWNER


@pytest.mark.parametrize("deaf", [False, True], ids=["no socket", "nobody listens"])
def test_without_an_engine_the_command_says_how_to_start_one(tmp_path: Path, deaf: bool) -> None:
    place = tmp_path / "docker.sock"
    if deaf:
        with socket.socket(socket.AF_UNIX) as closed:
            closed.bind(str(place))
    done = subprocess.run(
        [sys.executable, "-m", "reasongap", "sandbox", "build"],
        env={**os.environ, "DOCKER_HOST": f"unix://{place}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == SandboxUnavailable.exit_code
    assert done.stdout == ""
    assert "systemctl start docker" in done.stderr
    assert "refused" in done.stderr if deaf else "no Docker engine is here" in done.stderr


def test_a_refused_socket_names_the_group() -> None:
    from docker.errors import DockerException

    with pytest.raises(SandboxUnavailable, match="usermod -aG docker"), _explained():
        try:
            raise PermissionError(13, "Permission denied")
        except PermissionError as error:
            raise DockerException("while fetching the version") from error


def test_an_image_that_went_away_names_the_command() -> None:
    from docker.errors import ImageNotFound

    with pytest.raises(SandboxUnavailable, match="reasongap sandbox build"), _explained():
        raise ImageNotFound("404", explanation="No such image: reasongap-sandbox:1")


@pytest.mark.needs("docker")
def test_a_container_that_ran_out_of_memory_is_known_after_it_is_gone(sandbox_image: str) -> None:
    engine = Engine.connect()
    began = int(time.time())
    options = {"entrypoint": "/python/bin/python3", "auto_remove": True, "mem_limit": "32m"}
    greedy = ["-c", "kept = [bytes([1]) * 2**20 for _ in range(500)]"]
    ids = {}
    for name, command in {"greedy": greedy, "modest": ["-c", "pass"]}.items():
        ids[name], end = engine.start(sandbox_image, command, options)
        with end:
            end.settimeout(60)
            assert end.recv(1) == b""
    until = time.monotonic() + 60
    while not engine.ran_out_of_memory(ids["greedy"], began) and time.monotonic() < until:
        time.sleep(0.05)
    assert engine.ran_out_of_memory(ids["greedy"], began)
    assert not engine.ran_out_of_memory(ids["modest"], began)
    engine.close()


@pytest.mark.needs("docker")
def test_removing_what_is_gone_is_no_error_and_a_failed_start_leaves_nothing(
    sandbox_image: str,
) -> None:
    engine = Engine.connect()
    engine.remove("0" * 64)
    with pytest.raises(SandboxUnavailable, match="Docker refuses"):
        engine.start(sandbox_image, [], {"entrypoint": "/nonesuch", "labels": {OWNER: "a b c"}})
    assert engine.containers(f"{OWNER}=a b c") == {}
    engine.close()
