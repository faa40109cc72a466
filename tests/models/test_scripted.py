"""The scripted model keeps the seam's contract and replies as told."""

from __future__ import annotations

import anyio
import pytest

from reasongap.domain import Completion, Message, Request
from reasongap.errors import RateLimited
from reasongap.models import Model, ModelSpec, ScriptedModel


def ask(model: ScriptedModel, text: str) -> Completion:
    return anyio.run(model.complete, Request(messages=(Message("user", text),)))


def test_it_is_a_model() -> None:
    assert isinstance(ScriptedModel([]), Model)


def test_a_sequence_replies_in_order_and_raises_its_exceptions() -> None:
    model = ScriptedModel(["one", RateLimited("scripted", "wait", 3.0), "two"])
    assert ask(model, "a").text == "one"
    with pytest.raises(RateLimited, match="wait"):
        ask(model, "b")
    assert ask(model, "c").text == "two"
    with pytest.raises(LookupError, match="3 replies; this is call 4"):
        ask(model, "d")


def test_a_mapping_replies_by_the_first_key_that_occurs() -> None:
    model = ScriptedModel({"apples": "7", "pears": "8"})
    assert ask(model, "how many pears?").text == "8"
    with pytest.raises(LookupError, match="no key of the script"):
        ask(model, "plums")


def test_a_function_sees_the_request_as_it_would_be_sent() -> None:
    spec = ModelSpec("scripted", form="base", max_tokens=7)
    model = ScriptedModel(lambda request: f"{request.prompt}{request.max_tokens}", spec)
    reply = anyio.run(model.complete, Request(prompt="p"))
    assert reply.text == "p7"
    assert model.requests == [Request(prompt="p", temperature=0.0, max_tokens=7)]


def test_a_whole_completion_is_given_with_the_request_at_hand() -> None:
    model = ScriptedModel([Completion(Request(), "cut", "length", cost=0.5)])
    reply = ask(model, "q")
    assert (reply.text, reply.finish_reason, reply.cost) == ("cut", "length", 0.5)
    assert reply.request.messages == (Message("user", "q"),)


def test_closing_twice_is_fine() -> None:
    model = ScriptedModel([])
    for _ in range(2):
        anyio.run(model.aclose)
    assert model.closed
