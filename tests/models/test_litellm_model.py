"""LiteLLM behind the seam, against a server on the loopback interface."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace

import anyio
import pytest

from reasongap.domain import Completion, Message, Request, Usage
from reasongap.errors import (
    AuthFailed,
    BadRequest,
    ContextTooLong,
    ModelError,
    QuotaGone,
    RateLimited,
    Transient,
    UnknownModel,
    Unreachable,
)
from reasongap.models import Model, ModelSpec
from reasongap.models.litellm_model import LiteLLMModel
from reasongap.models.response import spoken
from reasongap.testing import Answer, FaultyServer, chat, error, text

HELLO = Request(messages=(Message("system", "s"), Message("user", "hi")))
PROMPT = Request(prompt="Q: 1+1\nA: ")


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with FaultyServer() as state:
        yield state


def complete(
    server: FaultyServer, spec: ModelSpec, request: Request, timeout: float = 30
) -> Completion:
    """One call to the server, and everything closed behind it."""
    return alone(replace(spec, api_base=server.url), request, timeout)


def alone(spec: ModelSpec, request: Request, timeout: float = 30) -> Completion:
    async def run() -> Completion:
        model = LiteLLMModel(spec, timeout=timeout)
        try:
            return await model.complete(request)
        finally:
            await model.aclose()
            await model.aclose()

    return anyio.run(run)


CHAT = ModelSpec("openai/foo")
BASE = ModelSpec("openai/foo", form="base")


def test_it_is_a_model() -> None:
    assert isinstance(LiteLLMModel(CHAT), Model)


def test_a_chat_call_sends_messages_and_settings_and_returns_what_it_took(
    server: FaultyServer,
) -> None:
    details = {"reasoning_tokens": 3}
    usage = {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}
    server.answers = [chat("hello", usage={**usage, "completion_tokens_details": details})]
    request = Request(messages=HELLO.messages, stop=("Q:",), seed=7)
    reply = complete(server, CHAT, request)
    assert server.seen == [
        (
            "/v1/chat/completions",
            {
                "model": "foo",
                "messages": [
                    {"role": "system", "content": "s"},
                    {"role": "user", "content": "hi"},
                ],
                "temperature": 0.0,
                "max_tokens": 1024,
                "stop": ["Q:"],
                "seed": 7,
            },
        )
    ]
    assert (reply.text, reply.finish_reason, reply.model) == ("hello", "stop", "served-name")
    assert reply.usage == Usage(9, 5, 3)
    assert reply.request == CHAT.fill(request)
    assert reply.seconds > 0
    assert reply.dropped == ()


@pytest.mark.parametrize("name", ["openai/foo", "openai/gpt-4o", "hosted_vllm/foo"])
def test_a_base_call_sends_the_prompt_byte_by_byte_to_the_completions_endpoint(
    server: FaultyServer, name: str
) -> None:
    server.answers = [text(" 2\n")]
    reply = complete(server, ModelSpec(name, form="base"), PROMPT)
    path, body = server.seen[0]
    assert path == "/v1/completions"
    assert body["prompt"] == "Q: 1+1\nA: "
    assert reply.text == " 2\n"


def test_base_form_is_refused_where_the_provider_only_chats() -> None:
    spec = ModelSpec("anthropic/claude-3-haiku-20240307", form="base")
    with pytest.raises(UnknownModel, match="'anthropic' offers no text completion"):
        alone(spec, PROMPT)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (chat("x", finish="length"), "length"),
        (chat("", finish="content_filter"), "refused"),
        (chat(None, refusal="I will not"), "refused"),
        (chat("x", finish="tool_calls"), "other"),
        (error(400, "blocked", code="content_filter"), "refused"),
    ],
)
def test_finish_reasons_are_told_apart(server: FaultyServer, answer: Answer, expected: str) -> None:
    server.answers = [answer]
    assert complete(server, CHAT, HELLO).finish_reason == expected


@pytest.mark.parametrize("spec", [CHAT, BASE])
def test_null_content_is_an_empty_reply(server: FaultyServer, spec: ModelSpec) -> None:
    server.answers = [text(None) if spec.form == "base" else chat(None)]
    reply = complete(server, spec, PROMPT if spec.form == "base" else HELLO)
    assert (reply.text, reply.finish_reason) == ("", "stop")


def test_thinking_is_not_part_of_the_text(server: FaultyServer) -> None:
    server.answers = [chat("<think>2?</think>\n4", reasoning_content="3?")]
    assert complete(server, CHAT, HELLO).text == "4"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("<think>a</think> b", "b"),
        ("a</think>\n\nb", "b"),
        ("<think>cut short", ""),
        ("a < b", "a < b"),
        (" plain ", " plain "),
    ],
)
def test_what_is_spoken_follows_the_thinking(reply: str, said: str) -> None:
    assert spoken(reply) == said


def test_tokens_that_were_not_counted_are_unknown_and_so_is_the_cost(server: FaultyServer) -> None:
    server.answers = [chat("x", usage=None)]
    reply = complete(server, ModelSpec("openai/gpt-4o-mini", price=(1.0, 2.0)), HELLO)
    assert reply.usage == Usage(None, None, None)
    assert reply.cost is None


@pytest.mark.parametrize("spec", [CHAT, BASE])
@pytest.mark.parametrize(
    ("prompt", "completion", "usage"),
    [
        (-3, -7, Usage()),
        (10**9, 10**12, Usage()),
        (10, -1, Usage(10, None)),
        (10, 10**7, Usage(10, None)),
        (10**7, 5, Usage(None, 5)),
        (0, 5, Usage()),
    ],
)
def test_a_count_that_cannot_be_is_unknown_and_so_is_the_cost(
    server: FaultyServer, spec: ModelSpec, prompt: int, completion: int, usage: Usage
) -> None:
    counted = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": 15}
    server.answers = [(text if spec.form == "base" else chat)("x", usage=counted)]
    spec = replace(spec, price=(1.0, 2.0))
    reply = complete(server, spec, PROMPT if spec.form == "base" else HELLO)
    assert reply.usage == usage
    assert reply.cost is None


@pytest.mark.parametrize(
    ("spec", "cost"),
    [
        (ModelSpec("openai/foo"), None),
        (ModelSpec("openai/gpt-4o-mini"), (10 * 0.15 + 5 * 0.6) / 1e6),
        (ModelSpec("openai/gpt-4o-mini", price=(1.0, 2.0)), 20 / 1e6),
    ],
)
def test_cost_is_the_user_s_price_else_the_table_s_else_unknown(
    server: FaultyServer, spec: ModelSpec, cost: float | None
) -> None:
    server.answers = [chat("x")]
    found = complete(server, spec, HELLO).cost
    assert found == (None if cost is None else pytest.approx(cost))


def test_parameters_that_litellm_knows_to_be_refused_are_dropped_and_named(
    server: FaultyServer,
) -> None:
    server.answers = [chat("x")]
    request = Request(messages=HELLO.messages, stop=("Q:",), seed=1)
    reply = complete(server, ModelSpec("openai/gpt-5-mini"), request)
    assert reply.dropped == ("temperature", "stop")
    assert len(server.seen) == 1
    assert not {"temperature", "stop"} & set(server.last)
    assert server.last["seed"] == 1


def test_a_parameter_that_the_server_refuses_is_dropped_once_and_for_all(
    server: FaultyServer,
) -> None:
    refusal = error(400, "no stop here", code="unsupported_parameter", param="stop")
    server.answers = [refusal, chat("x")]
    spec = ModelSpec("openai/foo", api_base=server.url)
    request = Request(messages=HELLO.messages, stop=("Q:",))

    async def twice() -> list[Completion]:
        model = LiteLLMModel(spec)
        replies = [await model.complete(request) for _ in range(2)]
        await model.aclose()
        return replies

    assert [reply.dropped for reply in anyio.run(twice)] == [("stop",)] * 2
    assert ["stop" in body for _, body in server.seen] == [True, False, False]


def test_refusals_are_read_where_litellm_keeps_them_in_its_message(server: FaultyServer) -> None:
    asked = Request(messages=HELLO.messages, stop=("Q:",))
    refusal = error(400, "no stop here", code="unsupported_parameter", param="stop")
    server.answers = [refusal, chat("x")]
    assert complete(server, ModelSpec("hosted_vllm/foo"), asked).dropped == ("stop",)
    server.answers = [error(400, "blocked", code="content_filter")]
    assert complete(server, ModelSpec("hosted_vllm/foo"), HELLO).finish_reason == "refused"


def test_the_limit_on_the_reply_is_never_dropped(server: FaultyServer) -> None:
    said = "use 'max_completion_tokens' instead"
    server.answers = [error(400, said, code="unsupported_parameter", param="max_tokens"), chat("x")]
    with pytest.raises(BadRequest, match="max_completion_tokens"):
        complete(server, CHAT, HELLO)
    assert len(server.seen) == 1


LONG = "This model's maximum context length is 4096 tokens. However, you requested 5000"
BROKEN = Answer(body=b"<html>bad gateway</html>")


@pytest.mark.parametrize("spec", [CHAT, BASE])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error(401, "Incorrect API key provided"), AuthFailed),
        (error(404, "The model does not exist", code="model_not_found"), UnknownModel),
        (error(429, "You exceeded your current quota", code="insufficient_quota"), QuotaGone),
        (error(400, LONG, code="context_length_exceeded"), ContextTooLong),
        (error(400, "bad value"), BadRequest),
        (error(500, "oops"), Transient),
        (error(503, "overloaded"), Transient),
        (BROKEN, Transient),
        (Answer(body={}), Transient),
        (Answer(body={"choices": []}), Transient),
        (Answer(ending="reset"), Transient),
    ],
)
def test_a_failed_call_raises_its_typed_error_after_one_attempt(
    server: FaultyServer, spec: ModelSpec, answer: Answer, kind: type[ModelError]
) -> None:
    server.answers = [answer]
    with pytest.raises(ModelError) as raised:
        complete(server, spec, PROMPT if spec.form == "base" else HELLO)
    assert type(raised.value) is kind
    assert raised.value.model == "openai/foo"
    assert len(server.seen) == 1


@pytest.mark.parametrize("spec", [CHAT, BASE])
def test_a_rate_limit_brings_its_wait(server: FaultyServer, spec: ModelSpec) -> None:
    server.answers = [error(429, "slow down", headers={"Retry-After": "7"})]
    with pytest.raises(RateLimited) as raised:
        complete(server, spec, PROMPT if spec.form == "base" else HELLO)
    assert raised.value.retry_after == 7
    assert len(server.seen) == 1


@pytest.mark.parametrize("spec", [CHAT, BASE])
def test_a_silent_server_is_given_up_on(server: FaultyServer, spec: ModelSpec) -> None:
    server.answers = [Answer(wait=60, body={})]
    with pytest.raises(Transient, match="timed out"):
        complete(server, spec, PROMPT if spec.form == "base" else HELLO, timeout=0.2)


@pytest.mark.parametrize("name", ["openai/foo", "hosted_vllm/foo", "ollama_chat/foo"])
@pytest.mark.parametrize("place", ["127.0.0.1:9", "no-such-host.invalid:80"])
def test_a_server_that_is_not_there_is_unreachable_and_named(name: str, place: str) -> None:
    told = rf"Cannot connect to host {place} \[.*\] \(at http://{place}/v1\)"
    with pytest.raises(Unreachable, match=told):
        alone(ModelSpec(name, api_base=f"http://{place}/v1"), HELLO)


def test_a_text_completion_s_server_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        alone(replace(BASE, api_base="http://127.0.0.1:9/v1"), PROMPT)


@pytest.mark.parametrize("spec", [ModelSpec("openai/gpt-4o"), ModelSpec("openai/x", form="base")])
def test_without_a_key_the_variable_to_set_is_named(spec: ModelSpec) -> None:
    with pytest.raises(AuthFailed, match="set OPENAI_API_KEY in the environment"):
        alone(spec, PROMPT if spec.form == "base" else HELLO)


@pytest.mark.parametrize("name", ["nonsense", "nobody/nothing"])
def test_an_unknown_provider_is_an_unknown_model(name: str) -> None:
    with pytest.raises(UnknownModel, match="no such provider"):
        alone(ModelSpec(name), HELLO)


@pytest.mark.parametrize("spec", [CHAT, BASE])
def test_many_calls_at_once_and_several_event_loops_are_served(
    server: FaultyServer, spec: ModelSpec
) -> None:
    server.answers = [text("x") if spec.form == "base" else chat("x")]
    spec = replace(spec, api_base=server.url)
    request = PROMPT if spec.form == "base" else HELLO

    async def several() -> int:
        model, replies = LiteLLMModel(spec), []

        async def one() -> None:
            replies.append(await model.complete(request))

        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(one)
        await model.aclose()
        return len(replies)

    assert [anyio.run(several) for _ in range(2)] == [8, 8]
    gc.collect()  # a connection left open warns here, and warnings are errors


def test_closing_one_model_leaves_another_s_call_in_flight(server: FaultyServer) -> None:
    server.answers = [Answer(wait=0.5, body=chat("late").body)]

    async def overlap() -> str:
        slow = LiteLLMModel(ModelSpec("openai/slow", api_base=server.url))
        other = LiteLLMModel(ModelSpec("openai/other", api_base=server.url))
        texts = []

        async def one() -> None:
            texts.append((await slow.complete(HELLO)).text)

        async with anyio.create_task_group() as group:
            group.start_soon(one)
            await other.complete(HELLO)
            server.answers = [Answer(wait=0.5, body=chat("late").body)]
            await other.aclose()
        await slow.aclose()
        return texts[0]

    assert anyio.run(overlap) == "late"
