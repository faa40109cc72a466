"""Details are packed so that HTML cannot misread them, and shared out by room."""

from __future__ import annotations

import base64
import gzip

import pytest

from reasongap.report.page.packing import pack, shared_out


@pytest.mark.parametrize("text", ["", "</script>", "Δ\u202e", "x" * 100_000])
def test_what_is_packed_is_whole_and_harmless(text: str) -> None:
    packed = pack(text)
    assert gzip.decompress(base64.b64decode(packed)).decode() == text
    assert set(packed).isdisjoint("<>&\"'")


def test_half_a_pair_becomes_a_sign() -> None:
    assert gzip.decompress(base64.b64decode(pack("a\ud800"))) == b"a?"


def test_the_same_text_packs_to_the_same_letters() -> None:
    assert pack("abc") == pack("abc")


def test_the_first_chunks_lie_within_as_far_as_there_is_room() -> None:
    chunks = ["a", "b", "c"]
    one, two, three = map(pack, chunks)
    assert shared_out(chunks, 10_000).within == (one, two, three)
    packed = shared_out(chunks, len(one) + len(two))
    assert (packed.within, packed.beside) == ((one, two), (three,))
    assert shared_out(chunks, -5).beside == (one, two, three)
