"""GSM-Hard's programs, turned back into programs for the GSM8K questions they came from.

GSM-Hard (Gao et al. 2022, arXiv 2211.10435) made one number of each GSM8K test question
large and wrote it into a program as well. The original question survives in the program's
docstring: it says which number was replaced, and which question the program belongs to.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from reasongap.answers import format_number
from reasongap.problems.literals import rewrite, written
from reasongap.problems.wordings import SMALL

PIECE = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+|\w+|\S")


def programs(rows: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """Question of GSM8K → program with its original numbers, where they can be put back.

    `rows` have GSM-Hard's fields `input` and `code`. Whether a program is right is for
    whoever runs it to see: it should give the published answer.
    """
    found: dict[str, str] = {}
    for row in rows:
        question, code = _split(str(row["code"]))
        restored = _restored(question, str(row["input"]), code)
        if question and restored is not None:
            found[question] = restored
    return found


def _split(code: str) -> tuple[str, str]:
    """The docstring of `solution` and the program without it."""
    tree = ast.parse(code)
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.name == "solution":
            question = ast.get_docstring(function, clean=False)
            if question:
                del function.body[0]
                return question, ast.unparse(tree)
    return "", code


def _restored(question: str, changed: str, code: str) -> str | None:
    """The program with the number of `question` in place of the one of `changed`."""
    old, new = PIECE.findall(question), PIECE.findall(changed)
    if old == new:
        return code
    swaps = {
        (new[j], old[i])
        for tag, i, end, j, stop in difflib.SequenceMatcher(
            a=old, b=new, autojunk=False
        ).get_opcodes()
        if tag == "replace" and end - i == stop - j
        for i, j in zip(range(i, end), range(j, stop), strict=True)
    }
    numbers = {(_number(large), _number(small)) for large, small in swaps}
    if len(numbers) != 1:
        return None
    large, small = numbers.pop()
    if large is None or small is None:
        return None
    places = [number for number in written(code) if number.value == large]
    return rewrite(code, dict.fromkeys(places, format_number(small))) if places else None


def _number(word: str) -> Fraction | None:
    if word.lower() in SMALL:
        return Fraction(SMALL.index(word.lower()))
    try:
        return Fraction(word.replace(",", ""))
    except ValueError:
        return None
