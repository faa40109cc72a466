"""A model that gives the replies of a record once more: to grade again what was paid for."""

from __future__ import annotations

from collections import defaultdict, deque

from reasongap.domain import Completion, Record, Request
from reasongap.errors import ModelError
from reasongap.models.seam import ModelSpec
from reasongap.runs.cached_model import filled


class NotRecorded(ModelError):
    """A strategy asks now what it did not ask when the record was made."""


class ReplayModel:
    """The model of a record: each request gets the replies that it got then, in their order."""

    def __init__(self, spec: ModelSpec, record: Record) -> None:
        self.spec = spec
        self._repeat = record.key.repeat
        self._replies: defaultdict[Request, deque[Completion]] = defaultdict(deque)
        for reply in record.solution.completions:
            self._replies[reply.request].append(reply)

    async def complete(self, request: Request) -> Completion:
        """The recorded reply, the last one for ever. Raises `NotRecorded`."""
        replies = self._replies.get(filled(request, self.spec, self._repeat))
        if not replies:
            raise NotRecorded(self.spec.name, "the record holds no reply to this prompt")
        return replies.popleft() if len(replies) > 1 else replies[0]

    async def aclose(self) -> None:
        """Nothing to free."""
