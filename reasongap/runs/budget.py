"""What a run may spend: each call is reserved at its most before it is sent, settled after."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import anyio

from reasongap.domain import Completion, Request
from reasongap.errors import (
    AuthFailed,
    BadFile,
    BadRequest,
    BudgetStop,
    ContextTooLong,
    QuotaGone,
    RateLimited,
    UnknownModel,
    Unreachable,
)
from reasongap.models.seam import Model, ModelSpec
from reasongap.runs.events import Emit, Paid
from reasongap.runs.writing import told

NAME = "spending.json"
UNPAID = (
    *(AuthFailed, BadRequest, ContextTooLong, QuotaGone, RateLimited, UnknownModel),
    Unreachable,
)
"""Failures at the provider's door: nothing was generated, so nothing is billed."""
PER_MESSAGE = 16
"""Tokens that a chat template may put around a message."""
_LINE = 512

Price = tuple[float, float]
"""Dollars per million tokens of prompts and of replies."""
FREE: Price = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Amount:
    """Dollars, and tokens of replies."""

    dollars: float = 0.0
    tokens: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.dollars + other.dollars, self.tokens + other.tokens)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.dollars - other.dollars, self.tokens - other.tokens)


NOTHING = Amount()


@dataclass(frozen=True, slots=True)
class Spending:
    """What the calls of a run's folder took, over all its sittings.

    `paid` is what replies cost. `doubtful` are calls that broke off, which may or may not be
    billed, and `in_flight` those that are under way: both at the most that they may cost.
    """

    paid: Amount = NOTHING
    doubtful: Amount = NOTHING
    in_flight: Amount = NOTHING

    @property
    def most(self) -> Amount:
        """All of it."""
        return self.paid + self.doubtful + self.in_flight


def read_spending(folder: Path) -> Spending:
    """What a run's folder says was spent; calls that a kill cut off count as doubtful.

    Raises `BadFile`.
    """
    path = folder / NAME
    try:
        text = path.read_text(encoding="utf-8")
        rows = json.loads(text or "{}")  # a disk that was full may leave it empty
        found = Spending(**{name: Amount(**row) for name, row in rows.items()})
    except (FileNotFoundError, NotADirectoryError):
        return Spending()
    except (OSError, ValueError, TypeError, AttributeError) as error:
        remedy = "Remove it to count from 0, or write the numbers back"
        raise BadFile(str(path), f"does not say what was spent ({error})", remedy) from error
    return Spending(found.paid, found.doubtful + found.in_flight)


def _line(spending: Spending) -> bytes:
    """What was spent, as JSON of one length. Spelled out: it is written twice for every call."""
    amounts = (spending.paid, spending.doubtful, spending.in_flight)
    paid, doubtful, in_flight = ({"dollars": one.dollars, "tokens": one.tokens} for one in amounts)
    row = {"paid": paid, "doubtful": doubtful, "in_flight": in_flight}
    return json.dumps(row).ljust(_LINE - 1).encode() + b"\n"


@dataclass
class Budget:
    """What a run's calls may take: `dollars` and `tokens` of replies, None without limit.

    What was spent is on disk before a call is sent, so that a kill forgets nothing: one
    small file in `folder`, overwritten in place.
    """

    folder: Path
    emit: Emit
    dollars: float | None = None
    tokens: int | None = None
    _calls: int = 0
    _file: int | None = None
    _settled: anyio.Event | None = None

    def __post_init__(self) -> None:
        self.spending = read_spending(self.folder)
        self._path = self.folder / NAME

    async def reserve(self, most: Amount) -> None:
        """Set aside the most that a call may take, waiting for calls in flight to make room.

        Raises `BudgetStop` where there is no room even with nothing in flight.
        """
        while (stop := self._lacking(most)) is not None:
            if not self._calls:
                raise stop
            self._settled = self._settled or anyio.Event()
            await self._settled.wait()
        self._calls += 1
        old = self.spending
        self._note(Spending(old.paid, old.doubtful, old.in_flight + most))

    def settle(self, most: Amount, paid: Amount, doubtful: Amount) -> None:
        """Turn what was reserved into what the call took."""
        self._calls -= 1
        old = self.spending
        left = old.in_flight - most if self._calls else NOTHING
        self._note(Spending(old.paid + paid, old.doubtful + doubtful, left))
        if self._settled is not None:
            self._settled.set()
            self._settled = None

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _lacking(self, most: Amount) -> BudgetStop | None:
        if self.dollars is None and self.tokens is None:
            return None
        spent = self.spending.most
        if self.dollars is not None and spent.dollars + most.dollars > self.dollars:
            return BudgetStop("$", self.dollars, spent.dollars, most.dollars)
        if self.tokens is not None and spent.tokens + most.tokens > self.tokens:
            return BudgetStop("tokens", self.tokens, spent.tokens, most.tokens)
        return None

    def _note(self, spending: Spending) -> None:
        self.spending = spending
        with told(self._path):
            if self._file is None:
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o644)
            os.pwrite(self._file, _line(spending), 0)


@dataclass(frozen=True)
class BudgetedModel:
    """A model whose every call, also one tried again, is paid out of a budget.

    `prices` holds what models cost by name; where it lacks one, only a reply may tell.
    """

    model: Model
    budget: Budget
    prices: Mapping[str, Price | None]

    @property
    def spec(self) -> ModelSpec:
        """That of the model behind."""
        return self.model.spec

    async def complete(self, request: Request) -> Completion:
        """The reply, once the budget has room for it. Raises `BudgetStop` too."""
        most = self.most(self.spec.fill(request))
        await self.budget.reserve(most)
        paid, doubtful = NOTHING, most
        try:
            reply = await self.model.complete(request)
            paid, doubtful = self._paid(reply, most), NOTHING
        except UNPAID:
            doubtful = NOTHING
            raise
        finally:
            self.budget.settle(most, paid, doubtful)
        return reply

    def most(self, request: Request) -> Amount:
        """The most that a call may take: no token is shorter than a byte of the prompt."""
        texts = [request.prompt or "", *(message.content for message in request.messages)]
        prompt = sum(len(text.encode()) + PER_MESSAGE for text in texts)
        return self._priced(prompt, request.max_tokens or self.spec.max_tokens)

    def _paid(self, reply: Completion, most: Amount) -> Amount:
        usage, dollars = reply.usage, reply.cost
        tokens = most.tokens if usage.completion_tokens is None else usage.completion_tokens
        self.budget.emit(Paid(self.spec.name, dollars, tokens))
        return Amount(most.dollars if dollars is None else dollars, tokens)

    def _priced(self, prompt: int, reply: int) -> Amount:
        price = self.prices.get(self.spec.name) or FREE
        return Amount((prompt * price[0] + reply * price[1]) / 1e6, reply)

    async def aclose(self) -> None:
        """Close the model behind; the budget is its owner's."""
        await self.model.aclose()
