"""The items inside the page: compressed, in an alphabet that HTML cannot misread."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Sequence
from dataclasses import dataclass

ROOM = 5_000_000
"""Bytes that a page may take; details beyond that lie in files beside it."""


def pack(text: str) -> str:
    """The text as gzip in base64: letters, digits, "+", "/" and "=" alone."""
    # A lone half of a surrogate pair, which JSON can hold and UTF-8 cannot, becomes a sign.
    return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), mtime=0)).decode()


@dataclass(frozen=True, slots=True)
class Packed:
    """Chunks within the page and, from that place on, beside it."""

    within: tuple[str, ...]
    beside: tuple[str, ...]


def shared_out(chunks: Sequence[str], room: int) -> Packed:
    """The chunks packed: as many of the first as have room, in bytes, within the page."""
    packed = [pack(chunk) for chunk in chunks]
    taken = within = 0
    while within < len(packed) and taken + len(packed[within]) <= room:
        taken += len(packed[within])
        within += 1
    return Packed(tuple(packed[:within]), tuple(packed[within:]))
