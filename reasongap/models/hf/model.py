"""Checkpoints behind the model seam."""

from __future__ import annotations

import time

from reasongap.domain import Completion, Request, Usage
from reasongap.models.hf.engine import Engine, Source
from reasongap.models.response import spoken
from reasongap.models.seam import ModelSpec


class CheckpointModel:
    """A checkpoint that transformers runs in this process, chat or base form.

    Calls in flight at once are answered in batches, so a reply may differ in close calls from
    one that was generated alone. Several models share an engine, and so the memory of one.
    """

    def __init__(self, spec: ModelSpec, source: Source, engine: Engine) -> None:
        self.spec = spec
        self._source, self._engine = source, engine

    def __repr__(self) -> str:
        return f"CheckpointModel({self.spec.name!r})"

    async def complete(self, request: Request) -> Completion:
        """One reply; see `Model.complete` for what is raised."""
        request, started = self.spec.fill(request), time.perf_counter()
        reply = await self._engine.generate(self._source, self.spec.name, request)
        return Completion(
            request,
            spoken(reply.text) if self.spec.form == "chat" else reply.text,
            reply.finish_reason,
            Usage(reply.prompt_tokens, reply.tokens),
            cost=0.0,
            seconds=time.perf_counter() - started,
            model=self.spec.name.removeprefix("hf/"),
            dropped=("reasoning_effort",) if request.reasoning_effort else (),
        )

    async def aclose(self) -> None:
        """Give back the memory."""
        await self._engine.unload(self._source)
