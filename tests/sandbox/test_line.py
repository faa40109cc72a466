"""A worker's line, with the test at its other end."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Iterator

import anyio
import pytest

from reasongap.sandbox import frames
from reasongap.sandbox.line import Line
from reasongap.sandbox.pool import Answer, WorkerLost

REQUEST: frames.Message = {"source": "ans = 1", "seconds": 1.0, "output": 9}
Ends = tuple[Line, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    """A line, and the worker's end of it."""
    ours, theirs = socket.socketpair()
    line = Line(ours)
    with theirs:
        yield line, theirs
    line.close()


def _frame(message: frames.Message) -> bytes:
    return frames.pack(frames.dump(message))


def _answered(ends: Ends, answer: Callable[[str], list[bytes]]) -> Answer:
    """What the line makes of an answer, which is made from the nonce and sent in pieces."""
    line, theirs = ends

    async def play() -> None:
        await anyio.wait_readable(theirs)
        first = theirs.recv(2**16)
        size = frames.length(first[: frames.HEADER.size])
        header = json.loads(first[frames.HEADER.size : frames.HEADER.size + size])
        for piece in answer(header["nonce"]):
            theirs.sendall(piece)
            await anyio.sleep(0.001)
        theirs.close()

    async def main() -> Answer:
        playing = asyncio.create_task(play())
        try:
            return await asyncio.wait_for(line.ask(REQUEST), 60)
        finally:
            await playing

    return anyio.run(main)


def test_an_answer_is_put_together_from_any_pieces(ends: Ends) -> None:
    def answer(nonce: str) -> list[bytes]:
        whole = _frame({"nonce": nonce}) + frames.pack(b"report")
        return [whole[i : i + 1] for i in range(len(whole))]

    header, report = _answered(ends, answer)
    assert report == b"report"
    assert header.keys() == {"nonce"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda nonce: [], "gone"),
        (lambda nonce: [_frame({"nonce": nonce})[:-1]], "gone"),
        (lambda nonce: [_frame({"nonce": nonce})], "gone"),
        (lambda nonce: [_frame({"nonce": "forged"}), frames.pack(b"")], "another question"),
        (lambda nonce: [b"\xff\xff\xff\xff"], "longer than"),
        (lambda nonce: [frames.pack(b"[]"), frames.pack(b"")], "not a message"),
    ],
    ids=["nothing", "half a header", "no report", "another nonce", "a length", "no message"],
)
def test_anything_else_loses_the_worker(
    ends: Ends, answer: Callable[[str], list[bytes]], said: str
) -> None:
    with pytest.raises(WorkerLost, match=said):
        _answered(ends, answer)


def test_a_worker_that_has_gone_cannot_be_asked(ends: Ends) -> None:
    line, theirs = ends
    theirs.close()
    with pytest.raises(WorkerLost, match="gone"):
        anyio.run(line.ask, REQUEST)


def test_a_closed_line_says_so(ends: Ends) -> None:
    line, theirs = ends
    assert not line.closed
    line.close()
    assert line.closed
    assert theirs.recv(1) == b""
