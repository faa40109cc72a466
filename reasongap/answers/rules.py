"""Extraction rules that users bring: tried before ours, by the strategies that name them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from reasongap.answers.execution import EXECUTION_RULES
from reasongap.answers.reading import Reading
from reasongap.answers.text import STATING, TEXT_RULES, read_text
from reasongap.errors import BadFile, UnknownName, UsageError
from reasongap.plugins import load_file, load_point, origin, points

GROUP = "reasongap.rules"


@dataclass(frozen=True)
class Rule:
    """A rule of one's own for reading replies in words.

    `read` gets the whole reply and the number of problems that were asked, and gives the
    answer to the last of them, or None to leave it to the built-in rules. `name` is what
    records say where it fired.
    """

    name: str
    read: Callable[[str, int], Fraction | None] = field(repr=False)


def read_with(rule: Rule | None, text: str, hops: int = 1, *, cut: bool = False) -> Reading:
    """What `read_text` gives, with the answer that `rule` finds, if it finds one.

    The hops' answers are read by the built-in rules; so is the strict answer, which counts
    only where it is the same number. A reply that its limit `cut` short has come to no
    conclusion: its last calculation is no answer, and only what it calls one is.
    Raises `UsageError` for a rule that fails, or gives something else than an answer.
    """
    reading = read_text(text, hops, STATING if cut else None)
    answer = None if rule is None else _found(rule, text, hops)
    if rule is None or answer is None:
        return reading
    strict = answer if answer == reading.strict_answer else None
    return Reading(answer, strict, rule.name, reading.hop_answers)


def _found(rule: Rule, text: str, hops: int) -> Fraction | None:
    try:
        answer: object = rule.read(text, hops)
    except Exception as error:
        raise UsageError(f"rule {rule.name!r} failed: {type(error).__name__}: {error}") from error
    if answer is None or isinstance(answer, Fraction):
        return answer
    kind = type(answer).__name__
    raise UsageError(
        f"rule {rule.name!r} gave {answer!r:.80} ({kind}): an answer must be a Fraction or None"
    )


def rule_names() -> dict[str, str]:
    """Every rule, with where it comes from; ours are always tried, in this order."""
    names = dict.fromkeys(TEXT_RULES, "built in, for text")
    names |= dict.fromkeys(EXECUTION_RULES, "built in, for what programs give")
    return names | {name: origin(point) for name, point in points(GROUP).items()}


def open_rule(name: str) -> Rule:
    """The rule that a package brings under this name, or that the Python file `name` binds.

    A built-in rule for text may be named too: then it is tried before the others.

    Raises `UnknownName`, `UsageError` for a rule that reads programs, `BadPlugin`, or `BadFile`
    where there is no `Rule`.
    """
    if name in TEXT_RULES:
        return Rule(name, lambda text, hops: read_text(text, hops, (name,)).answer)
    if name in EXECUTION_RULES:
        raise UsageError(
            f"extraction rule {name!r} reads what a program gave, and is tried wherever one ran. "
            f"Name one that reads replies in words: {', '.join(TEXT_RULES)}"
        )
    if name.endswith(".py"):
        found, place = load_file(name, "rule"), name
    else:
        known = points(GROUP)
        if name not in known:
            remedy = "A file of your own is named by its path."
            raise UnknownName("extraction rule", name, (*TEXT_RULES, *known), remedy)
        found, place = load_point(known[name]), origin(known[name])
    if isinstance(found, Rule):
        return found
    raise BadFile(place, "its `rule` is no reasongap.answers.Rule", "Bind `rule` to one")
