"""The exact text of an answer: "18", "2.5", "5/2", or the text of a string or collection.

A number is never cut into another number: text that would be too long ends in "…", which
no number does, and an integer of too many digits becomes "…" alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

LONGEST = 16 * 2**10
"""Characters of a value's text. Python's own limit of 4,300 digits does not bind here."""

DEEPEST = 20
"""Levels of lists in lists."""


class NoText(Exception):
    """A value of a type that no answer has: a generator, a function, an object."""


def exact_text(value: object) -> tuple[str | None, bool]:
    """The value's text, None for None, and whether it had to be cut.

    Raises `NoText` where the type has no exact text.
    """
    if value is None:
        return None, False
    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        text = _text(value, 0)
    finally:
        sys.set_int_max_str_digits(digits)
    text = escaped(text)
    if len(text) > LONGEST or text == "…":
        return text[: LONGEST - 1].rstrip("…") + "…", True
    return text, False


def escaped(text: str) -> str:
    """The text with escapes for what UTF-8 cannot hold: it may be six times as long."""
    return text.encode("utf-8", "backslashreplace").decode()


def _text(value: object, depth: int) -> str:
    if isinstance(value, str):
        return str.__str__(value) if depth == 0 else str.__repr__(value)
    if isinstance(value, (tuple, list, set, frozenset, dict)):
        return _collection(value, depth + 1)
    if value is None:
        return "None"
    return _number(value)


def _number(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return _integer(value)
    if isinstance(value, float):
        return float.__repr__(value)
    if isinstance(value, Fraction):
        top, bottom = _integer(value.numerator), _integer(value.denominator)
        return "…" if "…" in (top, bottom) else top if bottom == "1" else f"{top}/{bottom}"
    if isinstance(value, (bool, Decimal, complex, date, time, timedelta)):
        return str(value)
    return _foreign(value)


def _integer(value: int) -> str:
    # A digit holds log2(10) bits; converting what would be cut anyway may take minutes.
    return "…" if value.bit_length() > LONGEST * 3.33 else int.__repr__(value)


def _collection(value: Iterable[object], depth: int) -> str:
    if depth > DEEPEST:
        raise NoText(f"collections nested more than {DEEPEST} deep")
    brackets = "()" if isinstance(value, tuple) else "[]" if isinstance(value, list) else "{}"
    if isinstance(value, dict):
        parts = [f"{_text(k, depth)}: {_text(v, depth)}" for k, v in value.items()]
    else:
        parts = [_text(item, depth) for item in value]
    comma = "," if isinstance(value, tuple) and len(parts) == 1 else ""
    return f"{brackets[0]}{', '.join(parts)}{comma}{brackets[1]}"


def _foreign(value: Any) -> str:
    """Numbers of numpy and sympy, known by their module: neither is imported here."""
    package = type(value).__module__.partition(".")[0]
    if package == "numpy" and hasattr(value, "tolist"):
        return _text(value.tolist(), 1)
    if package == "sympy":
        return _symbolic(value)
    raise NoText(f"a value of type {type(value).__name__!r}")


def _symbolic(value: Any) -> str:
    if getattr(value, "is_Rational", False):
        return _number(Fraction(int(value.p), int(value.q)))
    if getattr(value, "is_number", False) and getattr(value, "is_real", False):
        return float.__repr__(float(value))
    return str(value)
