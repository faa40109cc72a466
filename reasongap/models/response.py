"""From a provider's response, as LiteLLM hands it on, to a completion."""

from __future__ import annotations

from typing import Any

from reasongap.domain import Completion, FinishReason, Request, Usage
from reasongap.errors import Transient
from reasongap.models.seam import ModelSpec

SLACK = 10_000
"""Tokens that a count may lie above what the text can hold: templates, hidden instructions."""

_FINISH: dict[str | None, FinishReason] = {
    "stop": "stop",
    "eos": "stop",
    "length": "length",
    "max_tokens": "length",
    "content_filter": "refused",
    "refusal": "refused",
}


def completion_of(
    response: Any, request: Request, spec: ModelSpec, cost: float | None
) -> Completion:
    """The completion in a response to `request`, whose limit is set.

    `cost` is what LiteLLM takes for its price in dollars, for models that the specification
    names no price of; None where it does not know. No content at all is an empty reply.
    Raises `Transient` for a response without a choice, which is no reply.
    """
    if not response.choices:
        raise Transient(spec.name, "the reply holds no choice")
    choice = response.choices[0]
    finish: FinishReason = _FINISH.get(choice.finish_reason, "other")
    if spec.form == "base":
        if choice.text is None and choice.finish_reason is None:
            raise Transient(spec.name, "the reply holds no text")
        text = choice.text or ""
    else:
        text = spoken(choice.message.content or "")
        if _declined(choice.message):
            finish = "refused"
    usage = _usage(getattr(response, "usage", None), request)
    model = (response.model or "").removeprefix(f"{spec.name.partition('/')[0]}/")
    return Completion(request, text, finish, usage, _cost(usage, spec, cost), model=model)


def spoken(text: str) -> str:
    """The reply without the thinking that some servers leave in it between <think> tags."""
    if "</think>" in text:
        return text.rpartition("</think>")[2].lstrip()
    return "" if text.lstrip().startswith("<think>") else text


def _declined(message: Any) -> bool:
    """Whether the model refused in the field made for it, wherever LiteLLM keeps that."""
    extra = getattr(message, "provider_specific_fields", None) or {}
    return bool(getattr(message, "refusal", None) or extra.get("refusal"))


def _cost(usage: Usage, spec: ModelSpec, looked_up: float | None) -> float | None:
    """Dollars: 0 on this machine, else what the specification's price or LiteLLM's table says."""
    if spec.name.startswith("local/"):
        return 0.0
    if usage.prompt_tokens is None or usage.completion_tokens is None:
        return None
    if spec.price is None:
        return looked_up
    prompt, completion = spec.price
    return (usage.prompt_tokens * prompt + usage.completion_tokens * completion) / 1e6


def _usage(counted: Any, request: Request) -> Usage:
    """Tokens as the provider counted them, None where it did not, or cannot have.

    LiteLLM writes 0 where nothing was counted. A text has no more tokens than bytes, and a
    reply hardly more than its limit: a count beyond both by far would corrupt every sum.
    """
    if counted is None or not counted.prompt_tokens:
        return Usage()
    asked = request.prompt or "".join(message.content for message in request.messages)
    prompt = _possible(counted.prompt_tokens, len(asked.encode()))
    completion = _possible(counted.completion_tokens, request.max_tokens or SLACK)
    details = getattr(counted, "completion_tokens_details", None)
    reasoning = getattr(details, "reasoning_tokens", None)
    return Usage(prompt, completion, None if completion is None else reasoning)


def _possible(tokens: int, expected: int) -> int | None:
    return tokens if 0 <= tokens <= expected + SLACK else None
