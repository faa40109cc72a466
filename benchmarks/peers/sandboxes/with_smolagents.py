"""smolagents' executors: an interpreter of syntax trees, and a Jupyter kernel in a container."""
# pyright: reportMissingImports=false
# It lies in its own environment.

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.peers.driving import Blocking, drive, each_its_own, script
from benchmarks.peers.names import IMAGE, KERNEL_COMMAND

PORT = 8890


@contextmanager
def local(lane: int) -> Iterator[Blocking]:
    """A new `LocalPythonExecutor` for each program, so that none sees another's names."""
    from smolagents.local_python_executor import LocalPythonExecutor

    def run(program: str) -> str:
        executor = LocalPythonExecutor([])
        executor.send_tools({})
        return str(executor(f"{program}\nsolution()").output)

    yield run


@contextmanager
def docker(lane: int) -> Iterator[Blocking]:
    """One container for all programs of a lane; its kernel keeps their names."""
    from smolagents.monitoring import AgentLogger, LogLevel
    from smolagents.remote_executors import DockerExecutor

    executor = DockerExecutor(
        [],
        AgentLogger(LogLevel.OFF),
        port=PORT + lane,
        image_name=IMAGE,
        build_new_image=False,
        container_run_kwargs={"command": KERNEL_COMMAND},
    )

    def run(program: str) -> str:
        return str(executor.run_code_raise_errors(script(program)).logs).strip()

    try:
        yield run
    finally:
        executor.container.remove(force=True)


if __name__ == "__main__":
    drive({"local": each_its_own(local), "docker": each_its_own(docker)})
