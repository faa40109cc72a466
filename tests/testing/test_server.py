"""The faulty server on the wire: what it answers, how it breaks off, what it counts."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from reasongap.testing import (
    Faults,
    FaultyServer,
    Latency,
    Provider,
    ServerProcess,
    chat,
    prompt_key,
)

ASKED = {"model": "m", "messages": [{"role": "user", "content": "What is 3 plus 4?"}]}


def ask(
    url: str, body: object = ASKED, path: str = "/chat/completions"
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Status, headers and content of one request on a line of its own."""
    line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        line.request("POST", urlsplit(url).path + path, json.dumps(body))
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        line.close()


def said(content: bytes) -> Any:
    return json.loads(content)["choices"][0]


def test_chat_and_text_completions_are_answered_and_counted() -> None:
    prompt = {"model": "m", "prompt": "Question: What is 3 plus 4?\nAnswer:"}
    with FaultyServer() as server:
        chatted = said(ask(server.url)[2])
        continued = said(ask(server.url, prompt, "/completions")[2])
        ask(server.url)
    assert chatted["message"]["content"] == continued["text"] == "3 + 4 = 7\nFinal answer: 7"
    assert server.calls == {prompt_key(ASKED): 2, prompt_key(prompt): 1}
    assert server.seen[1] == ("/v1/completions", prompt)


def test_one_line_carries_many_requests() -> None:
    with FaultyServer({"3 plus": "seven"}) as server:
        line = http.client.HTTPConnection(urlsplit(server.url).netloc)
        for _ in range(3):
            line.request("POST", "/v1/chat/completions", json.dumps(ASKED))
            assert said(line.getresponse().read())["message"]["content"] == "seven"
        line.close()


def test_a_prompt_that_a_mapping_lacks_is_refused() -> None:
    with FaultyServer({"pens": "seven"}) as server:
        status, _, content = ask(server.url)
    assert status == 400
    assert b"no key of the mapping" in content


def test_answers_in_order_go_before_replies() -> None:
    with FaultyServer() as server:
        server.answers = [chat("a"), chat("b")]
        replies = [said(ask(server.url)[2])["message"]["content"] for _ in range(3)]
    assert replies == ["a", "b", "b"]


def test_a_rate_limit_names_its_wait() -> None:
    with FaultyServer(faults=Faults(schedule=("rate_limit",), retry_after=2.5)) as server:
        status, headers, _ = ask(server.url)
    assert status == 429
    assert (headers["Retry-After"], headers["Retry-After-Ms"]) == ("3", "2500")
    assert server.spoiled == {prompt_key(ASKED): ["rate_limit"]}


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        ("reset", ConnectionResetError),
        ("half_body", http.client.IncompleteRead),
        ("hang", (http.client.RemoteDisconnected, ConnectionResetError)),
    ],
)
def test_a_line_breaks_as_it_is_told(
    fault: str, broken: type[Exception] | tuple[type[Exception], ...]
) -> None:
    with FaultyServer(faults=Faults(schedule=(fault,), hang=0.01)) as server:
        with pytest.raises(broken):
            ask(server.url)
        assert ask(server.url)[0] == 200


def test_above_its_rate_it_answers_429_until_a_second_s_worth_has_come_back() -> None:
    now = 0.0
    server = Provider(rate=4, clock=lambda: now)
    body = json.dumps(ASKED).encode()

    def burst() -> list[int]:
        return [server.serve("/v1/chat/completions", body).status for _ in range(6)]

    assert burst() == [200] * 4 + [429] * 2
    now = 0.5
    assert burst() == [200] * 2 + [429] * 4
    limited = server.serve("/v1/chat/completions", body)
    assert limited.headers["Retry-After-Ms"] == "250"


def test_waits_follow_the_latency() -> None:
    server = Provider(latency=Latency(0.25))
    body = json.dumps(ASKED).encode()
    assert server.serve("/v1/chat/completions", body).wait == 0.25


def test_it_runs_as_a_process_of_its_own() -> None:
    with ServerProcess("--fault", "error_500=1", "--rate", "100") as server:
        assert ask(server.url)[0] == 500
        counts = server.counts()
    assert counts.calls == {prompt_key(ASKED): 1}
    assert counts.faults == {prompt_key(ASKED): ["error_500"]}


@pytest.mark.parametrize("wrong", [("--no-such",), ("--fault", "reset"), ("--fault", "rest=0.1")])
def test_a_process_that_cannot_start_says_so(wrong: tuple[str, ...]) -> None:
    with pytest.raises(RuntimeError, match="did not start"), ServerProcess(*wrong):
        pass
