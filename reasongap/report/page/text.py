"""Text of strangers made safe to look at: what would act on a reader is shown as a sign."""

from __future__ import annotations

import re

from markupsafe import Markup

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_PICTURES = 0x2400


def visible(text: str) -> str:
    """The text with control characters as signs: an escape as ␛, others as ⟨U+202E⟩.

    Colours of a terminal do nothing then, and nothing turns the direction of reading.
    """
    return _UNSEEN.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(_PICTURES + code) if code < 0x20 else f"⟨U+{code:04X}⟩"


def shown(value: object) -> object:
    """What a template prints: text made visible, markup of our own as it is."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else visible(value)
