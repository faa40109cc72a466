"""How many calls an endpoint gets at once: found out from what it answers."""

from __future__ import annotations

import random
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from reasongap.models.seam import ModelSpec
from reasongap.runs.events import Emit, Paced, silent

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

LOCAL = ("local/", "hf/")
"""What the names of models that share this machine's processors begin with."""
START = 8
LONGEST = 60.0
"""Seconds: the longest wait that is not the provider's own wish."""
REMEMBERED = 1000


@dataclass
class Pace:
    """Turns to call one endpoint, at most `limit` of them at once.

    The limit begins at `start`. It grows only while it is what holds calls back: by one
    each success until the first 429, then by one each `limit` successes; a failure of the
    server stops growth until `limit` calls have succeeded. A 429 halves it and pauses the
    whole endpoint, as long as the provider asks, else up to 1, 2, 4 … seconds while nothing
    succeeds. What is told of a call sent before the last halving changes nothing but the
    pause: many 429s at once are one episode. (The window of a TCP sender: RFC 5681.)

    `reached` says that some call had a connection, whatever came of it.

    `history` holds the changes, growth in a row as one. Hand in `clock`, `sleep` and `rng`
    to test without waiting; `wall` is the Unix time of the history.
    """

    endpoint: str
    most: int
    start: int = START
    emit: Emit = silent
    clock: Clock = time.monotonic
    sleep: Sleep = anyio.sleep
    rng: random.Random = field(default_factory=random.Random)
    wall: Clock = time.time

    def __post_init__(self) -> None:
        self.history: deque[Paced] = deque(maxlen=REMEMBERED)
        self.reached = False
        self._turns = anyio.CapacityLimiter(min(self.start, self.most))
        self._episode = 0
        self._episodes_in_a_row = 0
        self._climbing = True
        self._successes = 0
        self._resumes = self.clock()
        self._tell("start")

    @property
    def limit(self) -> int:
        """Calls that may be under way now."""
        return int(self._turns.total_tokens)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[int]:
        """A turn, waited for; its value is to be handed back with the news of the call."""
        async with self._turns:
            while (wait := self._resumes - self.clock()) > 0:
                await self.sleep(wait)
            yield self._episode

    def succeeded(self, turn: int) -> None:
        """The call was answered. Say so, as all news, before the turn ends."""
        if turn != self._episode:
            return
        self._episodes_in_a_row = 0
        if self._turns.borrowed_tokens < self.limit or self.limit >= self.most:
            return
        self._successes += 1
        if self._successes >= (1 if self._climbing else self.limit):
            self._successes = 0
            self._turns.total_tokens = self.limit + 1
            self._tell("grew")

    def failed(self) -> None:
        """The server or the line failed."""
        self._successes = -self.limit

    def limited(self, turn: int, wait: float | None) -> None:
        """The provider answered 429, and asks to wait so many seconds, or does not say."""
        pause = wait or 0.0
        if turn == self._episode:
            self._episode += 1
            self._episodes_in_a_row += 1
            if wait is None or self._episodes_in_a_row > 1:
                pause = max(pause, self.jittered(self._episodes_in_a_row - 1))
            self._climbing, self._successes = False, 0
            self._turns.total_tokens = max(1, min(self._turns.borrowed_tokens, self.limit) // 2)
            self._tell(f"429, pause of {pause:.3g} s")
        self._resumes = max(self._resumes, self.clock() + pause)

    def jittered(self, failures: int) -> float:
        """Seconds to wait after a failure: anything up to 1, 2, 4 … by the number before it.

        The whole range is used, so that calls that failed together do not return together.
        """
        return self.rng.uniform(0, min(LONGEST, 2.0**failures))

    def _tell(self, why: str) -> None:
        change = Paced(self.endpoint, self.limit, why, self.wall())
        if self.history and why == "grew" == self.history[-1].why:
            self.history.pop()
        self.history.append(change)
        self.emit(change)


def paces_of(specs: Sequence[ModelSpec], most: int, emit: Emit = silent) -> list[Pace]:
    """The pace of each model, the same one for models of one endpoint: provider and address.

    `most` calls at once, fewer where a model of the endpoint asks for fewer. An engine in
    this process never answers 429: it gets what it serves from the start.
    """
    allowed: defaultdict[tuple[str, str | None], int] = defaultdict(lambda: most)
    for spec in specs:
        allowed[_endpoint(spec)] = min(allowed[_endpoint(spec)], spec.connections or most)
    paces = {}
    for (provider, base), limit in allowed.items():
        start = limit if provider.startswith(LOCAL) else START
        name = f"{provider} at {base}" if base else provider
        paces[provider, base] = Pace(name, limit, start, emit)
    return [paces[_endpoint(spec)] for spec in specs]


def _endpoint(spec: ModelSpec) -> tuple[str, str | None]:
    local = spec.name.startswith(LOCAL)
    return spec.name if local else spec.name.partition("/")[0], spec.api_base
