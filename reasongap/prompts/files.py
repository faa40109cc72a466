"""Prompts and exemplars as their TOML files hold them: parsed, checked, laid over each other."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import jinja2
import jinja2.meta
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from reasongap.errors import BadFile

DEFAULT = "default"
"""The wording that a prompt's file gives at its top, and the exemplars of exemplars.toml."""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Wording(_File):
    """What a wording says otherwise than the prompt that it belongs to."""

    cue: str | None = None
    stop: tuple[str, ...] | None = None
    instructions: str | None = None
    worked: str | None = None
    context: str | None = None


class PromptFile(_File):
    """One prompt as its file holds it.

    `instructions` sees `hops`, the number of problems, and `linked`, whether later ones need
    the answer before them (false for unrelated problems); `worked` sees `hops`, the worked
    hops of one exemplar. `context` stands behind the question and sees what the strategy
    gives: the names of `given`, whose templates say what an exemplar gives instead (they
    see `hops` as `worked` does). `cue` ends a base-form prompt, and `opened` says that it
    opens a code fence. Each text of `stop`, which may see the number `hops`, ends the reply.
    """

    cue: str
    stop: tuple[str, ...]
    instructions: str
    worked: str
    opened: bool = False
    context: str = ""
    given: dict[str, str] = {}
    wording: dict[str, Wording] = {}

    def worded(self, name: str) -> PromptFile:
        """The prompt in one of its wordings, on its own."""
        other = (self.wording[name] if name != DEFAULT else Wording()).model_dump(exclude_none=True)
        return self.model_copy(update={**other, "wording": {}})


class WorkedHop(_File):
    """A hop of an exemplar.

    Its question, the reasoning, the answer, a plan in words, and the body of its function.
    """

    question: str
    cot: str
    answer: str
    plan: str
    code: str


class Exemplar(_File):
    """One worked example of as many hops as it has."""

    hop: tuple[WorkedHop, ...]


_EXEMPLARS = TypeAdapter(tuple[Exemplar, ...])


def parse(place: str, text: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises `BadFile` naming `place`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadFile(place, f"no TOML: {error}") from error


def prompt_file(place: str, tables: Mapping[str, Any]) -> PromptFile:
    """The prompt that these tables make, its templates checked. Raises `BadFile`."""
    try:
        file = PromptFile.model_validate(tables)
    except ValidationError as error:
        raise BadFile(place, _explain(error)) from error
    for name in (DEFAULT, *file.wording):
        _check(place if name == DEFAULT else f"{place}, wording {name!r}", file.worded(name))
    return file


def exemplars(place: str, tables: Mapping[str, Any]) -> tuple[Exemplar, ...]:
    """The exemplars that these tables hold. Raises `BadFile`."""
    try:
        return _EXEMPLARS.validate_python(tables.get("exemplar"))
    except ValidationError as error:
        raise BadFile(place, _explain(error)) from error


def fill(text: str, **variables: object) -> str:
    """The template with its variables filled in."""
    return _template(text).render(**variables)


fill_again = lru_cache(maxsize=512)(fill)
"""As `fill`, for what comes the same in question after question: it is filled in once."""


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'file'}: {first['msg']}"


def _check(place: str, file: PromptFile) -> None:
    """Raise `BadFile` for a template that does not use exactly the variables that it gets."""
    gets = {"instructions": {"hops"}, "worked": {"hops"}, "context": set(file.given)}
    texts = {"instructions": file.instructions, "worked": file.worked, "context": file.context}
    for name, text in file.given.items():
        gets[f"given.{name}"], texts[f"given.{name}"] = {"hops"}, text
    for name, text in texts.items():
        uses = _variables(f"{place}, {name}", text)
        strange = uses - gets[name] - ({"linked"} if name == "instructions" else set())
        for what, names in (("uses", strange), ("does not use", gets[name] - uses)):
            if names:
                known = ", ".join(sorted(gets[name])) or "no variable"
                why = f"{name} {what} {', '.join(sorted(names))}"
                raise BadFile(place, why, f"It is given {known}, and says nothing without")
    for text in file.stop:
        if strange := _variables(f"{place}, stop", text) - {"hops"}:
            raise BadFile(place, f"stop uses {', '.join(sorted(strange))}", "It is given hops")


def _variables(place: str, text: str) -> set[str]:
    try:
        return jinja2.meta.find_undeclared_variables(_environment().parse(text))
    except jinja2.TemplateSyntaxError as error:
        raise BadFile(place, f"line {error.lineno}: {error.message}") from error


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)


@cache
def _template(text: str) -> jinja2.Template:
    return _environment().from_string(text)
