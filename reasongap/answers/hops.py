"""The answers to the hops before the last, where a chain of thought states them.

Three places are looked at, and for each hop the first that has a number counts:

    line      "Answer to Q1: 7", the form that prompts ask for
    letter    "X = 7", the i-th value for hop i, if there are values enough for every hop
    part      the conclusion under a heading of the reply's own: "**Solve Q1:** … So 7 are left."
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import islice

from reasongap.answers.numbers import find_numbers
from reasongap.answers.statement import (
    MAX_STATEMENT,
    Stated,
    asks,
    read_label,
    read_statement,
    rest_of_line,
)

OF_WHAT = r"(?: \([^()\n]{1,40}\))?"
"""A remark between a label and its colon: "Answer to Q1 (eggs): 7"."""

_FLAGS = re.IGNORECASE | re.MULTILINE
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_HOP = (
    r"(?:(?:q ?|question ?|problem ?)(?P<hop>[0-9]{1,2})\b"
    rf"|(?:the )?(?P<nth>{'|'.join(_ORDINALS)}) (?:question|problem)\b)"
)
ANSWER_TO = re.compile(
    rf"\b(?P<said>answer (?:(?:to|for|of) )?)?{_HOP}(?(said)| answer){OF_WHAT}"
    r"[ \t*_]*+(?:is\b|=|:|$)",
    _FLAGS,
)
_LABELS = re.compile(
    r"(?:^|[.!:;] )[ \t>#*_|-]*+(?:[0-9]{1,2}[.)] )?(?:(?:and |so|thus|hence|therefore),? ?)?"
    r"(?:the )?(?:(?:corrected|correct|revised|updated) )?$",
    re.IGNORECASE,
)
_MENTIONS = re.compile(
    r"\b(?:us(?:e|ing)|with|check(?:ing)?|verify(?:ing)?|substitut(?:e|ing)|plug(?:ging)?|since"
    r"|because|given|from|if|as)\b[^.]*$",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^[ \t>#*_-]*+(?:[0-9]{1,2}[.)][ \t*_]*+)?(?:step [0-9]{1,2}[ \t*_]*+[:.-]?[ \t*_]*+)?"
    r"(?:(?:let's|let us|first(?! question| problem)|now|next|then|to|for|we|need|start|begin"
    r"|with|by|solve|solving),? ){0,5}+"
    rf"(?:{_HOP}|use (?:that|this|the) [^\n]{{1,40}}\bas x in the (?:next|second) "
    r"(?:problem|question))",
    _FLAGS,
)
_NAMED = re.compile(rf"\b{_HOP}", re.IGNORECASE)
_ITEM = re.compile(
    r"[ \t>]*+(?P<marker>(?:[-*•]|[0-9]{1,2}[.)])[ \t]+)?[ \t*_]*+(?:the )?(?:final )?"
    rf"(?:answer (?:to|for|of) )?(?:{_HOP}(?: answer)?{OF_WHAT}[ \t*_]*+(?:is\b|[=:.)])?)?",
    re.IGNORECASE,
)
_OF_X = ("twice", "double", "triple", "times", "plus", "minus", "than", "by")
_X_IS = re.compile(
    r"(?:^[ \t]*+[-*•] |(?<=\*\*)|(?<![\w+*/^÷·-])(?<![+*/x^÷·-] )(?<![+*/x^÷·-] \$)"
    rf"(?<!(?<!(?i:value)) (?i:of) ){''.join(f'(?<!(?i:{word}) )' for word in _OF_X)})"
    r"X[ \t]*+(?:=|is\b|equals\b)",
    re.MULTILINE,
)
_FORMULA_END = re.compile(r"(?<=[0-9])(?:\$(?![0-9])|[ $]+in(?:to)?\b)", re.IGNORECASE)
_TRIES = 30


def hop_answers(
    prose: str, hops: int, concluded: Callable[[str], Stated | None]
) -> tuple[Fraction | None, ...]:
    """The stated answers to the hops before the last; `concluded` reads the end of a part."""
    if hops == 1:
        return ()
    lines = hop_lines(prose)
    if all(hop in lines for hop in range(1, hops)):
        return tuple(lines[hop].value for hop in range(1, hops))
    letters, parts = _letters(prose, hops), _parts(prose)

    def answer(hop: int) -> Fraction | None:
        if hop in lines:
            return lines[hop].value
        if hop in letters:
            return letters[hop]
        stated = concluded(parts[hop]) if hop in parts and hop + 1 in parts else None
        return None if stated is None else stated.value

    return tuple(answer(hop) for hop in range(1, hops))


def hop_lines(prose: str) -> dict[int, Stated]:
    """What is stated after the last "Answer to Q…:" of each hop, one that begins a sentence first.

    "Using the answer to Q1: 9 x 2 = 18" only mentions it.
    """
    found: dict[bool, dict[int, Stated]] = {False: {}, True: {}}
    for label in list(ANSWER_TO.finditer(prose))[-_TRIES:]:
        before = prose[prose.rfind("\n", 0, label.start()) + 1 : label.start()]
        begins = _LABELS.search(before) is not None
        says = re.search(r"(?:is|=|:)$", label[0], re.IGNORECASE)  # else its line just ends there
        if not begins and (says is None or _MENTIONS.search(before)):
            continue
        if (stated := read_label(label, prose, read_statement)) is not None:
            found[begins][hop_of(label)] = stated
    return found[False] | found[True]


def listed_below(text: str, hops: int) -> Stated | None:
    """The last answer where a text begins with a list of every hop's: "- Q1: 7", "- Q2: 18"."""
    lines = [line for line in text.split("\n") if line.strip()][: hops + 1]
    items = [item for line in lines if (item := _ITEM.match(line[:MAX_STATEMENT]))]
    listed = [bool(item["marker"]) or hop_of(item) == hop for hop, item in enumerate(items, 1)]
    if sum(listed) < hops or listed[hops:] == [True] or hop_of(items[hops - 1]) not in (0, hops):
        return None
    said = [read_statement(item.string[item.end() :]) for item in items[:hops]]
    last = said[-1]
    return None if last is None or None in said else Stated(last.value, plain=False)


def before_last(prose: str, hops: int) -> int:
    """Where the answers to hops before the last end: what stands there is not the last one's."""
    end = 0
    earlier = [label for label in ANSWER_TO.finditer(prose) if hop_of(label) < hops]
    for label in [*islice(_X_IS.finditer(prose), 1), *earlier[-_TRIES:]]:
        line = rest_of_line(prose, label.end())
        stated = None if ANSWER_TO.search(line) else read_statement(line)
        last = [number.value for number in find_numbers(line)][-1:]
        if stated is not None and last == [stated.value]:
            end = max(end, label.end() + len(line))
    return end


def after_hop(prose: str, hop: int) -> str:
    """The next hop's part; where there is none, all after the answer to `hop`, or all."""
    parts = _parts(prose)
    if hop + 1 in parts:
        return parts[hop + 1]
    ends = [label.end() for label in ANSWER_TO.finditer(prose) if hop_of(label) == hop]
    return prose[ends[-1] :] if ends else prose


def last_part(prose: str, hop: int) -> int:
    """Where the part under the last heading of a hop begins, 0 where there is no such heading."""
    starts = [heading.end() for found, heading in _headings(prose) if found == hop]
    for start in starts[: -_TRIES - 1 : -1]:
        line = rest_of_line(prose, start)
        if not _closes(line, prose, start):
            return start + (len(line) + 1 if asks(line) else 0)
    return 0


def goes_on(prose: str, end: int, hop: int) -> bool:
    """Whether the work on a hop begins only behind `end`, and that on the earlier ones does not.

    It has begun before where the hop is named, or an X or an answer given.
    """
    said = prose[:end]
    named = any(hop_of(name) == hop for name in _NAMED.finditer(said))
    if named or before_last(said, hop) or _X_IS.search(said) or not last_part(prose[end:], hop):
        return False
    return all(found >= hop for found, heading in _headings(prose) if heading.start() >= end)


def _closes(line: str, prose: str, start: int) -> bool:
    """Whether a line is no heading but says that all is done: "Q2 is solved."."""
    return line.rstrip(" \t*_").endswith((".", "!")) and not any(find_numbers(prose[start:]))


def _letters(prose: str, hops: int) -> dict[int, Fraction]:
    """The values given to X by hop; none where they are fewer than the hops."""
    xs: list[Fraction] = []
    for label in islice(_X_IS.finditer(prose), _TRIES):
        x = read_label(label, prose, _read_value)
        if x is not None and x.value not in xs[-1:]:
            xs.append(x.value)
        if len(xs) == hops - 1:
            return dict(enumerate(xs, 1))
    return {}


def _read_value(line: str) -> Stated | None:
    """What X is given, up to the end of the formula: "$X = 10$, so $5X = 50$" gives 10.

    So does "X = 10 into 5X = 50".
    """
    return read_statement(_FORMULA_END.split(line, maxsplit=1)[0])


def _parts(prose: str) -> dict[int, str]:
    """What stands under the last heading of each hop, up to another hop's heading."""
    parts: dict[int, str] = {}
    end = len(prose)
    for hop, heading in reversed(_headings(prose)):
        line, _, below = prose[heading.end() : end].partition("\n")
        parts.setdefault(hop, below if asks(line) else f"{line}\n{below}")
        end = heading.start()
    return parts


def _headings(prose: str) -> list[tuple[int, re.Match[str]]]:
    """Every heading with its hop; one without a number is of the hop after the one above it."""
    found: list[tuple[int, re.Match[str]]] = []
    for heading in _HEADING.finditer(prose):
        found.append((hop_of(heading) or (found[-1][0] if found else 0) + 1, heading))
    return found


def hop_of(label: re.Match[str]) -> int:
    """The number of the hop that a label or a heading names, 0 where it names none."""
    if nth := label["nth"]:
        return _ORDINALS.index(nth.lower()) + 1
    return int(label["hop"] or 0)
