"""What a provider sends back, in OpenAI's shape: replies, errors, and ways to send them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Ending = Literal["whole", "half", "reset", "silent"]
"""How far a body gets: all of it, half and a closed line, a reset line, or not a byte."""

USAGE: Mapping[str, Any] = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}


@dataclass(frozen=True)
class Answer:
    """One response: sent after `wait` seconds, as far as `ending` says.

    `body` is a JSON value, or bytes to be sent as they are. After a silent one the line is
    closed once `wait` seconds have passed.
    """

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    ending: Ending = "whole"

    @property
    def content(self) -> bytes:
        """The body as it is sent."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def chat(
    content: str | None,
    *,
    finish: str = "stop",
    usage: Mapping[str, Any] | None = USAGE,
    **message: Any,
) -> Answer:
    """A chat completion; `usage` None leaves the count out."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": content, **message},
        "finish_reason": finish,
    }
    return _reply("chat.completion", choice, usage)


def text(
    content: str | None, *, finish: str = "stop", usage: Mapping[str, Any] | None = USAGE
) -> Answer:
    """A text completion; `usage` None leaves the count out."""
    choice = {"index": 0, "text": content, "finish_reason": finish, "logprobs": None}
    return _reply("text_completion", choice, usage)


def error(
    status: int, message: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> Answer:
    """An error, with what `more` says of it: `code`, `type`, `param`."""
    return Answer({"error": {"message": message, **more}}, status, headers or {})


def _reply(kind: str, choice: dict[str, Any], usage: Mapping[str, Any] | None) -> Answer:
    body = {"id": "r", "object": kind, "created": 1, "model": "served-name", "choices": [choice]}
    return Answer(body if usage is None else {**body, "usage": dict(usage)})
