"""The reply cache: every reply that arrived is on disk before anything is done with it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from reasongap.domain import Completion, Message, Request
from reasongap.errors import DiskFailed
from reasongap.models.seam import ModelSpec
from reasongap.runs.processes import is_alive, this_process

_COMPLETION = TypeAdapter(Completion)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS reply (
  key TEXT NOT NULL, run TEXT NOT NULL, model TEXT NOT NULL, text TEXT NOT NULL,
  digest BLOB NOT NULL, arrived REAL NOT NULL, PRIMARY KEY (key, run)
);
CREATE TABLE IF NOT EXISTS call (
  key TEXT NOT NULL, run TEXT NOT NULL, model TEXT NOT NULL, sent REAL NOT NULL,
  process TEXT NOT NULL
);
"""


def cache_key(spec: ModelSpec, request: Request, repeat: int) -> str:
    """What makes a reply reusable: endpoint, form, model, prompt, sampling, sample and repeat."""
    endpoint = (spec.name, spec.api_base, spec.form, spec.weights)
    asked = _fields(request)
    if request.reasoning_effort is None:
        del asked["reasoning_effort"]  # replies from before there was such a field keep their keys
    text = _ENCODER.encode([endpoint, asked, repeat])
    return hashlib.sha256(text.encode()).hexdigest()


def _fields(value: Request | Message) -> dict[str, Any]:
    """The fields by name; `asdict` copies them deeply, which costs as much as all the rest."""
    return {name: getattr(value, name) for name in value.__slots__}


_ENCODER = json.JSONEncoder(sort_keys=True, default=_fields)


@dataclass(frozen=True)
class CutOff:
    """A call that was sent and never answered: paid for perhaps, and then again when repeated.

    `key` is its cache key, `sent` Unix time.
    """

    key: str
    model: str
    sent: float


PATIENCE = 30.0
"""Seconds to wait for another process that uses the file."""

PAGES = 4_000
"""Pages of 4 KB that gather in the log before they go to their places, which waits for the disk."""


class ReplyCache:
    """Replies by key in one SQLite file (WAL), which several processes may share.

    A call is written down before it is sent, and removed with its reply or its failure; one
    whose process ended meanwhile was cut off. Replies are kept for each `run` that asked for
    them. A commit survives the end of the process at any moment; after a loss of power the
    last seconds may be missing (`synchronous=NORMAL`), and the journal has them if synced.

    What goes wrong with the file raises `DiskFailed`, but a reply that cannot be kept is no
    reason to lose it: the next call raises instead.
    """

    def __init__(self, path: Path, run: str = "") -> None:
        self.path, self.run = path, run
        self._process = this_process()
        self._failed: sqlite3.Error | None = None
        with self._explained("opened"):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
            _prepare(self._db)

    def get(self, key: str, *, of_run: bool = False) -> Completion | None:
        """The reply under this key: this run's own, else, unless `of_run`, the latest one."""
        with self._explained("read"):
            rows = self._db.execute(
                "SELECT text, digest FROM reply WHERE key = ? AND (run = ? OR NOT ?) "
                "ORDER BY run = ? DESC, rowid DESC LIMIT 1",
                (key, self.run, of_run, self.run),
            )
            row = rows.fetchone()
            return None if row is None else read_reply(*row)

    def intend(self, key: str, model: str) -> int:
        """Write down that a call is about to be sent; returns its number."""
        with self._explained("written"):
            if self._failed is not None:
                raise self._failed
            done = self._db.execute(
                "INSERT INTO call VALUES (?, ?, ?, ?, ?)",
                (key, self.run, model, time.time(), self._process),
            )
        assert done.lastrowid is not None
        return done.lastrowid

    def keep(self, call: int, key: str, model: str, reply: Completion) -> None:
        """Keep the reply that a call brought, and close the call, in one transaction."""
        text = _COMPLETION.dump_json(reply).decode()
        row = (key, self.run, model, text, _digest(text), time.time())
        try:
            with self._db:
                self._db.execute("BEGIN IMMEDIATE")
                self._db.execute("INSERT OR REPLACE INTO reply VALUES (?, ?, ?, ?, ?, ?)", row)
                self._db.execute("DELETE FROM call WHERE rowid = ?", (call,))
        except sqlite3.Error as error:
            self._failed = error

    def close_call(self, call: int) -> None:
        """Close a call that brought no reply."""
        with self._explained("written"):
            self._db.execute("DELETE FROM call WHERE rowid = ?", (call,))

    def cut_off(self, call: int) -> None:
        """Mark a call that nobody waits for any more."""
        with self._explained("written"):
            self._db.execute("UPDATE call SET process = '' WHERE rowid = ?", (call,))

    def calls_cut_off(self, *, every_run: bool = False) -> list[CutOff]:
        """The calls of this run (or of every one) that were cut off, oldest first."""
        with self._explained("read"):
            rows = self._db.execute(
                "SELECT key, model, sent, process FROM call WHERE run = ? OR ? ORDER BY rowid",
                (self.run, every_run),
            ).fetchall()
        alive = {process: is_alive(process) for process in {row[3] for row in rows}}
        return [CutOff(*row[:3]) for row in rows if not alive[row[3]]]

    def ask(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows that a statement gives, in a transaction of its own."""
        with self._explained("used"):
            return self._db.execute(statement, values).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error, ValidationError, Damaged) as error:
            why = "a reply in it is damaged" if isinstance(error, ValidationError) else str(error)
            raise DiskFailed(
                str(self.path),
                f"the reply cache cannot be {what} ({why})",
                "If the disk is full, free some space; if the file is damaged, `reasongap cache "
                "mend` keeps what can be read; XDG_CACHE_HOME names another place for it",
            ) from error


def _prepare(db: sqlite3.Connection) -> None:
    """Make a connection ready, and the tables of a new file.

    SQLite waits for another process with everything but the step to WAL: where two open a new
    file at once, one is told at once that it is locked.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute(f"PRAGMA wal_autocheckpoint={PAGES}")
    db.executescript(_SCHEMA)


class Damaged(ValueError):
    """A reply does not have the digest that it was kept under."""


def read_reply(text: str, digest: bytes) -> Completion:
    """The reply of a row. Raises `Damaged` and pydantic's `ValidationError`."""
    if _digest(text) != digest:
        raise Damaged("a reply in it is damaged")
    return _COMPLETION.validate_json(text)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()
