"""Templates out of their TOML files, checked as they are read.

    [berry-punnets]
    punnets = "3..9"                     # a number: a range, 10..90 by 5, or 6 | 8 | 12
    each = "12..30 by 2"
    eaten = "4..20"
    fruit = "cherry | plum | fig"        # words: {fruit}, {fruits}, {Fruit}, {Fruits}
    ask = [
      "{name} buys {punnets} punnets of {each} {fruits} and eats {eaten}. How many are left?",
      "A punnet holds {each} {fruits}. From {punnets} punnets {name} eats {eaten}. What is left?",
      "Of {punnets} punnets, each with {each} {fruits}, {name} eats {eaten}. How many remain?",
    ]
    solve = [
      "{name} buys {bought = punnets * each} {fruits}.",
      "{She} has {left = bought - eaten} {fruits} left.",
    ]

Each entry of `ask` is a phrasing and uses every slot; each of `solve` is a step, with its
computation in place of the result. Write an irregular plural as "loaf/loaves", and words
that go together under a key of two names: `"fruit, box" = "apple, crate | fig, tray"`.
People bring {name}, {she}, {She}, {her} and {Her} (belonging), {him} (her or him), and
{friend}. A `$` before a slot stays with the number. Digits stand in slots only, and every
number is at least 2, so that nouns beside it are plurals.
"""

from __future__ import annotations

import builtins
import keyword
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain

from reasongap.errors import BadFile
from reasongap.problems.minted.expression import Expression
from reasongap.problems.minted.template import LEAST, Filling, Step, Template

PEOPLE = "people.toml"
PHRASINGS = 3
"""The least number of phrasings of a template."""

Table = Mapping[str, str | list[str]]

_STEP = re.compile(r"(\$?)\{(\w+) = ([^}]+)\}")
_NUMBERS = re.compile(r"(\d+)(?:\.\.(\d+)(?: by (\d+))?)?")
_NAME = re.compile(r"[A-Za-z]\w*")


@cache
def packaged_templates() -> Mapping[str, Template]:
    """The templates that come with the package, by name ("theme/name"), in order."""
    folder = files("reasongap.problems.minted").joinpath("templates")
    cast = read_cast(folder.joinpath(PEOPLE))
    themes = (file for file in folder.iterdir() if file.name.endswith(".toml"))
    found = chain.from_iterable(
        read_theme(file, cast)
        for file in sorted(themes, key=lambda file: file.name)
        if file.name != PEOPLE
    )
    return {template.name: template for template in found}


def read_theme(file: Traversable, cast: tuple[Filling, ...]) -> Iterator[Template]:
    """The templates of one file; BadFile names the template and what is wrong with it."""
    theme = file.name.removesuffix(".toml")
    for name, table in _tables(file).items():
        try:
            template = _template(f"{theme}/{name}", table, cast)
            for fault in _faults(template):
                raise ValueError(fault)
        except ValueError as error:
            raise BadFile(str(file), f"template {name!r}: {error}") from error
        yield template


def read_cast(file: Traversable) -> tuple[Filling, ...]:
    """The people that `{name}` stands for, each with the words that refer to them."""
    return tuple(
        {"name": name} | {slot: str(word) for slot, word in table.items() if slot != "names"}
        for table in _tables(file).values()
        for name in table["names"]
    )


def plural(noun: str) -> str:
    """The regular plural of an English noun, or of a phrase that ends in one."""
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _tables(file: Traversable) -> Mapping[str, Table]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadFile(str(file), str(error)) from error


def _template(name: str, table: Table, cast: tuple[Filling, ...]) -> Template:
    slots = {key: str(text) for key, text in table.items() if key not in ("ask", "solve")}
    asks = tuple(table.get("ask", ()))
    fillings = [_words(key, text) for key, text in slots.items() if not text[:1].isdigit()]
    used = set(chain.from_iterable(map(_slots, asks)))
    if used & cast[0].keys():
        fillings.append(cast)
    if "friend" in used:
        fillings.append(tuple({"friend": person["name"]} for person in cast))
    return Template(
        name=name,
        numbers={key: _numbers(text) for key, text in slots.items() if text[:1].isdigit()},
        fillings=tuple(fillings),
        asks=asks,
        steps=tuple(map(_step, table.get("solve", ()))),
    )


def _numbers(text: str) -> tuple[int, ...]:
    """The whole numbers that a slot such as "3..9", "10..90 by 5" or "6 | 8" allows."""
    found: list[int] = []
    for part in text.split(" | "):
        match = _NUMBERS.fullmatch(part)
        if not match:
            raise ValueError(f"{part!r} is neither a number nor a range such as 10..90 by 5")
        first, last, stride = match.groups()
        found.extend(range(int(first), int(last or first) + 1, int(stride or 1)))
    return tuple(found)


def _words(key: str, text: str) -> tuple[Filling, ...]:
    """The choices of a slot for words, each with all its forms."""
    names = key.split(", ")
    choices = [choice.split(", ") for choice in text.split(" | ")]
    if any(len(choice) != len(names) for choice in choices):
        raise ValueError(f"every choice of {key!r} needs {len(names)} parts: {text!r}")
    return tuple(dict(chain.from_iterable(map(_forms, names, choice))) for choice in choices)


def _forms(name: str, word: str) -> Iterator[tuple[str, str]]:
    """A slot's forms and what each says: `box`, `boxes`, `Box`, `Boxes`."""
    singular, _, irregular = word.partition("/")
    for slot, said in ((name, singular), (plural(name), irregular or plural(singular))):
        yield slot, said
        yield slot.capitalize(), said[:1].upper() + said[1:]


def _step(text: str) -> Step:
    """A step whose `{total = apples + pears}` becomes a calculator annotation."""
    match = _STEP.search(text)
    if not match:
        raise ValueError(f"no computation such as {{total = apples + pears}} in {text!r}")
    money, name, source = match.groups()
    shown = _NAME.sub(r"{\g<0>}", source)
    working = f"{shown} = {money}<<{shown.replace(' ', '')}={{{name}}}>>{{{name}}}"
    return Step(name, Expression.parse(source), text.replace(match[0], working))


def _slots(text: str) -> list[str]:
    return [slot for _, slot, _, _ in string.Formatter().parse(text) if slot is not None]


def _faults(template: Template) -> Iterator[str]:
    """What would make the template's problems wrong, ambiguous or ungrammatical."""
    if len(set(template.asks)) < max(PHRASINGS, len(template.asks)) or not template.steps:
        yield f"needs at least {PHRASINGS} different phrasings, and a step under `solve`"
    for number, values in template.numbers.items():
        if not values or len(set(values)) < len(values) or min(values) < LEAST:
            yield f"{{{number}}} needs different values from {LEAST} up"
    for ask in template.asks:
        yield from _phrasing_faults(template, ask)
    words = set(chain.from_iterable(choices[0] for choices in template.fillings))
    known, idle = set(template.numbers), set(template.numbers)
    for name in (*template.numbers, *(step.name for step in template.steps)):
        if keyword.iskeyword(name) or hasattr(builtins, name):
            yield f"{name!r} is a word of Python: its program needs another name"
    for step in template.steps:
        if unknown := set(step.expression.names) - known:
            yield f"step {step.name!r} uses {sorted(unknown)} before it is known"
        if step.name in known | words:
            yield f"step {step.name!r} takes a name that is taken"
        known.add(step.name)
        idle = idle - set(step.expression.names) | {step.name}
        if unknown := set(_slots(step.sentence)) - known - words:
            yield f"step {step.name!r} says {sorted(unknown)}, which is no slot"
    if idle != {template.steps[-1].name}:
        yield f"never uses {sorted(idle - {template.steps[-1].name})}"


def _phrasing_faults(template: Template, ask: str) -> Iterator[str]:
    used = _slots(ask)
    if any(character.isdigit() for character in ask):
        yield f"a digit outside a slot in {ask!r}"
    for number in template.numbers:
        if used.count(number) != 1:
            yield f"{{{number}}} must stand once in {ask!r}"
    for choices in template.fillings:
        said = {tuple(choice[slot] for slot in used if slot in choice) for choice in choices}
        if len(said) < len(choices):
            yield f"the choices of {{{next(iter(choices[0]))}}} look alike in {ask!r}"
    known = set(template.numbers).union(*(choices[0] for choices in template.fillings))
    if unknown := set(used) - known:
        yield f"{sorted(unknown)} is no slot in {ask!r}"
