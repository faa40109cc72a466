"""Numbers as people, models and programs write them: read, found, printed, compared.

The grammar: an optional sign, an optional currency sign, and then `1,234.50`, `1'234`,
`1,23,456`, `3/4`, `2 1/2`, `1.5e3`, `1.5 x 10^3` or `2 million`, with an optional per cent sign,
which does not divide (`12%` is 12). Dates, times and ratios (5:30), ordinals (2nd), exponents
(cm^2), list markers, and digits inside names (Q1, solve_q2) are no numbers, nor are NaN and
infinity. Values are exact; numerators and denominators from 10^500 on are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from reasongap.answers.notation import plain_notation

_MAX_DIGITS = 500
_MAX_LENGTH = 1200
_MAX_DECIMALS = 400
_LIMIT = 10**_MAX_DIGITS

_NUMBER = r"""
    (?:(?<![\w)\]}%-])(?P<sign>[-+]))? (?:[$€£¥₹][ ]?)? (?P<inner>(?<=[$€£¥₹])-)?
    (?:
        (?:(?P<whole>\d++)[ ])? (?P<over>\d++)/(?P<under>\d++) (?!\.?\d|/)
      | (?P<decimal>
            (?: \d{1,3}(?:[,_'’]\d{3})++(?!\d) | \d{1,2}(?:,\d{2}(?=,))++,\d{3}(?!\d) | \d++ )
            (?:\.\d++)?
          | (?<![\w.])\.\d++
        )
        (?: [eE](?P<exponent>[-+]?\d{1,3})(?!\w) | [ ]?[x*][ ]?10\^\{?(?P<power>[-+]?\d{1,3})\}? )?
        (?: [ ](?P<scale>hundred|thousand|million|billion|trillion)\b )?
    )
    (?:[ ]?%)?
"""
_NO_NUMBER = r"""
    ^[ \t]*+\d{1,3}[.)](?=[ \t]++\S)
  | \d{4}-\d{2}-\d{2}(?!\d) | \d{1,2}/\d{1,2}/\d{2,4}(?!\d)
  | \d++(?::\d++)++
  | \d++(?:st|nd|rd|th)\b
  | \^\{?-?\d++
  | [A-Za-z_]\w*+
"""
_FLAGS = re.ASCII | re.VERBOSE | re.MULTILINE
_WHOLE_TEXT = re.compile(_NUMBER, _FLAGS)
_SCAN = re.compile(f"(?P<skip>{_NO_NUMBER})|{_NUMBER}", _FLAGS)
_SPACED = re.compile(r"[-+]?[1-9][0-9]{0,2}(?: [0-9]{3})+")

_GROUPING = str.maketrans("", "", ",_'’")
_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}

TOLERANCE = Fraction(1, 10**9)
"""How far floating point may have carried an answer: see `same`."""

_ROUNDING = Fraction(1, 2**48)


@dataclass(frozen=True, slots=True)
class Found:
    """A number found in a text: its value, and where it starts and ends."""

    value: Fraction
    start: int
    end: int


def parse_number(text: str) -> Fraction | None:
    """The number that the whole text is, exact; None where it is anything else.

    Takes what the module's grammar says, in LaTeX and Unicode too, and thousands set off by
    spaces. "12%" is 12.
    """
    if len(text) > _MAX_LENGTH:
        return None
    plain = plain_notation(text).strip()
    if _SPACED.fullmatch(plain):
        plain = plain.replace(" ", "")
    match = _WHOLE_TEXT.fullmatch(plain)
    return _value(match) if match else None


def find_numbers(text: str) -> Iterator[Found]:
    """The numbers in a text in plain notation, from left to right, in linear time."""
    for match in _SCAN.finditer(text):
        if match["skip"] is None and (value := _value(match)) is not None:
            yield Found(value, match.start(), match.end())


def last_number(text: str) -> Fraction | None:
    """The last number in a text in plain notation, None where it has none."""
    for line in reversed(text.split("\n")):
        if numbers := list(find_numbers(line)):
            return numbers[-1].value
    return None


def _value(match: re.Match[str]) -> Fraction | None:
    """The exact value of a match of the grammar; None where it is too large or over zero."""
    if match.end() - match.start() > _MAX_LENGTH:
        return None
    if match["decimal"] is None:
        if not (under := int(match["under"])):
            return None
        value = int(match["whole"] or 0) + Fraction(int(match["over"]), under)
    else:
        digits = match["decimal"].translate(_GROUPING)
        value = Fraction(int(digits) if digits.isdecimal() else digits)  # of whole ones faster
        if exponent := int(match["exponent"] or match["power"] or 0):
            value *= Fraction(10) ** exponent
        if scale := match["scale"]:
            value *= _SCALES[scale]
    if value.numerator >= _LIMIT or value.denominator >= _LIMIT:
        return None
    return -value if "-" in (match["sign"], match["inner"]) else value


def format_number(number: Fraction) -> str:
    """The exact text of a number: "18", "2.5" where the decimals end, else "1/3".

    `parse_number` reads it back to the same value, for every value that it gives.
    """
    decimals = _decimals(number.denominator)
    if decimals is None:
        return f"{number.numerator}/{number.denominator}"
    digits = str(abs(number.numerator) * 10**decimals // number.denominator)
    sign = "-" if number < 0 else ""
    if not decimals:
        return sign + digits
    digits = digits.zfill(decimals + 1)
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def _decimals(denominator: int) -> int | None:
    """How many decimals a fraction over this denominator has; None where they never end."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    decimals = max(twos, fives)
    return decimals if rest == 1 and decimals <= _MAX_DECIMALS else None


def same(answer: Fraction, gold: Fraction, tolerance: Fraction = TOLERANCE) -> bool:
    """Whether an answer is the gold answer.

    Two integers are the same only if they are equal. Otherwise floating point is forgiven,
    and nothing more: a difference of `tolerance` (10⁻⁹), or of 16 units in the last place of
    a double (gold / 2⁴⁸) where that is more. So 17.999999999996 is 18, and 18.01 is not;
    an answer rounded to cents is not the fraction that it was rounded from.
    """
    if answer == gold:
        return True
    if answer.denominator == gold.denominator == 1:
        return False
    return abs(answer - gold) <= max(tolerance, abs(gold) * _ROUNDING)
