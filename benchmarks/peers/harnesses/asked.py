"""What the bare loops share: the questions, and so many of them at a time."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

Ask = Callable[[str, str], Awaitable[str]]
"""Sends a question to the server at an address, and gives the reply's text."""

CONNECTIONS = 64


def named() -> tuple[list[str], str]:
    """The questions of the file that the command line names, and the server's address."""
    path, url = sys.argv[1:3]
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines], url


async def ask_all(ask: Ask) -> None:
    """Ask every question of the command line's file, of its server."""
    questions, url = named()
    waiting = iter(questions)
    replies: list[str] = []

    async def worker() -> None:
        for question in waiting:
            replies.append(await ask(url, question))

    await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))
    assert len(replies) == len(questions), "a question has no reply"
    assert all(replies), "a reply is empty"
