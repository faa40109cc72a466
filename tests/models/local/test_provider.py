"""What LiteLLM hands to the provider `local`, and what comes back through it."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

from reasongap.domain import Completion, Message, Request, Usage
from reasongap.errors import ContextTooLong
from reasongap.models import ModelSpec
from reasongap.models.litellm_model import LiteLLMModel
from reasongap.models.local.engine import Generated


class FakeEngine:
    """Replies the same to all, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, Any], bool, float]] = []
        self.closed = 0

    async def complete(self, body: dict[str, Any], *, chat: bool, seconds: float) -> Generated:
        self.asked.append((body, chat, seconds))
        if "boom" in str(body):
            raise ContextTooLong("local/x", "too long")
        return Generated(" 4\n", "length", 12, 3, 8)

    async def aclose(self) -> None:
        self.closed += 1


def call(spec: ModelSpec, request: Request, engine: FakeEngine) -> Completion:
    async def run() -> Completion:
        model = LiteLLMModel(spec, timeout=60, backend=engine)
        try:
            return await model.complete(request)
        finally:
            await model.aclose()

    return anyio.run(run)


@pytest.mark.parametrize("name", ["local/smollm2-135m", "local//some where/My File.gguf"])
def test_a_text_completion_reaches_the_engine_as_the_bare_prompt(name: str) -> None:
    engine, prompt = FakeEngine(), "  Question: 2+2\nAnswer:\n\n"
    request = Request(prompt=prompt, stop=("\n\n", "Question:"), seed=3)
    reply = call(ModelSpec(name, form="base", max_tokens=9), request, engine)
    body = {
        "prompt": prompt,
        "temperature": 0.0,
        "max_tokens": 9,
        "seed": 3,
        "stop": ["\n\n", "Question:"],
    }
    assert engine.asked == [(body, False, 60.0)]
    assert (reply.text, reply.finish_reason) == (" 4\n", "length")
    assert reply.usage == Usage(12, 3)
    assert reply.cost == 0.0
    assert reply.model == name.removeprefix("local/")


def test_a_chat_reaches_the_engine_as_messages() -> None:
    engine = FakeEngine()
    messages = (Message("system", "s"), Message("user", "u"), Message("assistant", "a"))
    reply = call(ModelSpec("local/x"), Request(messages=messages), engine)
    body, chat, _ = engine.asked[0]
    assert chat
    assert "prompt" not in body
    sent = [(message["role"], message["content"]) for message in body["messages"]]
    assert sent == [("system", "s"), ("user", "u"), ("assistant", "a")]
    assert reply.text == " 4\n"


@pytest.mark.parametrize("form", ["chat", "base"])
def test_the_engine_s_typed_errors_come_through_litellm_unchanged(form: Any) -> None:
    engine = FakeEngine()
    request = (
        Request(prompt="boom") if form == "base" else Request(messages=(Message("user", "boom"),))
    )
    with pytest.raises(ContextTooLong, match=r"^local/x: too long$"):
        call(ModelSpec("local/x", form=form), request, engine)
    assert len(engine.asked) == 1


def test_closing_the_model_closes_its_engine() -> None:
    engine = FakeEngine()
    anyio.run(LiteLLMModel(ModelSpec("local/x"), backend=engine).aclose)
    assert engine.closed == 1
