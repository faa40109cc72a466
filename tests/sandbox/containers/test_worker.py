"""The attached stream, in whatever pieces it comes."""

from __future__ import annotations

import itertools
import struct

from hypothesis import given
from hypothesis import strategies as st

from reasongap.sandbox.containers.worker import LAST_WORDS, Demultiplexer

Piece = tuple[int, bytes]


def _sent(pieces: list[Piece]) -> bytes:
    return b"".join(struct.pack(">BxxxI", kind, len(data)) + data for kind, data in pieces)


@given(
    st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=40)), max_size=8),
    st.lists(st.integers(0, 400), max_size=12),
)
def test_output_and_last_words_are_told_apart_wherever_it_is_cut(
    pieces: list[Piece], cuts: list[int]
) -> None:
    sent, stream, output = _sent(pieces), Demultiplexer(), b""
    places = [0, *sorted(min(cut, len(sent)) for cut in cuts), len(sent)]
    for start, end in itertools.pairwise(places):
        output += stream(sent[start:end])
    assert output == b"".join(data for kind, data in pieces if kind == 1)
    assert stream.words == b"".join(data for kind, data in pieces if kind == 2)


def test_endless_complaints_take_no_more_than_their_end() -> None:
    stream = Demultiplexer()
    for _ in range(100):
        stream(_sent([(2, b"x" * 1000)]))
    assert len(stream.words) == LAST_WORDS
