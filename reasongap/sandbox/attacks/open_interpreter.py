"""An interpreter that stops nothing: the other end of every attack's proof.

Here an attack must be seen to succeed, or its failure elsewhere proves nothing. It runs
programs one after the other in one process, unpickles their answers, and keeps no limit. It
is no backend, and starts only as the root of a container that is thrown away: `control`.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

from anyio import to_thread

from reasongap.domain import Execution, Program
from reasongap.errors import SandboxUnavailable
from reasongap.sandbox.attacks.trial import LATE
from reasongap.sandbox.frames import HEADER
from reasongap.sandbox.seam import Limits

SERVER = Path(__file__).with_name("naive.py")
MARKER = "REASONGAP_THROWAWAY_CONTAINER"
IN_CONTAINER = Path("/.dockerenv")

Server = subprocess.Popen[bytes]


class OpenInterpreter:
    """Programs in plain interpreters, two so that one can run beside the other."""

    name = "open"

    def __init__(self) -> None:
        if MARKER not in os.environ or not IN_CONTAINER.exists():
            raise SandboxUnavailable("the open interpreter runs in a throwaway container only")
        self._idle: list[Server] = []
        self._all: list[Server] = []

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        """What became of the program, by its own word."""
        server = self._idle.pop() if self._idle else self._start()
        ask = partial(_asked, server, program.source.encode(), limits or Limits())
        execution: Execution = await to_thread.run_sync(ask)
        if execution.status == "timeout":
            os.killpg(server.pid, signal.SIGKILL)
        else:
            self._idle.append(server)
        return execution

    def layers(self) -> tuple[str, ...]:
        """None."""
        return ()

    async def aclose(self) -> None:
        """End the interpreters; the next program starts new ones."""
        for server in self._all:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            with server:
                pass
        self._idle, self._all = [], []

    def _start(self) -> Server:
        server = subprocess.Popen(
            [sys.executable, SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            close_fds=False,
            start_new_session=True,
            bufsize=0,
        )
        self._all.append(server)
        return server


def _asked(server: Server, source: bytes, limits: Limits) -> Execution:
    """The execution that the server tells of."""
    assert server.stdin is not None
    began = time.monotonic()
    answer = None
    with suppress(BrokenPipeError, EOFError):
        server.stdin.write(HEADER.pack(len(source)) + source)
        size = HEADER.unpack(_read(server, HEADER.size, began + limits.seconds + 1.2 * LATE))[0]
        answer = _read(server, size, began + limits.seconds + 1.2 * LATE)
    seconds = time.monotonic() - began
    if answer is None:
        return Execution("timeout" if seconds > limits.seconds else "crashed", seconds=seconds)
    status, value, stdout, error = pickle.loads(answer)
    return Execution(
        status,
        value=None if value is None else str(value),
        stdout=stdout,
        error=None if error is None else f"{type(error).__name__}: {error}",
        seconds=seconds,
    )


def _read(server: Server, size: int, deadline: float) -> bytes:
    """That many bytes of what the server says; `EOFError` where they do not come in time."""
    assert server.stdout is not None
    read = b""
    while len(read) < size:
        left = max(0.0, deadline - time.monotonic())
        if not select.select([server.stdout], [], [], left)[0]:
            raise EOFError
        part = server.stdout.read(size - len(read))
        if not part:
            raise EOFError
        read += part
    return read
