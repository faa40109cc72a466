"""One question to a model in its own form: the step that every single-call solver shares."""

from __future__ import annotations

from reasongap.domain import Completion, Question
from reasongap.models.seam import Model
from reasongap.prompts import Prompt


async def ask(
    prompt: Prompt, question: Question, model: Model, *, shots: int | None, preamble: bool
) -> tuple[Completion, str]:
    """The completion, and its text up to the first stop sequence.

    `shots` None takes what suits the model. The text is cut here as well, since some
    servers ignore stop sequences and a base model goes on with a question of its own.
    """
    request = prompt.request(
        question,
        form=model.spec.form,
        shots=model.spec.default_shots if shots is None else shots,
        preamble=preamble,
    )
    completion = await model.complete(request)
    text = completion.text
    for stop in request.stop:
        text = text.split(stop, 1)[0]
    return completion, text
