r"""The answer in a reply in natural language, by named rules in a fixed order.

The form that prompts ask for: the answer of each hop before the last on a line of its own,
`Answer to Q1: 7`, and at the end a line `Final answer: 18`. The strict reading takes that line
alone (the last such line; Markdown, `\boxed{}`, a currency sign, a unit, a remark in
parentheses and a full stop are forgiven, a second number or an equation is not). The
flexible reading is the first of these rules that gives a number:

    final_line    the line "Final answer: …", or what follows it if it is empty
    hop_line      "Answer to Qk: …" of the last hop (of the last one named, if k is 1)
    hashes        a line "#### 18", as GSM8K writes
    boxed         the last `\boxed{…}`
    answer_is     the last "(the) answer is …", "answer: …" or "答案是 …"
    total_is      "so the total is …" in the last line that holds a number
    bold          the last bold number in that line
    equals        what follows the last equals sign in that line, if its sentence ends there
    last_number   the last number

All but the first look only behind the heading of the last hop ("**Solve Q2:**"), where there is
one, behind the answers to hops before the last, and behind whatever was given as the answer and
is no number: after `\boxed{18 - X}` no number from before it answers. A final line that is taken
back ("Wait, that is wrong") gives way to the answer after it, and is not strict; a new turn or
problem behind it is left alone. One that closes an earlier hop, before the last one's heading,
is not the chain's. The last number of a line is the one amount of money in it, else
the last that is not "every 2" or "after 3".

Thinking is left out, and so are blocks of code: what a program would print is no
statement of the model. A block of other text (an "output") counts as prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from reasongap.answers.afterwards import retraction, without_run_on
from reasongap.answers.hops import (
    ANSWER_TO,
    OF_WHAT,
    before_last,
    goes_on,
    hop_answers,
    hop_lines,
    last_part,
    listed_below,
)
from reasongap.answers.notation import plain_notation
from reasongap.answers.numbers import find_numbers
from reasongap.answers.reading import Reading
from reasongap.answers.reply import parts, without_thinking
from reasongap.answers.statement import (
    BOLD,
    MAX_STATEMENT,
    Stated,
    after_label,
    is_open,
    main_number,
    read_label,
    read_last_of,
    read_statement,
    read_words,
    refuses,
    rest_of_line,
)

_LABEL = re.IGNORECASE | re.MULTILINE
_FINAL = re.compile(rf"^[ \t>#*_|-]*+(?:the )?final answers?{OF_WHAT}[ \t*_]*+(?::|$)", _LABEL)
_HASHES = re.compile(r"^[ \t]*+####(?!#)", _LABEL)
_ANSWER_IS = re.compile(
    r"<answer>|\banswer\"?(?: (?:to|for|of) (?:the|this) (?:question|problem))?[ \t*_]*+"
    r"(?:=|:|(?:is|was|would be|will be|must be|should be)\b(?! rounded to \d+ )"
    r"(?: therefore| thus| then| simply)?)"
    r"|答案[ \t*_]*+(?:是|为|:)",
    _LABEL,
)
_TOTAL_IS = re.compile(
    r"\b(?:so|thus|hence|therefore),? (?:the|his|her|their) total(?: [a-z]{1,20}){0,4}?"
    r" (?:is|was|will be|comes to)\b",
    _LABEL,
)
_MARK = re.compile(r"<<[^<>\n]*>>(?=[ ]?-?[$€£]?[0-9])")
_MARK_ALONE = re.compile(r"<<(?:[^<>\n]*=)?([^<>=\n]*)>>")
_QUOTIENT = re.compile(r"[0-9]+/[0-9]+ ?=")
_BOXED = re.compile(r"\\(?:boxed|fbox)(?=\{)")
_EQUALS = re.compile(r"[=≈]((?:(?!round)(?![.;] )[^=≈])++)$", re.IGNORECASE)
_GOES_ON = re.compile(r",? (?:so|which means|making|leaving|meaning) [^\n]*[0-9]", re.IGNORECASE)
_NOTE = re.compile(
    r"[ \t>#*_(-]*+(?:check|checking|verification|verify|verifying|notes?|this assumes|assuming)\b",
    re.IGNORECASE,
)
_TRIES = 30


def read_text(text: str, hops: int = 1, rules: Container[str] | None = None) -> Reading:
    """The answer that a reply states, and those of the hops before the last.

    `hops` is the number of chained problems that were asked; of the `rules` only these are
    tried, where some are named. Takes any text, and time in proportion to its length.
    """
    spoken = (part.text for part in parts(without_thinking(text)) if not part.is_program)
    prose = _without_marks(plain_notation("\n".join(spoken)))
    prose = without_run_on(prose, hops, _FINAL)
    before, where = hop_answers(prose, hops, _concluded), prose
    for name, rule in _RULES.items():
        if (rules is None or name in rules) and (stated := rule(where, hops)) is not None:
            strict = stated.value if name == "final_line" and stated.plain else None
            return Reading(stated.value, strict, name, before)
        if name == "final_line":
            where = _tail(prose, hops)
    return Reading(None, None, None, before)


def _without_marks(prose: str) -> str:
    """GSM8K's calculator marks taken out: "5 * 3 = <<5*3=15>>15" says 15 once."""
    return _MARK_ALONE.sub(r"\1", _MARK.sub("", prose))


def _tail(prose: str, hops: int) -> str:
    """Where the last answer may stand: in the last hop's part, if there is a heading for it.

    Nor before what was given as an answer and is no number, such as "5X" or "18-20"; "12 and 14"
    may be the answers of two hops.
    """
    start = max(last_part(prose, hops), before_last(prose, hops)) if hops > 1 else 0
    for label in (_BOXED, _FINAL, ANSWER_TO, _ANSWER_IS):
        for match in list(label.finditer(prose, start))[-_TRIES:]:
            said = _held(match, prose) if label is _BOXED else after_label(match, prose)[0]
            listed = hops > 1 and len(list(find_numbers(said))) == hops
            if refuses(said) and not listed:
                line_end = prose.find("\n", prose.index(said, match.end()) + len(said))
                start = max(start, len(prose) if line_end < 0 else line_end)
    return prose[start:]


def _final_line(prose: str, hops: int) -> Stated | None:
    stated = _last(_FINAL, prose, lambda said: read_last_of(said, hops))
    if stated is None:
        return _last(_FINAL, prose, read_words)
    last = max(label.end() for label in _FINAL.finditer(prose))
    if hops > 1:
        line = rest_of_line(prose, last)
        below = "" if line.strip(" \t:*_") else prose[last + len(line) :]
        if (listed := listed_below(below, hops)) is not None:
            return listed
        if goes_on(prose, last + len(line), hops):
            return None
    after = retraction(prose, last)
    if after is None:
        return stated
    better = _last(_ANSWER_IS, prose[after:]) or _boxed(prose[after:], hops)
    return Stated((better or stated).value, plain=False)


def _hop_line(prose: str, hops: int) -> Stated | None:
    lines = hop_lines(prose)
    last = max(lines, default=0)
    if hops > 1 and hops in lines:
        return lines[hops]
    return lines[last] if last >= hops else None


def _hashes(prose: str, hops: int) -> Stated | None:
    return _last(_HASHES, prose, _read_plain)


def _boxed(prose: str, hops: int) -> Stated | None:
    for box in list(_BOXED.finditer(prose))[: -_TRIES - 1 : -1]:
        if (stated := read_last_of(_held(box, prose), hops)) is not None:
            return stated
    return None


def _answer_is(prose: str, hops: int) -> Stated | None:
    return _last(_ANSWER_IS, prose)


def _total_is(prose: str, hops: int) -> Stated | None:
    return _last(_TOTAL_IS, _conclusion(prose))


def _bold(prose: str, hops: int) -> Stated | None:
    read = [_read_plain(bold) for bold in BOLD.findall(_conclusion(prose))]
    return next((stated for stated in reversed(read) if stated is not None), None)


def _equals(prose: str, hops: int) -> Stated | None:
    match = _EQUALS.search(_conclusion(prose))
    return None if match is None or _GOES_ON.search(match[1]) else read_statement(match[1])


def _last_number(prose: str, hops: int) -> Stated | None:
    line = _conclusion(prose)
    numbers = list(find_numbers(line))
    if not numbers or _QUOTIENT.match(line, numbers[-1].start):
        return None
    return Stated(main_number(line).value, plain=False)


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

STATING = ("final_line", "hop_line", "hashes", "boxed", "answer_is")
"""The rules that need a reply to call something its answer: all that one cut short can give."""


def _concluded(part: str) -> Stated | None:
    """What a part of a reply ends with: by the surer rules, or the one number of its last line."""
    tail = _tail(part, 1)
    for rule in (_boxed, _answer_is, _total_is, _bold, _equals):
        if (stated := rule(tail, 1)) is not None:
            return stated
    numbers = list(find_numbers(_conclusion(tail)))
    return Stated(numbers[0].value, plain=False) if len(numbers) == 1 else None


def _last(
    label: re.Pattern[str], prose: str, read: Callable[[str], Stated | None] = read_statement
) -> Stated | None:
    """What is stated after the last label that a number follows."""
    for match in list(label.finditer(prose))[: -_TRIES - 1 : -1]:
        if (stated := read_label(match, prose, read)) is not None:
            return stated
    return None


def _read_plain(text: str) -> Stated | None:
    """The number of a statement that holds nothing else."""
    stated = read_statement(text)
    return stated if stated is not None and stated.plain else None


def _conclusion(prose: str) -> str:
    """The last line that holds a number; none where a letter is left in its result.

    A check or a note behind the conclusion is not it.
    """
    lines = (line for line in reversed(prose.split("\n")) if any(find_numbers(line)))
    last = next(lines, "")
    line = (
        next((line for line in lines if not _NOTE.match(line)), last) if _NOTE.match(last) else last
    )
    return "" if is_open(line) else line


def _held(box: re.Match[str], prose: str) -> str:
    """What a box holds, nothing where it stays open."""
    return _braced(prose[box.end() : box.end() + MAX_STATEMENT]) or ""


def _braced(text: str) -> str | None:
    """What the pair of braces holds that the text begins with, None where it stays open."""
    depth = 0
    for i, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return text[1:i]
    return None
