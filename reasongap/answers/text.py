r"""The answer in a reply in natural language, by named rules in a fixed order.

The form that prompts ask for: the answer of each hop before the last on a line of its own,
`Answer to Q1: 7`, and at the end a line `Final answer: 18`. The strict reading takes that line
alone (the last such line; Markdown, `\boxed{}`, a currency sign, a unit, a remark in
parentheses and a full stop are forgiven, a second number or an equation is not). The
flexible reading is the first of these rules that gives a number:

    final_line    the line "Final answer: …", or what follows it if it is empty
    hop_line      the line "Answer to Qk: …" of the last hop (of the last one named, if k is 1)
    hashes        a line "#### 18", as GSM8K writes
    boxed         the last `\boxed{…}`
    answer_is     the last "(the) answer is …" or "answer: …"
    total_is      "so the total is …" in the last line that holds a number
    bold          the last bold number in that line
    equals        what follows the last equals sign in that line, if its sentence ends there
    last_number   the last number

Thinking is left out, and so are blocks of code: what a program would print is no
statement of the model. A block of other text (an "output") counts as prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from fractions import Fraction
from itertools import islice

from reasongap.answers.notation import plain_notation
from reasongap.answers.numbers import find_numbers, last_number
from reasongap.answers.reading import Reading
from reasongap.answers.reply import parts, without_thinking
from reasongap.answers.statement import Stated, read_statement, read_words

_LABEL = re.IGNORECASE | re.MULTILINE
_OF_WHAT = r"(?: \([^()\n]{1,40}\))?"
_FINAL = re.compile(rf"^[ \t>#*_|-]*+(?:the )?final answer{_OF_WHAT}[ \t*_]*+(?::|$)", _LABEL)
_ANSWER_TO = re.compile(
    rf"\banswer (?:to|for|of) (?:q|question ?)(?P<hop>[0-9]{{1,2}})\b{_OF_WHAT}"
    r"[ \t*_]*+(?:is\b|=|:)",
    _LABEL,
)
_HASHES = re.compile(r"^[ \t]*+####(?!#)", _LABEL)
_ANSWER_IS = re.compile(
    r"\banswer(?: (?:to|for|of) (?:the|this) (?:question|problem))?[ \t*_]*+"
    r"(?:=|:|(?:is|was|would be|will be|must be)\b(?: therefore| thus| then| simply)?)",
    _LABEL,
)
_TOTAL_IS = re.compile(
    r"\b(?:so|thus|hence|therefore),? (?:the|his|her|their) total(?: [a-z]{1,20}){0,4}?"
    r" (?:is|was|will be|comes to)\b",
    _LABEL,
)
_BOXED = re.compile(r"\\(?:boxed|fbox)(?=\{)")
_BOLD = re.compile(r"\*\*([^*\n]{1,80})\*\*")
_EQUALS = re.compile(r"[=≈]((?:(?!round)(?![.;] )[^=≈])++)$", re.IGNORECASE)
_X_IS = re.compile(
    r"(?:^[ \t]*+[-*•] |(?<![\w+*/^-])(?<![+*/x^-] ))X[ \t]*+(?:=|is\b|equals\b)", re.MULTILINE
)
_MAX_STATEMENT = 300
_TRIES = 30


def read_text(text: str, hops: int = 1, rules: Container[str] | None = None) -> Reading:
    """The answer that a reply states, and those of the hops before the last.

    `hops` is the number of chained problems that were asked; of the `rules` only these are
    tried, where some are named. Takes any text, and time in proportion to its length.
    """
    spoken = (part.text for part in parts(without_thinking(text)) if not part.is_program)
    prose = plain_notation("\n".join(spoken))
    before = _hop_answers(prose, hops)
    for name, rule in _RULES.items():
        wanted = rules is None or name in rules
        if wanted and (stated := rule(prose, hops)) is not None:
            strict = stated.value if name == "final_line" and stated.plain else None
            return Reading(stated.value, strict, name, before)
    return Reading(None, None, None, before)


def _final_line(prose: str, hops: int) -> Stated | None:
    return _last(_FINAL, prose) or _last(_FINAL, prose, read_words)


def _hop_line(prose: str, hops: int) -> Stated | None:
    lines = _hop_lines(prose)
    last = max(lines, default=0)
    return lines[last] if last >= hops else None


def _hashes(prose: str, hops: int) -> Stated | None:
    return _last(_HASHES, prose, _read_plain)


def _boxed(prose: str, hops: int) -> Stated | None:
    for box in list(_BOXED.finditer(prose))[: -_TRIES - 1 : -1]:
        content = _braced(prose[box.end() : box.end() + _MAX_STATEMENT])
        if content is not None and (stated := read_statement(content)) is not None:
            return stated
    return None


def _answer_is(prose: str, hops: int) -> Stated | None:
    return _last(_ANSWER_IS, prose)


def _total_is(prose: str, hops: int) -> Stated | None:
    return _last(_TOTAL_IS, _conclusion(prose))


def _bold(prose: str, hops: int) -> Stated | None:
    read = [_read_plain(bold) for bold in _BOLD.findall(_conclusion(prose))]
    return next((stated for stated in reversed(read) if stated is not None), None)


def _equals(prose: str, hops: int) -> Stated | None:
    match = _EQUALS.search(_conclusion(prose))
    return read_statement(match[1]) if match else None


def _last_number(prose: str, hops: int) -> Stated | None:
    number = last_number(prose)
    return None if number is None else Stated(number, plain=False)


_RULES: dict[str, Callable[[str, int], Stated | None]] = {
    "final_line": _final_line,
    "hop_line": _hop_line,
    "hashes": _hashes,
    "boxed": _boxed,
    "answer_is": _answer_is,
    "total_is": _total_is,
    "bold": _bold,
    "equals": _equals,
    "last_number": _last_number,
}

TEXT_RULES = tuple(_RULES)
"""The names of the rules for text, in the order in which they are tried."""


def _hop_answers(prose: str, hops: int) -> tuple[Fraction | None, ...]:
    """The stated answer of each hop before the last.

    Where the line that was asked for is missing, the i-th value given to X stands for hop i,
    if there are values enough for every hop.
    """
    if hops == 1:
        return ()
    xs: list[Fraction] = []
    for label in islice(_X_IS.finditer(prose), _TRIES):
        x = _after(label, prose, read_statement)
        if x is not None and x.value not in xs[-1:]:
            xs.append(x.value)
        if len(xs) == hops - 1:
            break
    lines = _hop_lines(prose)
    given = dict(enumerate(xs, 1)) if len(xs) == hops - 1 else {}
    return tuple(lines[hop].value if hop in lines else given.get(hop) for hop in range(1, hops))


def _hop_lines(prose: str) -> dict[int, Stated]:
    """What is stated after the last "Answer to Q…:" of each hop."""
    labels = list(_ANSWER_TO.finditer(prose))[-_TRIES:]
    read = {int(label["hop"]): _after(label, prose, read_statement) for label in labels}
    return {hop: stated for hop, stated in read.items() if stated is not None}


def _last(
    label: re.Pattern[str], prose: str, read: Callable[[str], Stated | None] = read_statement
) -> Stated | None:
    """What is stated after the last label that a number follows."""
    for match in list(label.finditer(prose))[: -_TRIES - 1 : -1]:
        if (stated := _after(match, prose, read)) is not None:
            return stated
    return None


def _after(label: re.Match[str], prose: str, read: Callable[[str], Stated | None]) -> Stated | None:
    """What the rest of the label's line states; the next line, never plain, if it is empty."""
    rest = prose[label.end() : label.end() + _MAX_STATEMENT]
    if len(rest) == _MAX_STATEMENT:
        rest = rest.rstrip("0123456789.,/")
    line, _, below = rest.partition("\n")
    if line.strip(" \t:*_$"):
        return read(line)
    stated = read(below.lstrip().partition("\n")[0])
    return None if stated is None else Stated(stated.value, plain=False)


def _read_plain(text: str) -> Stated | None:
    """The number of a statement that holds nothing else."""
    stated = read_statement(text)
    return stated if stated is not None and stated.plain else None


def _conclusion(prose: str) -> str:
    """The last line that holds a number."""
    lines = (line for line in reversed(prose.split("\n")) if any(find_numbers(line)))
    return next(lines, "")


def _braced(text: str) -> str | None:
    """What the pair of braces holds that the text begins with, None where it stays open."""
    depth = 0
    for i, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return text[1:i]
    return None
