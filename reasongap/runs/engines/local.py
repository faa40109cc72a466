"""The local engine: calls and programs of a study in this process and beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from reasongap.runs.engines.seam import Opened
from reasongap.runs.events import Emit
from reasongap.runs.opening import check, models_of, sandbox_of
from reasongap.runs.study import Study


@dataclass(frozen=True)
class LocalEngine:
    """One event loop, which is this one, and one pool of sandbox workers."""

    name = "local"

    @asynccontextmanager
    async def open(self, study: Study, emit: Emit) -> AsyncIterator[Opened]:
        """The study's models and its sandbox, closed in the end."""
        async with AsyncExitStack() as stack:
            sandbox = sandbox_of(study)
            stack.push_async_callback(sandbox.aclose)
            await check(sandbox)
            models = models_of(study, emit)
            for model in models:
                stack.push_async_callback(model.aclose)
            yield Opened(self.name, models, sandbox, sandbox.image)


HERE = LocalEngine()
