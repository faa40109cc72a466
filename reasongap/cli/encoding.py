"""Output in any encoding: a stream that cannot hold a character gets a stand-in for it."""

from __future__ import annotations

import codecs
import io
import json
from typing import TextIO

HANDLER = "reasongap.stand_in"
STAND_INS = {"Δ": "D", "−": "-", "–": "-", "×": "x", "·": ".", "±": "+", "→": ">", "…": "~"}
"""Signs of our own tables, each by one that is as wide, so that columns stay in line."""


def never_fail(*streams: TextIO) -> None:
    r"""Make streams take every character, whatever their encoding.

    What is no sign of our own comes out as JSON writes it, such as \u00e9: JSON stays JSON.
    """
    codecs.register_error(HANDLER, _stand_in)
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=HANDLER)


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(STAND_INS.get(sign) or json.dumps(sign)[1:-1] for sign in signs), error.end
