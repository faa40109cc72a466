"""Pass messages on without keeping any of them.

Every program is a fork of its worker, so plain Python can read what lies in the worker's
memory: its frames, its objects, and what was freed and not yet written over. A program or
a report that went through there as a Python object could be read by the next one.
"""

from __future__ import annotations

import os

from reasongap.sandbox import frames

FIRST_ROOM = 2**16


class Passage:
    """Room for one message on its way from one descriptor to another, wiped behind it."""

    def __init__(self) -> None:
        self._room = bytearray(FIRST_ROOM)
        self._used = 0

    def __len__(self) -> int:
        """Bytes of the message so far."""
        return self._used

    def read_frame(self, descriptor: int) -> bool:
        """Take in the next frame's payload; False where the other side has closed."""
        header = frames.read_header(descriptor)
        if header is None:
            return False
        while self._used < header:
            if not self.read(descriptor, header - self._used):
                return False
        return True

    def read(self, descriptor: int, at_most: int = 2**16) -> int:
        """Take in what is there, and say how much that was: 0 at the end."""
        self._grow(self._used + at_most)
        with memoryview(self._room) as room:
            count = os.readv(descriptor, [room[self._used : self._used + at_most]])
        self._used += count
        return count

    def write_frame(self, descriptor: int, before: bytes = b"") -> None:
        """Send the message as a frame, behind some bytes of the caller's. It stays here."""
        header = before + frames.HEADER.pack(self._used)
        with memoryview(self._room) as room:
            frames.write_all(descriptor, header, room[: self._used])

    def wipe(self) -> None:
        """Forget the message."""
        self._room[: self._used] = bytes(self._used)
        self._used = 0

    def _grow(self, size: int) -> None:
        if size <= len(self._room):
            return
        larger = bytearray(max(size, 2 * len(self._room)))
        larger[: self._used] = memoryview(self._room)[: self._used]
        self._room[:] = bytes(len(self._room))
        self._room = larger
