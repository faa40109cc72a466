"""Length-prefixed JSON frames, the only language between a pool, a worker and a program.

A frame is four bytes of length (big-endian) and that many bytes. JSON can only yield exact
built-in types, and a length is refused before anything is read for it. The functions here
are the blocking side, for the worker; the pool reads the same frames without blocking.
"""

from __future__ import annotations

import json
import os
import struct
from typing import Any

HEADER = struct.Struct(">I")
LARGEST = 16 * 2**20
"""No frame is longer, in bytes."""

Message = dict[str, Any]


class BadFrame(Exception):
    """Bytes that are no frame, or a frame that is not what was asked for."""


def pack(payload: bytes) -> bytes:
    """The payload with its length in front."""
    if len(payload) > LARGEST:
        raise BadFrame(f"a frame of {len(payload)} bytes is longer than {LARGEST}")
    return HEADER.pack(len(payload)) + payload


def length(header: bytes) -> int:
    """How many bytes follow this header; `BadFrame` where that is more than a frame holds."""
    size: int = HEADER.unpack(header)[0]
    if size > LARGEST:
        raise BadFrame(f"a frame of {size} bytes is longer than {LARGEST}")
    return size


def dump(message: Message) -> bytes:
    """A message as bytes."""
    return json.dumps(message, separators=(",", ":")).encode()


def pack_request(program: Message, nonce: str) -> bytes:
    """A program and its limits as a worker takes them: what the worker heeds, and all of it."""
    header = {"nonce": nonce, "seconds": program["seconds"], "output": program["output"]}
    return pack(dump(header)) + pack(dump(program))


def load(payload: bytes) -> Message:
    """The message in these bytes; `BadFrame` where they hold none."""
    try:
        message = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise BadFrame(f"not a message: {error}") from None
    if type(message) is not dict:
        raise BadFrame(f"not a message: {type(message).__name__}")
    return message


def read(descriptor: int) -> bytes | None:
    """The next frame's payload, None where the other side has closed."""
    size = read_header(descriptor)
    return None if size is None else _exactly(descriptor, size)


def read_header(descriptor: int) -> int | None:
    """How long the next frame's payload is, None where the other side has closed."""
    header = _exactly(descriptor, HEADER.size)
    return None if header is None else length(header)


def write(descriptor: int, payload: bytes) -> None:
    """Send one frame."""
    write_all(descriptor, pack(payload))


def write_all(descriptor: int, *parts: bytes | memoryview) -> None:
    """Send these bytes as they are, one after the other, however many writes it takes."""
    rest = [memoryview(part) for part in parts if part]
    while rest:
        sent = os.writev(descriptor, rest)
        while rest and sent >= len(rest[0]):
            sent -= len(rest.pop(0))
        if sent:
            rest[0] = rest[0][sent:]


def _exactly(descriptor: int, size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        part = os.read(descriptor, size)
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
