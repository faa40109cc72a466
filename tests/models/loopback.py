"""An OpenAI-compatible server on the loopback interface that answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What the server sends back: after `wait` seconds, or nothing at all (`hang_up`)."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    hang_up: bool = False


def chat(content: str | None, *, finish: str = "stop", usage: Any = None, **message: Any) -> Answer:
    """A chat completion."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": content, **message},
        "finish_reason": finish,
    }
    return Answer(body=_reply("chat.completion", choice, usage))


def text(content: str, *, finish: str = "stop") -> Answer:
    """A text completion."""
    choice = {"index": 0, "text": content, "finish_reason": finish, "logprobs": None}
    return Answer(body=_reply("text_completion", choice, None))


def error(
    status: int, message: str, *, headers: dict[str, str] | None = None, **more: Any
) -> Answer:
    """An error in OpenAI's shape."""
    return Answer(status, {"error": {"message": message, **more}}, headers or {})


def _reply(kind: str, choice: dict[str, Any], usage: Any) -> dict[str, Any]:
    reply = {"id": "r", "object": kind, "created": 1, "model": "served-name", "choices": [choice]}
    if usage != "none":
        reply["usage"] = usage or {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    return reply


@dataclass
class Loopback:
    """The running server: `answers` are used in order, the last one for ever."""

    url: str
    answers: list[Answer] = field(default_factory=list)
    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def last(self) -> dict[str, Any]:
        """The body of the last request."""
        return self.seen[-1][1]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up is part of the tests."""


@contextmanager
def loopback() -> Iterator[Loopback]:
    """A server on a free port, stopped at the end."""
    state = Loopback("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.seen.append((self.path, json.loads(body)))
            answer = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            time.sleep(answer.wait)
            if answer.hang_up:
                self.close_connection = True
                return
            raw = isinstance(answer.body, bytes)
            data = answer.body if raw else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base's name)
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
