"""A model that asks the reply cache first, and fills it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import anyio
from anyio.lowlevel import checkpoint

from reasongap.domain import Completion, Request
from reasongap.errors import ReasongapError, Transient, WorkerGone
from reasongap.models.seam import Model, ModelSpec
from reasongap.runs.cache import ReplyCache, cache_key

MOST_LOST = 2
"""Workers that may be lost with a call before it is given up."""


@dataclass
class CachedModel:
    """A model behind the cache: a reply is kept before it is used, and an error never is.

    `read` False (`--no-cache`) takes no reply of another run; this run's own are used, so
    that going on with it pays for nothing twice. The same request in flight twice is sent
    once, and again where its worker is lost with it: the lost one is listed as cut off.
    `repeat` keeps the replies of a repeated question apart, and is added to the seed.
    `hits` counts the answers that cost nothing.
    """

    model: Model
    cache: ReplyCache
    repeat: int = 0
    read: bool = True
    hits: int = 0
    _asked: dict[str, anyio.Event] = field(default_factory=dict)

    @property
    def spec(self) -> ModelSpec:
        """That of the model behind."""
        return self.model.spec

    async def complete(self, request: Request) -> Completion:
        """The cached reply, or a fresh one, committed before it is returned."""
        spec = self.spec
        request = filled(request, spec, self.repeat)
        key = cache_key(spec, request, self.repeat)
        while asked := self._asked.get(key):
            await asked.wait()
        if (known := self.cache.get(key, of_run=not self.read)) is None:
            asked = self._asked[key] = anyio.Event()
            try:
                return await self._ask(key, request)
            finally:
                del self._asked[key]
                asked.set()
        self.hits += 1
        await checkpoint()  # others get their turn, also where no call is ever waited for
        return known

    async def _ask(self, key: str, request: Request, lost: int = 0) -> Completion:
        call = self.cache.intend(key, self.spec.name)
        try:
            reply = await self.model.complete(request)
        except WorkerGone as error:
            self.cache.cut_off(call)
            if lost == MOST_LOST:
                raise Transient(self.spec.name, f"{lost + 1} workers were lost with it") from error
            return await self._ask(key, request, lost + 1)
        except ReasongapError:
            self.cache.close_call(call)
            raise
        except BaseException:
            self.cache.cut_off(call)
            raise
        if (text := storable(reply.text)) != reply.text:
            reply = replace(reply, text=text)
        self.cache.keep(call, key, self.spec.name, reply)
        return reply

    async def aclose(self) -> None:
        """Close the model behind; the cache is its owner's."""
        await self.model.aclose()


def filled(request: Request, spec: ModelSpec, repeat: int) -> Request:
    """The request as it leaves: with the model's settings, and the repeat's own seed."""
    request = spec.fill(request)
    return request if request.seed is None else replace(request, seed=request.seed + repeat)


def storable(text: str) -> str:
    """The text with "?" for lone surrogates, which some replies hold and no file can."""
    return text.encode("utf-8", "replace").decode()
