"""The reply cache: every reply that arrived is on disk before anything is done with it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import anyio
from pydantic import TypeAdapter

from reasongap.domain import Completion, Request
from reasongap.errors import BadFile, ModelError
from reasongap.models.seam import Model, ModelSpec

_COMPLETION = TypeAdapter(Completion)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS replies (
  key TEXT PRIMARY KEY, model TEXT NOT NULL, reply TEXT NOT NULL, arrived REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS intents (
  key TEXT NOT NULL, model TEXT NOT NULL, sent REAL NOT NULL, settled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS open_intents ON intents (key) WHERE settled = 0;
"""


def cache_key(spec: ModelSpec, request: Request, repeat: int) -> str:
    """What makes a reply reusable: endpoint, form, model, prompt, sampling, sample and repeat."""
    endpoint = (spec.name, spec.api_base, spec.form, spec.weights)
    text = json.dumps([endpoint, asdict(request), repeat], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class ReplyCache:
    """Replies by key in one SQLite file (WAL), which several processes may share.

    An intent is written before a request is sent and settled by its reply or its failure;
    one that stays open belongs to a call that a kill cut off and that may have been paid.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise BadFile(
                str(path),
                f"the reply cache cannot be opened ({error})",
                "Mend it, or keep the cache elsewhere: XDG_CACHE_HOME names where",
            ) from error
        self.path = path

    def get(self, key: str) -> Completion | None:
        """The reply under this key, or None."""
        row = self._db.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
        return _COMPLETION.validate_json(row[0]) if row else None

    def intend(self, key: str, model: str) -> int:
        """Write down that a request is about to be sent; returns the intent's number."""
        done = self._db.execute(
            "INSERT INTO intents (key, model, sent) VALUES (?, ?, ?)", (key, model, time.time())
        )
        assert done.lastrowid is not None
        return done.lastrowid

    def settle(self, intent: int, key: str = "", reply: Completion | None = None) -> None:
        """Close an intent, in one transaction with the reply that it brought, if any."""
        self._db.execute("BEGIN IMMEDIATE")
        if reply is not None:
            self._db.execute(
                "INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?)",
                (key, reply.model, _COMPLETION.dump_json(reply).decode(), time.time()),
            )
        self._db.execute("UPDATE intents SET settled = 1 WHERE rowid = ?", (intent,))
        self._db.execute("COMMIT")

    def possibly_paid_twice(self) -> int:
        """Calls that were sent, never answered, and sent again or open still."""
        row = self._db.execute("SELECT count(*) FROM intents WHERE settled = 0").fetchone()
        return int(row[0])

    def close(self) -> None:
        """Close the file."""
        self._db.close()


@dataclass
class CachedModel:
    """A model that asks the cache first and fills it.

    `read` False skips reading (`--no-cache`); replies are still committed. The same
    request in flight twice is sent once. `repeat` keeps the replies of a repeated
    question apart, and is added to the seed. `hits` counts the answers that cost nothing.
    """

    model: Model
    cache: ReplyCache
    repeat: int = 0
    read: bool = True
    hits: int = 0
    _locks: defaultdict[str, anyio.Lock] = field(default_factory=lambda: defaultdict(anyio.Lock))

    @property
    def spec(self) -> ModelSpec:
        """That of the model behind."""
        return self.model.spec

    async def complete(self, request: Request) -> Completion:
        """The cached reply, or a fresh one, committed before it is returned."""
        request = self.spec.fill(request)
        if request.seed is not None:
            request = replace(request, seed=request.seed + self.repeat)
        key = cache_key(self.spec, request, self.repeat)
        async with self._locks[key]:
            if self.read and (known := self.cache.get(key)):
                self.hits += 1
                return known
            return await self._ask(key, request)

    async def _ask(self, key: str, request: Request) -> Completion:
        intent = self.cache.intend(key, self.spec.name)
        try:
            reply = await self.model.complete(request)
        except ModelError:
            self.cache.settle(intent)
            raise
        self.cache.settle(intent, key, reply)
        return reply

    async def aclose(self) -> None:
        """Close the model behind; the cache is its owner's."""
        await self.model.aclose()
