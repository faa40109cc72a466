"""How a strategy puts questions: the settings that every prompt shares, and the asking."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from reasongap.domain import Completion, Question
from reasongap.models.seam import Model
from reasongap.prompts import DEFAULT, Prompt, Texts, load_prompt


@dataclass(frozen=True)
class PromptChoice:
    """What a whole study chose, for the strategies that leave it open.

    `shots` None takes what suits each model. `own` are the files of a prompt folder of
    the user's.
    """

    shots: int | None = None
    preamble: bool = True
    prompt: str = DEFAULT
    exemplars: str = DEFAULT
    own: Texts = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """A completion, its text up to the first stop sequence, and whether that begins as code."""

    completion: Completion
    text: str
    opened: bool

    @property
    def cut(self) -> bool:
        """Whether the length limit ended it, and no stop sequence did."""
        return self.completion.finish_reason == "length" and self.text == self.completion.text


@dataclass(frozen=True, kw_only=True)
class Prompted:
    """What the strategies that ask with prompts of ours have in common.

    `shots` is the number of exemplars, `preamble` whether the form of the answer is stated,
    `prompt` the wording, `exemplars` the set of exemplars; None leaves each to `study`.
    """

    shots: int | None = None
    preamble: bool | None = None
    prompt: str | None = None
    exemplars: str | None = None
    study: PromptChoice = PromptChoice()

    prompts: ClassVar[tuple[str, ...]] = ()
    """The names of the prompts that it asks with."""

    @property
    def prompt_digest(self) -> str:
        """Hashes of the texts that its prompts are made of."""
        return " ".join(self._prompt(name).digest for name in self.prompts)

    async def ask(
        self,
        prompt: str,
        question: Question,
        model: Model,
        *,
        max_tokens: int | None = None,
        **given: str,
    ) -> Reply:
        """The model's reply to one of the prompts; `given` fills the prompt's context.

        The text is cut here as well, since some servers ignore stop sequences and a base
        model goes on with a question of its own.
        """
        shaped, spec = self._prompt(prompt), model.spec
        shots = self.study.shots if self.shots is None else self.shots
        request = shaped.request(
            question,
            form=spec.form,
            shots=spec.default_shots if shots is None else shots,
            preamble=self.study.preamble if self.preamble is None else self.preamble,
            system=spec.system,
            turns=spec.turns,
            given=given,
        )
        if max_tokens is not None:
            request = replace(request, max_tokens=max_tokens)
        completion = await model.complete(request)
        text = completion.text
        for stop in request.stop:
            text = text.split(stop, 1)[0]
        return Reply(completion, text, shaped.file.opened and spec.form == "base")

    def _prompt(self, name: str) -> Prompt:
        wording = self.prompt or self.study.prompt
        return load_prompt(name, wording, self.exemplars or self.study.exemplars, self.study.own)
