"""Requests on the terminal: the texts to the letter on stdout, all about them on stderr."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

from reasongap.domain import Request
from reasongap.report.terminal import shown
from reasongap.runs.first_calls import FirstCalls


def print_calls(calls: Sequence[FirstCalls]) -> None:
    """Print every first call: who asks and how on stderr, what is sent on stdout."""
    for call in calls:
        question = call.question
        place = f"{call.strategy} · {question.composition} · {question.setting}"
        for request, times in _counted(call.requests):
            head = f"--- {place}{f' · {times} samples' if times > 1 else ''}"
            print(shown(head, sys.stderr), file=sys.stderr)
            print(f"    {_settings(request)}", file=sys.stderr, flush=True)
            print(shown(_text(request)), flush=True)


def _text(request: Request) -> str:
    if request.prompt is not None:
        return request.prompt
    if len(request.messages) == 1:
        return request.messages[0].content
    return "\n\n".join(f"[{message.role}]\n{message.content}" for message in request.messages)


def _settings(request: Request) -> str:
    told = [
        _form(request),
        f"temperature {request.temperature:g}" if request.temperature is not None else "",
        f"at most {request.max_tokens} tokens" if request.max_tokens is not None else "",
        f"seed {request.seed}" if request.seed is not None else "",
        f"reasoning effort {request.reasoning_effort}" if request.reasoning_effort else "",
        f"stops at {', '.join(map(repr, request.stop))}" if request.stop else "",
    ]
    return ", ".join(filter(None, told))


def _form(request: Request) -> str:
    if request.prompt is not None:
        return "base form"
    return f"chat form ({', '.join(message.role for message in request.messages)})"


def _counted(requests: Sequence[Request]) -> list[tuple[Request, int]]:
    """Requests that differ in more than sample and seed, each with how often it goes out."""
    counts: dict[Request, list[Request]] = {}
    for request in requests:
        counts.setdefault(replace(request, sample=0, seed=None), []).append(request)
    return [(same[0], len(same)) for same in counts.values()]
