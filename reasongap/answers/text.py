"""The answer in a reply in natural language, by named rules in a fixed order.

The form that prompts ask for: the answer of each hop before the last on a line of its own,
`Answer to Q1: 7`, and at the end a line `Final answer: 18`. The strict reading takes that line
alone (the last such line; Markdown, `\\boxed{}`, a currency sign, a unit, a remark in
parentheses and a full stop are forgiven, a second number or an equation is not). The
flexible reading is the first of these rules that gives a number:

    final_line    the line "Final answer: …", or what follows it if it is empty
    hop_line      the line "Answer to Qk: …" of the last hop
    hashes        a line "#### 18", as GSM8K writes
    boxed         the last `\\boxed{…}`
    answer_is     the last "(the) answer is …" or "answer: …"
    total_is      "so the total is …" in the last line that holds a number
    bold          the last bold number in that line
    last_number   the last number

Thinking is left out, and so are blocks of code: what a program would print is no
statement of the model. A block of other text (an "output") counts as prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from reasongap.answers.notation import plain_notation
from reasongap.answers.numbers import find_numbers
from reasongap.answers.reading import Reading
from reasongap.answers.reply import parts, without_thinking
from reasongap.answers.statement import Stated, read_statement

_LEAD = r"^[ \t>#*_|-]*+"
_FINAL = re.compile(
    rf"{_LEAD}(?:the\s)?final[ \t]answer[ \t*_]*+(?::|$)(?P<rest>.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_HASHES = re.compile(r"^[ \t]*+####(?P<rest>[^#\n].*)$", re.MULTILINE)
_BOXED = re.compile(r"\\(?:boxed|fbox)\s*")
_ANSWER_IS = re.compile(
    r"\banswer(?:\s(?:to|for|of)\s(?:the|this)\s(?:question|problem))?[ \t*_]*+"
    r"(?:is|was|=|:|would\sbe|will\sbe|must\sbe)(?:\s(?:therefore|thus|then|simply))?(?P<rest>.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_TOTAL_IS = re.compile(
    r"\b(?:so|thus|hence|therefore),?\s(?:the|his|her|their)\stotal(?:\s[a-z]{1,20}){0,4}?"
    r"\s(?:is|was|will\sbe|comes\sto)(?P<rest>.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_BOLD = re.compile(r"\*\*(?P<rest>[^*\n]{1,80})\*\*")
_X_IS = re.compile(r"(?<![A-Za-z0-9_])X[ \t]*+(?:=|is\b)(?P<rest>.*)$", re.MULTILINE)
_OPERATORS = frozenset("+-*/x^=(")
_MAX_BOX = 300


def read_text(text: str, hops: int = 1) -> Reading:
    """The answer that a reply states, and those of the hops before the last.

    `hops` is the number of chained problems that were asked. Takes any text, and time
    in proportion to its length.
    """
    spoken = (part.text for part in parts(without_thinking(text)) if not part.is_program)
    prose = plain_notation("\n".join(spoken))
    before = _hop_answers(prose, hops)
    for name, rule in _RULES.items():
        if (stated := rule(prose, hops)) is not None:
            strict = stated.value if name == "final_line" and stated.plain else None
            return Reading(stated.value, strict, name, before)
    return Reading(None, None, None, before)


def _final_line(prose: str, hops: int) -> Stated | None:
    return _last(_FINAL, prose)


def _hop_line(prose: str, hops: int) -> Stated | None:
    return _last(_answer_to(hops), prose)


def _hashes(prose: str, hops: int) -> Stated | None:
    return _last(_HASHES, prose, plain=True)


def _boxed(prose: str, hops: int) -> Stated | None:
    for box in reversed(list(_BOXED.finditer(prose))):
        content = _braced(prose[box.end() : box.end() + _MAX_BOX])
        if content is not None and (stated := read_statement(content)) is not None:
            return stated
    return None


def _braced(text: str) -> str | None:
    """What stands in the pair of braces that the text begins with, None where it is not closed."""
    depth = 0
    for i, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if depth <= 0:
            return text[1:i] if i else None
    return None


def _answer_is(prose: str, hops: int) -> Stated | None:
    return _last(_ANSWER_IS, prose)


def _total_is(prose: str, hops: int) -> Stated | None:
    return _last(_TOTAL_IS, _conclusion(prose))


def _bold(prose: str, hops: int) -> Stated | None:
    return _last(_BOLD, _conclusion(prose), plain=True)


def _last_number(prose: str, hops: int) -> Stated | None:
    number = None
    for number in find_numbers(prose.replace("**", " ")):
        pass
    return None if number is None else Stated(number.value, plain=False)


_RULES: dict[str, Callable[[str, int], Stated | None]] = {
    "final_line": _final_line,
    "hop_line": _hop_line,
    "hashes": _hashes,
    "boxed": _boxed,
    "answer_is": _answer_is,
    "total_is": _total_is,
    "bold": _bold,
    "last_number": _last_number,
}

TEXT_RULES = tuple(_RULES)
"""The names of the rules for text, in the order in which they are tried."""
