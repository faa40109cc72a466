"""A worker as the first process of a container, spoken to through the attached stream."""

from __future__ import annotations

import socket
import struct
import time

import anyio
from anyio import to_thread

from reasongap.errors import SandboxUnavailable
from reasongap.sandbox import frames
from reasongap.sandbox.containers.engine import Engine, EngineGone
from reasongap.sandbox.containers.hardening import OWN_MEMORY, Plan
from reasongap.sandbox.line import Line
from reasongap.sandbox.pool import Answer, WorkerLost
from reasongap.sandbox.process import START_SECONDS
from reasongap.sandbox.seam import Limits

STREAM_HEADER = struct.Struct(">BxxxI")
"""What Docker puts before each piece of an attached stream: which stream, how many bytes."""

STDOUT = 1
LAST_WORDS = 4096


class Demultiplexer:
    """Takes Docker's headers off an attached stream: calls give stdout, `words` is stderr."""

    def __init__(self) -> None:
        self.words = b""
        self._header = b""
        self._kind = self._left = 0

    def __call__(self, part: bytes) -> bytes:
        """The standard output in the next bytes of the stream."""
        output = bytearray()
        rest = memoryview(part)
        while rest:
            if not self._left:
                rest = self._begin(rest)
                continue
            piece, rest = rest[: self._left], rest[self._left :]
            self._left -= len(piece)
            if self._kind == STDOUT:
                output += piece
            else:
                self.words = (self.words + piece)[-LAST_WORDS:]
        return bytes(output)

    def _begin(self, rest: memoryview) -> memoryview:
        """Take in a header, or what there is of it; what follows."""
        missing = STREAM_HEADER.size - len(self._header)
        self._header += rest[:missing]
        if len(self._header) == STREAM_HEADER.size:
            self._kind, self._left = STREAM_HEADER.unpack(self._header)
            self._header = b""
        return rest[missing:]


class ContainerWorker:
    """One running worker. `hello` is what it said of its walls."""

    def __init__(self, engine: Engine, identity: str, end: socket.socket) -> None:
        self._engine, self._identity = engine, identity
        self._stream = Demultiplexer()
        self._line = Line(end, self._stream)
        self._memory = Limits().memory
        self._since = int(time.time())
        self.hello: frames.Message = {}

    @classmethod
    async def start(cls, engine: Engine, plan: Plan) -> ContainerWorker:
        """A worker that is ready; `SandboxUnavailable` with its last words where it fails."""
        options = plan.options(Limits().memory)
        started = await to_thread.run_sync(engine.start, plan.image, plan.command(), options)
        worker = cls(engine, *started)
        try:
            with anyio.fail_after(START_SECONDS):
                worker.hello = await worker._line.hello()
        except (WorkerLost, TimeoutError, frames.BadFrame) as error:
            words = worker.kill()
            await to_thread.run_sync(engine.facts)  # says so where it is the engine that went
            if not words:
                raise EngineGone(f"the container went before it was ready: {error}") from None
            raise SandboxUnavailable(f"the container's worker fails: {words}") from None
        except BaseException:
            worker.kill()
            raise
        return worker

    async def ask(self, request: frames.Message) -> Answer:
        """The worker's answer to one request; `WorkerLost` where there is none."""
        if request["memory"] > self._memory:
            await to_thread.run_sync(self._allow, request["memory"])
        return await self._line.ask(request)

    async def killed(self) -> bool:
        """Whether the system killed something in this lost worker's container, for memory."""
        try:
            return await to_thread.run_sync(
                self._engine.ran_out_of_memory, self._identity, self._since
            )
        except SandboxUnavailable:
            return False

    def kill(self) -> str:
        """Close the line, on which the worker ends and the engine removes its container."""
        self._line.close()
        return self._stream.words.decode("utf-8", "replace").strip().rpartition("\n")[2]

    def _allow(self, memory: int) -> None:
        """Let a program have more memory than any before it."""
        try:
            self._engine.allow_memory(self._identity, memory + OWN_MEMORY)
        except SandboxUnavailable as error:
            raise WorkerLost(str(error)) from None
        self._memory = memory
