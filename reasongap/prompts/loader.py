"""Prompts as text files: loading, rendering, and the hash that goes to the manifest."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import jinja2
from pydantic import BaseModel, ConfigDict, TypeAdapter

from reasongap.domain import Form, Message, Question, Request
from reasongap.errors import UnknownName, UsageError


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PromptFile(_File):
    """One prompt as its file holds it.

    `instructions` sees `hops`, the number of problems; `worked` sees `hops`, the worked
    hops of one exemplar. `cue` ends a base-form prompt, and `opened` says that it opens a
    code fence. Each text of `stop`, which sees `hops` too, ends the reply.
    """

    cue: str
    stop: tuple[str, ...]
    instructions: str
    worked: str
    opened: bool = False


class WorkedHop(_File):
    """A hop of an exemplar: question, reasoning, answer, and the body of its function."""

    question: str
    cot: str
    answer: str
    code: str


class Exemplar(_File):
    """One worked example of as many hops as it has."""

    hop: tuple[WorkedHop, ...]


@dataclass(frozen=True)
class Prompt:
    """A prompt ready to render; `digest` is the hash of every text that it is made of."""

    name: str
    file: PromptFile
    exemplars: tuple[Exemplar, ...]
    digest: str

    def request(self, question: Question, *, form: Form, shots: int, preamble: bool) -> Request:
        """What to send for `question`: one user message, or a text to continue.

        A single question is shown single exemplars, a chain two-hop ones. Raises
        `UsageError` where more `shots` are wanted than there are exemplars.
        """
        if not 0 <= shots <= len(self.exemplars):
            raise UsageError(f"--shots {shots}: there are 0 to {len(self.exemplars)} exemplars")
        parts = [_render(self.file.instructions, hops=len(question.hops))] if preamble else []
        parts += [
            self._worked(exemplar, question.chained, form) for exemplar in self.exemplars[:shots]
        ]
        asked = ask(question.hops)
        if form == "chat":
            return Request(messages=(Message("user", "\n\n".join([*parts, asked])),))
        prompt = "\n\n".join([*parts, f"{asked}\n{self.file.cue}"])
        stop = tuple(_fill(text, hops=len(question.hops)) for text in self.file.stop)
        return Request(prompt=prompt, stop=stop)

    def _worked(self, exemplar: Exemplar, chained: bool, form: Form) -> str:
        hops = exemplar.hop if chained else exemplar.hop[:1]
        answer = _render(self.file.worked, hops=hops)
        asked = ask(tuple(hop.question for hop in hops))
        joint = "" if self.file.cue.endswith("\n") else " "
        return f"{asked}\n{self.file.cue}{joint}{answer}"


def ask(hops: tuple[str, ...]) -> str:
    """The question itself: a single one plain, a chain as Q1, Q2 and so on."""
    if len(hops) == 1:
        return f"Question: {hops[0]}"
    return "\n".join(f"Q{i}: {hop}" for i, hop in enumerate(hops, 1))


@cache
def load_prompt(name: str) -> Prompt:
    """The prompt of this name from the package. Raises `UnknownName`."""
    folder = resources.files("reasongap.prompts")
    names = sorted(
        entry.name.removesuffix(".toml")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml") and entry.name != "exemplars.toml"
    )
    if name not in names:
        raise UnknownName("prompt", name, names)
    texts = [(folder / f"{stem}.toml").read_text(encoding="utf-8") for stem in (name, "exemplars")]
    file, exemplars = map(tomllib.loads, texts)
    return Prompt(
        name,
        PromptFile.model_validate(file),
        TypeAdapter(tuple[Exemplar, ...]).validate_python(exemplars["exemplar"]),
        hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16],
    )


@cache
def _template(text: str) -> jinja2.Template:
    return jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True).from_string(text)


def _fill(text: str, **variables: object) -> str:
    return _template(text).render(**variables)


def _render(text: str, **variables: object) -> str:
    return _fill(text, **variables).strip()
