"""The numbers that a question brings without digits: words for numbers, and units.

They matter twice: a literal of the solution may stand for one of them, and a number in
digits that equals one of them is ambiguous. Words bring their value ("twice": 2); units
bring the constants of their conversions ("week": 7 days; "%": 100).
"""

from __future__ import annotations

import re
from fractions import Fraction

SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = {
    r"half|halve\w*|halfway": "2 1/2 50",
    r"twice|doubl\w*|couples?|pairs?|both|twins?|duo|second|two-?fold": "2",
    r"thrice|tripl\w*|trio|third|thirds": "3 1/3 2/3",
    r"quarters?|quarterly": "4 25 1/4 3/4",
    r"fourths?|quadrupl\w*": "4 1/4 3/4",
    r"fifths?|quintupl\w*": "5 1/5 2/5 3/5 4/5",
    r"sixths?|sextupl\w*": "6 1/6 5/6",
    r"sevenths?": "7 1/7",
    r"eighths?": "8 1/8 3/8 5/8 7/8",
    r"ninths?": "9 1/9",
    r"tenths?": "10 1/10",
    r"dozens?": "12",
    r"score": "20",
    r"hundreds?": "100",
    r"thousands?": "1000",
    r"millions?": "1000000",
}
UNITS = {
    r"%|per ?cent\w*": "100",
    r"weeks?|weekly|biweekly|week\w*": "7 52 5 2",
    r"fortnight\w*": "14",
    r"days?|daily|everyday|\w*day": "24 7 30 365",
    r"hours?|hourly": "60 24",
    r"minutes?": "60",
    r"seconds?": "60",
    r"months?|monthly": "12 30 4",
    r"years?|yearly|annual\w*|annum": "12 365 52",
    r"decades?": "10",
    r"century|centuries": "100",
    r"dollars?|cents?|\$|pennies|penny": "100",
    r"nickels?": "5",
    r"dimes?": "10",
    r"inch(?:es)?|foot|feet": "12",
    r"yards?": "3 36",
    r"miles?": "5280 1760",
    r"kg|kgs|g|grams?|kilo\w*|km|kms|meters?|liters?|litres?|ml|milli\w*": "1000",
    r"cm|centi\w*|meters?|mm": "100 10",
    r"tons?|tonnes?": "2000 1000",
    r"pounds?|ounces?|oz": "16",
    r"gallons?": "4 16 128",
    r"quarts?|pints?|cups?": "2 4 8 16",
    r"squares?|rectang\w*|perimeter|dogs?|cats?|cows?|horses?|legs?": "4 2",
    r"triang\w*|tricycles?": "3",
    r"seasons?": "4",
}


def _table(texts: dict[str, str]) -> list[tuple[re.Pattern[str], tuple[Fraction, ...]]]:
    return [
        (re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])"), tuple(map(Fraction, values.split())))
        for pattern, values in texts.items()
    ]


_WORDS, _UNITS = _table(WORDS), _table(UNITS)


def wording(question: str) -> tuple[frozenset[Fraction], frozenset[Fraction]]:
    """The values that the question's words for numbers bring, and those that its units do."""
    text = question.lower()
    return frozenset(_spelled(text)) | _brought(_WORDS, text), _brought(_UNITS, text)


def _brought(
    table: list[tuple[re.Pattern[str], tuple[Fraction, ...]]], text: str
) -> frozenset[Fraction]:
    return frozenset(value for pattern, values in table if pattern.search(text) for value in values)


def _spelled(text: str) -> list[Fraction]:
    """Values of words such as "nine" and "twenty-five" (as 25, 20 and 5)."""
    values: list[Fraction] = []
    tens = 0
    for word in re.findall(r"[a-z]+", text):
        if word in TENS:
            tens = 10 * (TENS.index(word) + 2)
            values.append(Fraction(tens))
        elif word in SMALL:
            value = SMALL.index(word)
            values += [Fraction(value), Fraction(tens + value)]
            tens = 0
        else:
            tens = 0
    return values
