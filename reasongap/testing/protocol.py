"""As much of HTTP/1.1 as a client library needs, on asyncio alone."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from http import HTTPStatus

from reasongap.testing.replies import Answer

Serve = Callable[[str, bytes], Answer]
"""From a path and a body to the answer."""


class Connection(asyncio.Protocol):
    """One client's line: request after request, each answered before the next is sent."""

    def __init__(self, serve: Serve, lines: set[Connection]) -> None:
        self._serve = serve
        self._lines = lines
        self._read = bytearray()
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        assert isinstance(transport, asyncio.Transport)
        self._line = transport
        self._lines.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone: nothing more is sent."""
        self._lines.discard(self)
        if self._waiting is not None:
            self._waiting.cancel()

    def close(self) -> None:
        """Hang up."""
        self._line.abort()

    def data_received(self, data: bytes) -> None:
        """Collect a request, and answer it once it is whole."""
        self._read += data
        head, blank, rest = self._read.partition(b"\r\n\r\n")
        if not blank:
            return
        first, *headers = head.decode("latin-1").split("\r\n")
        named = {name.lower(): value for name, _, value in (h.partition(":") for h in headers)}
        length = int(named.get("content-length", 0))
        if len(rest) < length:
            return
        self._read = rest[length:]
        answer = self._serve(first.split(" ")[1], bytes(rest[:length]))
        if answer.wait:
            loop = asyncio.get_running_loop()
            self._waiting = loop.call_later(answer.wait, self._send, answer)
        else:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        self._waiting = None
        if answer.ending == "reset":
            # With no time to linger, closing sends a reset in place of the polite end.
            linger = struct.pack("ii", 1, 0)
            line: socket.socket = self._line.get_extra_info("socket")
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        if answer.ending in ("reset", "silent"):
            self._line.abort()
            return
        content = answer.content
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(content)),
            **answer.headers,
        }
        status = f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"
        head = "\r\n".join([status, *(f"{name}: {value}" for name, value in headers.items())])
        cut = len(content) // 2 if answer.ending == "half" else len(content)
        self._line.write(f"{head}\r\n\r\n".encode("latin-1") + content[:cut])
        if answer.ending == "half":
            self._line.close()
