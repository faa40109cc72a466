"""A model that answers from a script: for our tests and for yours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from reasongap.domain import Completion, Request
from reasongap.models.seam import ModelSpec

Reply = str | Completion | Exception
"""A text, a whole completion, or an error to raise."""


class ScriptedModel:
    """A `Model` that gives the replies it was given, and records what it was asked.

    `replies` is a function of the request, a sequence (one reply a call, in order), or a
    mapping (the first key that occurs in the request's text gives the reply). An exception
    among the replies is raised. `requests` lists every request as it would have been sent.

        model = ScriptedModel(["#### 18", RateLimited("scripted", "slow down")])
        model = ScriptedModel({"apples": "#### 7", "pens": "#### 30"})
        model = ScriptedModel(lambda request: request.prompt or "")

    A request that the script has no reply for raises `LookupError`, which a run does not
    catch: the test is wrong, not the model.
    """

    def __init__(
        self,
        replies: Callable[[Request], Reply] | Sequence[Reply] | Mapping[str, Reply],
        spec: ModelSpec | None = None,
    ) -> None:
        self.spec = spec or ModelSpec("scripted", price=(0.0, 0.0))
        self.requests: list[Request] = []
        self.closed = False
        self._replies = replies

    async def complete(self, request: Request) -> Completion:
        """The script's reply to this request."""
        request = self.spec.fill(request)
        self.requests.append(request)
        reply = self._reply(request)
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, Completion):
            return replace(reply, request=request)
        return Completion(request, reply, cost=0.0, model=self.spec.name)

    async def aclose(self) -> None:
        """Nothing to free; `closed` tells that it was called."""
        self.closed = True

    def _reply(self, request: Request) -> Reply:
        replies, call = self._replies, len(self.requests)
        if callable(replies):
            return replies(request)
        if isinstance(replies, Mapping):
            text = request_text(request)
            for key, reply in replies.items():
                if key in text:
                    return reply
            raise LookupError(f"no key of the script occurs in the request: {text!r}")
        if call > len(replies):
            raise LookupError(f"the script holds {len(replies)} replies; this is call {call}")
        return replies[call - 1]


def request_text(request: Request) -> str:
    """Everything a request says, as one text: its prompt, or its messages line by line."""
    if request.prompt is not None:
        return request.prompt
    return "\n".join(message.content for message in request.messages)
