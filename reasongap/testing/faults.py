"""What goes wrong with providers, by name: each fault makes a good answer into a bad one.

Those in `PASSING` are of the line, the server or its limits: the same call may succeed the
next time. An `ODD` reply came, and is not what was hoped for. After a `FATAL` one no further
call succeeds either: a run stops.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from statistics import NormalDist
from typing import Any

from reasongap.errors import UnknownName, UsageError
from reasongap.testing.replies import Answer, error

Spoil = Callable[[Answer], Answer]

LONG = "This model's maximum context length is 4096 tokens. However, you requested 5000"
PASSING = (
    *("rate_limit", "rate_limit_bare", "error_500", "error_503", "reset", "half_body"),
    *("invalid_json", "empty_choices", "hang"),
)
ODD = (
    *("null_content", "content_filter", "context_too_long"),
    *("usage_missing", "usage_negative", "usage_absurd"),
)
FATAL = ("quota", "auth")


def too_many(wait: float) -> Answer:
    """A 429 that names the wait in seconds, in both headers that providers use."""
    named = {"Retry-After": str(math.ceil(wait)), "Retry-After-Ms": str(round(1000 * wait))}
    return error(429, "Rate limit reached", headers=named, code="rate_limit_exceeded")


def even(total: float, names: Iterable[str] = PASSING + ODD) -> dict[str, float]:
    """A probability for each fault, `total` in all."""
    listed = tuple(names)
    return dict.fromkeys(listed, total / len(listed))


@dataclass(frozen=True)
class Faults:
    """Which answers go wrong, and how: a function of the request alone, whatever the order.

    `odds` is a probability for each fault by name; `schedule` names the faults of the first
    calls in order (None: none) and goes before. A 429 names `retry_after` seconds, and a
    response that hangs is broken off after `hang`. Raises `UnknownName` and `UsageError`.
    """

    odds: Mapping[str, float] | None = None
    schedule: tuple[str | None, ...] = ()
    retry_after: float = 0.1
    hang: float = 2.0
    seed: int = 0

    def __post_init__(self) -> None:
        odds = self.odds or {}
        for name in (*odds, *filter(None, self.schedule)):
            if name not in PASSING + ODD + FATAL:
                raise UnknownName("fault", name, PASSING + ODD + FATAL)
        if min(odds.values(), default=0) < 0 or sum(odds.values()) > 1:
            raise UsageError(f"odds {dict(odds)}: each is at least 0, and all at most 1 together")

    def drawn(self, number: int, key: str, attempt: int) -> str | None:
        """The fault of call `number` (from 0), `attempt` (from 0) of the request `key`."""
        if number < len(self.schedule):
            return self.schedule[number]
        at = fraction(self.seed, "fault", key, attempt)
        for name, odds in (self.odds or {}).items():
            if at < odds:
                return name
            at -= odds
        return None

    def spoil(self, name: str, answer: Answer) -> Answer:
        """The answer after the fault."""
        if name == "rate_limit":
            return too_many(self.retry_after)
        if name == "hang":
            return Answer(wait=self.hang, ending="silent")
        return _SPOILED[name](answer)


@dataclass(frozen=True)
class Latency:
    """Seconds until an answer: `median`, log-normally spread with `sigma` (0: always it)."""

    median: float = 0.0
    sigma: float = 0.0
    seed: int = 0

    def drawn(self, key: str, attempt: int) -> float:
        """The wait of `attempt` (from 0) of the request `key`."""
        if not self.median or not self.sigma:
            return self.median
        at = fraction(self.seed, "latency", key, attempt)
        normal = NormalDist().inv_cdf(min(max(at, 1e-9), 1 - 1e-9))
        return self.median * math.exp(self.sigma * normal)


def fraction(*of: object) -> float:
    """A number from 0 to below 1 that these values always give, and no others alike."""
    digest = blake2b(repr(of).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def _said(content: str | None, finish: str) -> Spoil:
    def spoil(answer: Answer) -> Answer:
        choice = dict(answer.body["choices"][0], finish_reason=finish)
        if "message" in choice:
            choice["message"] = {"role": "assistant", "content": content}
        else:
            choice["text"] = content
        return replace(answer, body={**answer.body, "choices": [choice]})

    return spoil


def _counted(usage: Mapping[str, Any] | None) -> Spoil:
    return lambda answer: replace(answer, body={**answer.body, "usage": usage})


def _usage(prompt: int, completion: int) -> dict[str, int]:
    total = prompt + completion
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}


_SPOILED: dict[str, Spoil] = {
    "rate_limit_bare": lambda _: error(429, "Too many requests"),
    "error_500": lambda _: error(500, "The server had an error"),
    "error_503": lambda _: error(503, "Overloaded"),
    "reset": lambda answer: replace(answer, ending="reset"),
    "half_body": lambda answer: replace(answer, ending="half"),
    "invalid_json": lambda answer: replace(answer, body=b'{"choices": [{"message": '),
    "empty_choices": lambda answer: replace(answer, body={**answer.body, "choices": []}),
    "null_content": _said(None, "stop"),
    "content_filter": _said("", "content_filter"),
    "context_too_long": lambda _: error(400, LONG, code="context_length_exceeded"),
    "usage_missing": _counted(None),
    "usage_negative": _counted(_usage(-3, -7)),
    "usage_absurd": _counted(_usage(10**9, 10**12)),
    "quota": lambda _: error(429, "You exceeded your current quota", code="insufficient_quota"),
    "auth": lambda _: error(401, "Incorrect API key provided", code="invalid_api_key"),
}
