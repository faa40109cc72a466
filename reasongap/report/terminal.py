"""Text of strangers on a terminal: what would act on it is shown, and does nothing."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import IO

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Also what turns the direction of writing, so that a text could seem to say something else."""


def shown(text: str, stream: IO[str] | None = None) -> str:
    """The text as a stream may have it, stdout where none is given.

    A terminal gets it `visible`; a file or a pipe gets every character as it is.
    """
    return visible(text) if (stream or sys.stdout).isatty() else text


def warn(notes: Iterable[str]) -> None:
    """Print notes on stderr, a line each: where what stdout gets has no room for them."""
    for note in notes:
        print(shown(f"! {note}", sys.stderr), file=sys.stderr)


def visible(text: str) -> str:
    r"""The text with control characters but line end and tab as escapes, such as \x1b."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
