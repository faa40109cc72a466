r"""Plain notation: how LaTeX, Unicode and typography write numbers, brought down to ASCII.

`\$1{,}234`, `1\,000`, `−3`, `\frac{3}{4}`, `2½`, `12\%` and `\text{18 km}` become `$1,234`,
`1000`, `-3`, `3/4`, `2 1/2`, `12%` and ` 18 km `, and digits of full width narrow ones. Words,
lines and the order of things stay. Every step is a single pass over the text.
"""

from __future__ import annotations

import re
from fractions import Fraction

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2013\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u00a0\u2007\u202f", "\u2009"),
        **dict.fromkeys("\u200b\ufeff", ""),
        **{chr(0xFEE0 + ord(char)): char for char in "0123456789$%+./:="},
        **{"，": ", ", "。": ". "},
        **{"×": "x", "⁄": "/", "\r": "\n"},
    }
)
_VULGAR = {
    **{"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"},
    **{"⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅚": "5/6"},
    **{"⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8"},
}
_POWER = re.compile("(?<=[0-9])[⁰¹²³⁴-⁹]+")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

_MARKED = re.compile(r"[\\{\r]|[0-9] and ", re.IGNORECASE)
"""Without any of these, a text in ASCII is plain already."""

_GROUP_SPACE = re.compile(r"(?<=[0-9])(?:\u2009|\\[,;:! ])(?=[0-9]{3}(?![0-9]))")
_GROUP_COMMA = re.compile(r"(?<=[0-9])(?:\{,\}|,\\!)(?=[0-9]{3})")
_ESCAPED = re.compile(r"\\([$%#&_])")
_TERM = r"\s*(-?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)\s*"
_FRACTION = re.compile(
    rf"\\[dtc]?frac\s*(?:\{{{_TERM}\}}\s*\{{{_TERM}\}}|([0-9])\s*([0-9]))"
    rf"|([{''.join(_VULGAR)}])"
)
_HALF = re.compile(r"(?<=[0-9]) and (?:(?:a|one) (half|quarter)\b|(?=[0-9]+/[0-9]))", re.IGNORECASE)
_TEXT = re.compile(r"\\(?:text(?:bf|it|rm)?|mathrm|mathbf|mbox|operatorname)\s*\{([^{}]*)\}")
_RELATION = re.compile(r"\\(approx|times|cdot|div|quad|qquad|left|right|displaystyle)(?![a-z])")
_RELATIONS = {"approx": "≈", "times": "x", "cdot": "x", "div": "/"}
_SPACING = re.compile(r"\\[,;:! ()\[\]]|\u2009")


def plain_notation(text: str) -> str:
    """The text with its numbers in plain ASCII; what is plain already stays as it is."""
    if text.isascii() and not _MARKED.search(text):
        return text
    text = text.translate(_SIGNS)
    text = _GROUP_SPACE.sub("", text)
    text = _GROUP_COMMA.sub(",", text)
    text = _ESCAPED.sub(r"\1", text)
    text = _POWER.sub(lambda match: "^" + match[0].translate(_RAISED), text)
    text = _FRACTION.sub(_as_quotient, text)
    text = _HALF.sub(_as_part, text)
    text = _TEXT.sub(r" \1 ", text)
    text = _RELATION.sub(lambda m: _RELATIONS.get(m[1], " "), text)
    return _SPACING.sub(" ", text)


def _as_part(match: re.Match[str]) -> str:
    """What follows a whole number: " 1/2", " 1/4", or a space before a fraction in digits."""
    return {"half": " 1/2", "quarter": " 1/4", None: " "}[match[1] and match[1].lower()]


def _as_quotient(match: re.Match[str]) -> str:
    """`3/4`, set off by a space from a whole number right before it (a mixed number)."""
    braced, over, short, under, vulgar = match.groups()
    if braced and not (braced.isdigit() and over.isdigit()):
        return _as_decimal(braced.replace(",", ""), over.replace(",", "")) or match[0]
    quotient = _VULGAR[vulgar] if vulgar else f"{braced or short}/{over or under}"
    before = match.string[match.start() - 1 : match.start()]
    return f" {quotient}" if before.isdigit() else quotient


def _as_decimal(over: str, under: str) -> str | None:
    """A quotient of decimals or negative numbers as one of whole numbers, None over zero."""
    if not float(under):
        return None
    value = Fraction(over) / Fraction(under)
    return str(value)
