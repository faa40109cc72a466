"""A worker as a process of this machine: started, asked through a socket, ended for certain.

It runs in a session of its own, with an environment and an import path of ours. Every kill
takes all its processes and waits for them: no zombie stays behind.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import anyio
from anyio import to_thread

from reasongap.errors import SandboxUnavailable
from reasongap.sandbox import frames
from reasongap.sandbox.line import Line
from reasongap.sandbox.pool import Answer, WorkerLost
from reasongap.sandbox.worker import Settings

START_SECONDS = 60.0
"""A worker that has not said hello by then is broken. sympy alone takes most of a second."""

BOOT = "import sys; sys.path[:0] = sys.argv[2:]; from reasongap.sandbox.worker import main; main"

END_SECONDS = 10.0
"""A lost worker's process has ended by then, if it ends at all: a busy machine takes a while."""

KILLED = (-signal.SIGKILL, 128 + signal.SIGKILL)
"""Exit codes of a worker that was killed, and of the process that waits for one that was."""

ENVIRONMENT = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""All that a worker's environment holds. Hashes are fixed, so that a run can be repeated."""


class ProcessWorker:
    """One running worker. `hello` is what it said of its walls."""

    def __init__(self, process: subprocess.Popen[bytes], end: socket.socket) -> None:
        self._process, self._line = process, Line(end)
        self.hello: frames.Message = {}

    @classmethod
    async def start(cls, settings: Settings) -> ProcessWorker:
        """A worker that is ready; `SandboxUnavailable` with its last words where it fails."""
        worker = cls(*_spawn(settings))
        try:
            with anyio.fail_after(START_SECONDS):
                worker.hello = await worker._line.hello()
        except (WorkerLost, TimeoutError, frames.BadFrame) as error:
            words = worker.kill()
            raise SandboxUnavailable(
                f"the sandbox's worker does not start: {words or error}. "
                "`reasongap doctor` shows what this machine offers."
            ) from None
        except BaseException:
            worker.kill()
            raise
        return worker

    async def ask(self, request: frames.Message) -> Answer:
        """The worker's answer to one request; `WorkerLost` where there is none."""
        return await self._line.ask(request)

    def kill(self) -> str:
        """End the worker and all it started; what it last wrote on standard error, once."""
        if self._line.closed:
            return ""
        self._line.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        assert self._process.stderr is not None
        with self._process.stderr as words:
            return words.read().decode("utf-8", "replace").strip().rpartition("\n")[2]

    async def killed(self) -> bool:
        """Whether a lost worker was killed by the system, which does so for memory."""
        try:
            return await to_thread.run_sync(self._process.wait, END_SECONDS) in KILLED
        except subprocess.TimeoutExpired:
            return False


def _spawn(settings: Settings) -> tuple[subprocess.Popen[bytes], socket.socket]:
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-S", "-s", "-P", "-c", f"{BOOT}(sys.argv[1])"]
    with theirs:
        process = subprocess.Popen(
            [*command, json.dumps(asdict(settings)), *_import_path(settings)],
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )
    return process, ours


def _import_path(settings: Settings) -> list[str]:
    """The folders that hold what a worker imports; the standard library's are its own."""
    folders = {str(Path(__file__).parents[2]): None}
    for name in ("RestrictedPython", *settings.packages):
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise SandboxUnavailable(f"the sandbox needs {name}: pip install {name}")
        folders[str(Path(spec.origin).parents[1])] = None
    return list(folders)
