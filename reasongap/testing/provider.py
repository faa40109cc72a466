"""What stands behind the server: answers, faults, a limit, and a count of every call."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from reasongap.testing.arithmetic import arithmetic
from reasongap.testing.faults import Faults, Latency, too_many
from reasongap.testing.replies import Answer, chat, error, text

Replies = Callable[[str], str] | Mapping[str, str]
"""From the text of a prompt to the reply; of a mapping, the first key that occurs in it."""


def prompt_text(body: Mapping[str, Any]) -> str:
    """Everything that the body of a request asks, as one text."""
    if "prompt" in body:
        return str(body["prompt"])
    return "\n".join(message["content"] for message in body["messages"])


def prompt_key(body: Mapping[str, Any]) -> str:
    """What tells requests apart in the counts: model, prompt and seed, hashed."""
    asked = repr((body.get("model"), prompt_text(body), body.get("seed")))
    return blake2b(asked.encode(), digest_size=8).hexdigest()


@dataclass
class Provider:
    """Answers requests as it is told, and remembers them.

    `replies` answer, `faults` spoil the answers, and above `rate` requests a second come
    429s. Where a test fills the list `answers`, those are given in order instead, the last
    one for ever. `calls` counts every request by `prompt_key`, `spoiled` lists each one's
    faults, and `seen` holds the path and body of the first `keep` requests.
    """

    replies: Replies = arithmetic
    faults: Faults = field(default_factory=Faults)
    latency: Latency = field(default_factory=Latency)
    rate: float | None = None
    keep: int = 10_000
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self.answers: list[Answer] = []
        self.seen: list[tuple[str, dict[str, Any]]] = []
        self.calls: Counter[str] = Counter()
        self.spoiled: defaultdict[str, list[str]] = defaultdict(list)
        self._number = 0
        self._allowance, self._filled = self._most, self.clock()

    @property
    def _most(self) -> float:
        """Requests that may come at once: those of one second."""
        return max(1.0, self.rate or 0.0)

    @property
    def last(self) -> dict[str, Any]:
        """The body of the last request."""
        return self.seen[-1][1]

    def serve(self, path: str, content: bytes) -> Answer:
        """The answer to one request; `/counts` tells what was counted so far."""
        if path == "/counts":
            return Answer({"calls": self.calls, "faults": self.spoiled})
        if not path.endswith("/completions"):
            return error(404, f"no such page: {path}")
        body = json.loads(content)
        if len(self.seen) < self.keep:
            self.seen.append((path, body))
        key = prompt_key(body)
        number, attempt = self._number, self.calls[key]
        self._number += 1
        self.calls[key] += 1
        if self.answers:
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if (wait := self._excess()) > 0:
            self.spoiled[key].append("over_rate")
            return too_many(wait)
        answer = self._answer(body)
        if fault := self.faults.drawn(number, key, attempt):
            self.spoiled[key].append(fault)
            answer = self.faults.spoil(fault, answer)
        return replace(answer, wait=answer.wait + self.latency.drawn(key, attempt))

    def _answer(self, body: Mapping[str, Any]) -> Answer:
        asked = prompt_text(body)
        reply = self._reply(asked)
        if reply is None:
            return error(400, "no key of the mapping occurs in the prompt")
        prompt, said = len(asked) // 4 + 1, len(reply) // 4 + 1
        usage = {
            "prompt_tokens": prompt,
            "completion_tokens": said,
            "total_tokens": prompt + said,
        }
        return (text if "prompt" in body else chat)(reply, usage=usage)

    def _reply(self, asked: str) -> str | None:
        if callable(self.replies):
            return self.replies(asked)
        return next((reply for key, reply in self.replies.items() if key in asked), None)

    def _excess(self) -> float:
        """Seconds until the limit lets the next request through; 0 lets this one."""
        if self.rate is None:
            return 0.0
        now = self.clock()
        filled = self._allowance + (now - self._filled) * self.rate
        self._allowance, self._filled = min(self._most, filled), now
        if self._allowance < 1:
            return (1 - self._allowance) / self.rate
        self._allowance -= 1
        return 0.0
