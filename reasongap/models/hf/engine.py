"""One thread that generates for all checkpoints of a run, with one of them in memory."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from reasongap.domain import Request
from reasongap.errors import ModelError, UnknownModel
from reasongap.models.hf.checkpoint import Checkpoint
from reasongap.models.hf.decoding import Ask, Generated, answer
from reasongap.models.hf.network import Network

LINGER = 0.02
"""Seconds in which calls may join the next batch: what follows a reply arrives by then."""

JOIN = 4
"""Calls join a batch on its way once they would be one row in so many: laying it out costs."""


@dataclass(frozen=True, slots=True)
class Source:
    """What to load: a checkpoint with this digest, and the kind of number its weights are to be."""

    checkpoint: Checkpoint
    digest: str
    dtype: str | None = None

    def load(self, threads: int | None) -> Network:
        """The network in memory. Raises `UnknownModel` where its files have changed."""
        network = Network(self.checkpoint, dtype=self.dtype, threads=threads)
        if self.checkpoint.digest != self.digest:
            place = self.checkpoint.adapter or self.checkpoint.folder
            why = "its files changed since the run began: is it being trained? Start again"
            raise UnknownModel(str(place), why)
        return network


class Engine:
    """Checkpoints under transformers (the extra `hf`), one loaded at a time.

    Calls that wait for the same checkpoint are answered as one batch, and others join it on its
    way. The checkpoint that is loaded goes first; another takes its place when nobody waits for
    it any more. A cancelled call leaves its batch at the next token. `threads` compute on a
    CPU, by default one a core.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads
        self._thread = ThreadPoolExecutor(1, "reasongap-hf")
        self._waiting: list[tuple[Source, Ask]] = []
        self._changing = threading.Lock()
        self._loaded: tuple[Source, Network] | None = None

    async def generate(self, source: Source, name: str, request: Request) -> Generated:
        """The reply to a request. Raises the members of `ModelError`."""
        ask = Ask(name, request)
        with self._changing:
            self._waiting.append((source, ask))
        self._thread.submit(self._answer_next)
        return await asyncio.wrap_future(ask.reply)

    async def unload(self, source: Source) -> None:
        """Give back the memory of a checkpoint; the next call would load it again."""
        await asyncio.wrap_future(self._thread.submit(self._forget, source))

    def _answer_next(self) -> None:
        """Answer the next batch; nothing where an earlier one took all that waited."""
        time.sleep(LINGER)
        source, asks = self._next()
        if source is None:
            return
        name = asks[0].name

        def more(growing: int) -> list[Ask]:
            joining = self._joining(source, growing)
            asks.extend(joining)
            return joining

        try:
            answer(self._network(source), asks, more)
        except ModelError as error:
            failure: Exception = error
        except Exception as error:  # noqa: BLE001 (torch raises of every kind: who waits must know)
            failure = UnknownModel(name, _explained(error))
            failure.__cause__ = error
        else:
            return
        for ask in asks:
            ask.fail(failure)

    def _next(self) -> tuple[Source | None, list[Ask]]:
        """Whatever waits for one checkpoint: the loaded one, else the one waited for longest."""
        with self._changing:
            wanted = [source for source, ask in self._waiting if not ask.reply.done()]
            if not wanted:
                self._waiting.clear()
                return None, []
            loaded = self._loaded and self._loaded[0]
            source = loaded if loaded in wanted else wanted[0]
            return source, self._take(source)

    def _joining(self, source: Source, growing: int) -> list[Ask]:
        """Those who wait for the batch's checkpoint, once they are a fair part of it."""
        with self._changing:
            waiting = sum(own == source and not ask.reply.done() for own, ask in self._waiting)
            return self._take(source) if waiting * JOIN >= growing + waiting else []

    def _take(self, source: Source) -> list[Ask]:
        asks = [ask for own, ask in self._waiting if own == source and not ask.reply.done()]
        self._waiting = [(own, ask) for own, ask in self._waiting if own != source]
        return asks

    def _network(self, source: Source) -> Network:
        if self._loaded is None or self._loaded[0] != source:
            self._loaded = None
            self._loaded = source, source.load(self._threads)
        return self._loaded[1]

    def _forget(self, source: Source) -> None:
        if self._loaded and self._loaded[0] == source:
            self._loaded = None


def _explained(error: Exception) -> str:
    """What a failure of torch or transformers means for the user."""
    if type(error).__name__ == "OutOfMemoryError":
        return "out of memory. Ask fewer questions at once: --max-connections 4"
    lines = str(error).strip().splitlines()
    return (
        f"transformers cannot run it ({type(error).__name__}: {lines[0] if lines else 'no word'})"
    )
