"""The numbers that a question mentions in digits, and which of them may become an X.

`mentions("She has 5 apples on the 3rd shelf")` gives 5, free to be replaced, and 3, whose
`obstacle` says that it is an ordinal. An obstacle is whatever would make the question
read wrong, or mean something else, with an X in the number's place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from reasongap.answers import format_number
from reasongap.domain import PLACE

NUMBER = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\d)|(?<![\d.])\.\d+")
FRACTION = re.compile(r"(?:(\d+)(?: and |[ -]))?(?<![\d.,/])(\d+) ?[/⁄] ?(\d+)(?![\d/])")
LONE_X = re.compile(r"(?<!\w)[Xx](?!\w)")
PERCENT = re.compile(r" ?%| per ?cent(?:age)?\b", re.IGNORECASE)
NEVER = r"(?!)"
OBSTACLES = tuple(
    (name, re.compile(f"(?:{before})$", re.IGNORECASE), re.compile(after, re.IGNORECASE))
    for name, before, after in (
        (
            "a fraction",
            r"\d ?[/⁄] ?",
            r" ?[/⁄] ?\d| \d+/| (?:and )?(?:an? |one[ -])(?:half|third|quart)",
        ),
        ("a date or time", r"\d:", r":\d| ?[ap]\.?m\b| ?o'?clock| (?:b\.?c|a\.?d)\b"),
        (
            "a date or time",
            r"\b(?:jan|feb|mar|apr|may|june|july|aug|sep|oct|nov|dec)[a-z]*\.? ",
            r" (?:of )?(?:jan|feb|mar|apr|may|june|july|aug|sep|oct|nov|dec)[a-z]*\b",
        ),
        ("an ordinal", NEVER, r"(?:st|nd|rd|th)\b"),
        ("joined to letters", r"[^\W\d]|'", r"[^\W\d]|'"),
        ("joined by a hyphen", r"[-–—−][$€£]?", r"[-–—]\w"),
        (
            "a label",
            r"#|\b(?:room|grade|page|chapter|number|no\.|level|size|unit|route|highway|channel"
            r"|section|step|question|flight|bus|gate|day|week|month|year|game|round|since"
            r"|version|part|team|group|problem|age|numbered|lane|class) ",
            NEVER,
        ),
        ("behind an article", r"\ban? [$€£]?", NEVER),
        ("out of a whole", r"\bout of (?:the |every )?(?:\w+ )?", r"(?: \w+){0,3} out of\b"),
        ("a ratio", r": ?|\bratio of |\d ?to ", r" ?:(?=\d)| ?to \d"),
        ("a dimension", r"\d (?:\w+ )?(?:x|by) ", r" (?:\w+ )?(?:x|by) \d"),
    )
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in digits: where it stands, its value, and why no X may take its place."""

    start: int
    end: int
    text: str
    value: Fraction
    percent: bool
    obstacle: str | None

    @property
    def meanings(self) -> tuple[Fraction, ...]:
        """The values that a solution may write for it: 20% is 20 or 0.2."""
        return (self.value, self.value / 100) if self.percent else (self.value,)


def mentions(question: str) -> tuple[Mention, ...]:
    """Every number in digits, from left to right; the parts of a fraction one by one."""
    return tuple(_mentions(question))


def fractions(question: str) -> tuple[Fraction, ...]:
    """The value of every written fraction and mixed number: "1 1/2" gives 3/2 and 1/2."""
    values: list[Fraction] = []
    for whole, over, under in FRACTION.findall(question):
        if int(under):
            part = Fraction(int(over), int(under))
            values += [part, int(whole) + part] if whole else [part]
    return tuple(values)


def holds_x(question: str) -> bool:
    """Whether the question already has an X of its own, capital or not."""
    return LONE_X.search(question) is not None


def count_x(question: str) -> int:
    """How many lone capital Xs, the places of an answer, a question holds."""
    return len(PLACE.findall(question))


def fill(question: str, answer: Fraction) -> str:
    """The question with its lone X replaced by a number."""
    return PLACE.sub(format_number(answer), question)


def _mentions(question: str) -> Iterator[Mention]:
    for match in NUMBER.finditer(question):
        start, end = match.span()
        value = Fraction(match[0].replace(",", ""))
        percent = PERCENT.match(question, end) is not None
        yield Mention(start, end, match[0], value, percent, _obstacle(question, start, end, value))


def _obstacle(question: str, start: int, end: int, value: Fraction) -> str | None:
    before = question[max(0, start - 24) : start]
    for name, left, right in OBSTACLES:
        if left.search(before) or right.match(question, end):
            return name
    if end - start == 4 and 1800 <= value <= 2100 and not before.endswith(("$", "€", "£")):
        return "perhaps a year"
    if value <= 1:
        return "one or less"
    return None
