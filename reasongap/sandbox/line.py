"""The pool's end of a worker's stream: requests go out, answers come in, nothing blocks.

The worker's answers are untrusted only as far as the worker is lost: bytes that are no
frame, a length that no frame has, or an answer to another question all mean `WorkerLost`.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable

import anyio

from reasongap.sandbox import frames
from reasongap.sandbox.pool import Answer, WorkerLost


class Line:
    """One worker's line. `unwrap` takes off what a carrier put around the worker's bytes."""

    def __init__(self, end: socket.socket, unwrap: Callable[[bytes], bytes] = bytes) -> None:
        end.setblocking(False)
        self._end, self._unwrap = end, unwrap
        self._read = bytearray()

    async def hello(self) -> frames.Message:
        """What the worker first says of itself. Raises `WorkerLost`, and `BadFrame` for noise."""
        return frames.load(await self._receive())

    async def ask(self, request: frames.Message) -> Answer:
        """The worker's answer to one request; `WorkerLost` where there is none."""
        nonce = secrets.token_hex(8)
        await self._send(frames.pack_request(request, nonce))
        try:
            header = frames.load(await self._receive())
            report = await self._receive()
        except frames.BadFrame as error:
            raise WorkerLost(str(error)) from None
        if header.get("nonce") != nonce:
            raise WorkerLost("the worker answered another question")
        return header, report

    @property
    def closed(self) -> bool:
        """Whether our end is closed."""
        return self._end.fileno() < 0

    def close(self) -> None:
        """Close our end, on which a worker ends itself."""
        self._end.close()

    async def _send(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self._end.send(rest) :]
            except BlockingIOError:
                await anyio.wait_writable(self._end)
            except OSError as error:
                raise WorkerLost(f"the worker is gone: {error}") from None

    async def _receive(self) -> bytes:
        """The next frame. What comes behind it in the same breath is kept."""
        await self._fill(frames.HEADER.size)
        end = frames.HEADER.size + frames.length(bytes(self._read[: frames.HEADER.size]))
        await self._fill(end)
        payload = bytes(self._read[frames.HEADER.size : end])
        del self._read[:end]
        return payload

    async def _fill(self, size: int) -> None:
        """Read until that many bytes are there."""
        while len(self._read) < size:
            try:
                part = self._end.recv(2**18)
            except BlockingIOError:
                await anyio.wait_readable(self._end)
                continue
            except OSError as error:
                raise WorkerLost(f"the worker is gone: {error}") from None
            if not part:
                raise WorkerLost("the worker is gone")
            self._read += self._unwrap(part)
