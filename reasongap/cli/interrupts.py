"""Ctrl-C and SIGTERM while questions are asked: first a wish to stop, then the end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn, Self

from reasongap.runs.events import Emit, Noted
from reasongap.runs.stopping import Stop

INTERRUPTED = 130
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts(Stop):
    """A stop that the first signal asks for; a second one ends the process where it stands.

    That loses nothing: a record is in its file once it is written, a reply once it arrived.
    """

    def __init__(self, emit: Emit) -> None:
        super().__init__()
        self._emit = emit
        self._heard = False

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._before = {number: signal.signal(number, self._hear) for number in SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self._heard:
            leave()
        self._heard = True
        self._loop.call_soon_threadsafe(self._begin)

    def _begin(self) -> None:
        self._emit(Noted(f"Stopping within {self.grace:g} s. Ctrl-C again: at once"))
        self.ask()


@contextmanager
def terminable() -> Iterator[None]:
    """Treat SIGTERM as Ctrl-C while the context lasts."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def answerable() -> Iterator[None]:
    """Let Ctrl-C end a prompt, which a running event loop would keep from it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def leave() -> NoReturn:
    """End the process at once: a thread inside llama.cpp would hold it for seconds more.

    The cursor is shown again where a display hid it. Flush what was printed before.
    """
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), b"\x1b[?25h")
    os._exit(INTERRUPTED)
