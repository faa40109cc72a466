"""What goes through a worker arrives whole and leaves no trace."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Thread

import pytest

from reasongap.sandbox import frames
from reasongap.sandbox.passage import FIRST_ROOM, Passage

SIZES = [0, 1, 1_000, FIRST_ROOM, 3 * FIRST_ROOM + 7]


@pytest.fixture
def pipes() -> Iterator[tuple[int, int, int, int]]:
    """The two ends of a pipe into the passage, and of one out of it."""
    with ExitStack() as stack:
        ends = (*os.pipe(), *os.pipe())
        for end in ends:
            stack.callback(os.close, end)
        yield ends


@pytest.mark.parametrize("size", SIZES)
def test_a_frame_passes_whole(size: int, pipes: tuple[int, int, int, int]) -> None:
    inlet, sender, taker, outlet = pipes
    sent, passage, received = os.urandom(size), Passage(), []
    writing = Thread(target=frames.write, args=(sender, sent))
    writing.start()
    assert passage.read_frame(inlet)
    writing.join()
    assert len(passage) == size
    reading = Thread(target=lambda: received.append((os.read(taker, 3), frames.read(taker))))
    reading.start()
    passage.write_frame(outlet, before=b"abc")
    reading.join()
    assert received == [(b"abc", sent)]


def test_nothing_stays_once_wiped_however_large_it_was(pipes: tuple[int, int, int, int]) -> None:
    inlet, sender, _, _ = pipes
    passage, kept, sent = Passage(), [], 0
    for part in (b"secret" * 2_000, b"secret" * 9_000):
        kept.append(passage._room)
        sent += os.write(sender, part)
        while len(passage) < sent:
            passage.read(inlet)
    assert passage._room is not kept[0], "it took a larger room"
    passage.wipe()
    assert len(passage) == 0
    assert not any(b"secret" in room for room in (*kept, passage._room))


def test_a_sender_that_goes_away_is_noticed() -> None:
    for sent in (b"", b"\x00\x00", b"\x00\x00\x00\x09abc"):
        inlet, sender = os.pipe()
        os.write(sender, sent)
        os.close(sender)
        assert not Passage().read_frame(inlet)
        os.close(inlet)
