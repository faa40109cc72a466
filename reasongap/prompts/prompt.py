"""A prompt ready to be asked: from a question to the request that goes to a model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from reasongap.domain import Form, Message, Question, Request
from reasongap.errors import UsageError
from reasongap.prompts.files import Exemplar, PromptFile, fill, fill_again


@dataclass(frozen=True)
class Prompt:
    """A prompt in one wording with one set of exemplars."""

    name: str
    file: PromptFile
    exemplars: tuple[Exemplar, ...]

    @property
    def digest(self) -> str:
        """Hash of every text that it is made of."""
        made_of = [self.file.model_dump(), [exemplar.model_dump() for exemplar in self.exemplars]]
        return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:16]

    def request(
        self,
        question: Question,
        *,
        form: Form,
        shots: int,
        preamble: bool,
        system: bool = False,
        turns: bool = False,
        given: Mapping[str, str] | None = None,
    ) -> Request:
        """What to send for `question`: chat messages, or a text to continue.

        `given` fills the context's variables. A single question is shown single exemplars,
        a chain ones of as many hops, or of all that they have. `system` and `turns` shape
        the messages as `ModelSpec` says. Raises `UsageError` where more `shots` are wanted
        than there are exemplars.
        """
        if not 0 <= shots <= len(self.exemplars):
            raise UsageError(f"--shots {shots}: there are 0 to {len(self.exemplars)} exemplars")
        hops = len(question.hops)
        words = {"hops": hops, "linked": question.linked}
        told = [fill_again(self.file.instructions, **words).strip()] if preamble else []
        shown = [self._worked(exemplar, hops) for exemplar in self.exemplars[:shots]]
        asked = self._asked(question.hops, given or {})
        if form == "base":
            worked = [self._continued(*pair) for pair in shown]
            prompt = "\n\n".join([*told, *worked, f"{asked}\n{self.file.cue}"])
            stop = tuple(fill_again(text, hops=hops) for text in self.file.stop)
            return Request(prompt=prompt, stop=stop)
        messages = [Message("system", told.pop())] if system and told else []
        if turns:
            for example, answer in shown:
                messages.append(Message("user", "\n\n".join([*told, example])))
                reply = f"{self.file.cue}{answer}" if self.file.opened else answer
                messages.append(Message("assistant", reply))
                told = []
        else:
            told += [self._continued(*pair) for pair in shown]
        return Request(messages=(*messages, Message("user", "\n\n".join([*told, asked]))))

    def _worked(self, exemplar: Exemplar, hops: int) -> tuple[str, str]:
        """An exemplar as the question that it asks, and its answer."""
        shown = exemplar.hop[:hops]
        texts = self.file.given.items()
        given = {name: fill_again(text, hops=shown).strip() for name, text in texts}
        asked = self._asked(tuple(hop.question for hop in shown), given)
        return asked, fill_again(self.file.worked, hops=shown).strip()

    def _asked(self, hops: tuple[str, ...], given: Mapping[str, str]) -> str:
        context = self.file.context and fill(self.file.context, **given).strip()
        return f"{ask(hops)}\n{context}" if context else ask(hops)

    def _continued(self, asked: str, answer: str) -> str:
        joint = "" if self.file.cue.endswith("\n") else " "
        return f"{asked}\n{self.file.cue}{joint}{answer}"


def ask(hops: tuple[str, ...]) -> str:
    """The question itself: a single one plain, a chain as Q1, Q2 and so on."""
    if len(hops) == 1:
        return f"Question: {hops[0]}"
    return "\n".join(f"Q{i}: {hop}" for i, hop in enumerate(hops, 1))
