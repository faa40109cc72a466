"""What is noted while a program runs."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from reasongap.sandbox.capture import SIZE, Output, Slate


@pytest.fixture
def slate() -> Iterator[Slate]:
    fresh = Slate()
    yield fresh
    fresh.close()


def read(slate: Slate) -> bytes:
    with slate.read() as standing:
        return bytes(standing)


def test_what_a_process_wrote_outlives_it(slate: Slate) -> None:
    child = os.fork()
    if child == 0:
        slate.write(b"half ")
        slate.write("ä".encode())
        os._exit(1)
    os.waitpid(child, 0)
    assert read(slate) == "half ä".encode()


def test_an_empty_slate_holds_nothing(slate: Slate) -> None:
    assert read(slate) == b""


def test_what_does_not_fit_is_left_out(slate: Slate) -> None:
    for _ in range(3):
        slate.write(b"x" * (Slate.ROOM // 2))
    slate.write(b"y")
    assert read(slate) == b"x" * Slate.ROOM


def test_a_size_that_a_program_forged_is_not_believed(slate: Slate) -> None:
    SIZE.pack_into(slate._memory, 0, 2**32 - 1)
    assert len(read(slate)) == Slate.ROOM


def test_output_beyond_its_limit_is_on_neither(slate: Slate) -> None:
    full: list[bool] = []
    output = Output(4, lambda: full.append(True), slate)
    assert output.write("abc") == 3
    assert not full
    output.write("defg")
    assert full
    assert (output.text(), read(slate)) == ("abcd", b"abcd")
