"""Replies that grow side by side, until each has reached its own end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field

from reasongap.domain import FinishReason, Request
from reasongap.errors import BadRequest, ContextTooLong, ModelError
from reasongap.models.hf.network import Dice, Network

LONGEST = 1024
"""Tokens of a reply whose request sets no limit."""
MARGIN = 8
"""Tokens looked at beyond those that a stop text may take: it may begin inside one."""


@dataclass(frozen=True, slots=True)
class Generated:
    """One reply: `tokens` of it were generated, the one that ended it included."""

    text: str
    finish_reason: FinishReason
    prompt_tokens: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Ask:
    """A request to the model called `name`, and where its reply is awaited.

    Whoever does not wait any longer cancels the future.
    """

    name: str
    request: Request
    reply: Future[Generated] = field(default_factory=Future)

    def settle(self, reply: Generated) -> None:
        """Hand over the reply, unless nobody waits for it."""
        with suppress(InvalidStateError):
            self.reply.set_result(reply)

    def fail(self, error: Exception) -> None:
        """Hand over what went wrong, unless the reply is there or nobody waits for it."""
        with suppress(InvalidStateError):
            self.reply.set_exception(error)


More = Callable[[int], Sequence[Ask]]
"""Asks that may join so many replies that are growing, if any."""


def answer(network: Network, asks: Sequence[Ask], more: More = lambda growing: ()) -> None:
    """Settle every ask, and those that join, as soon as its reply ends.

    What nobody waits for any longer is dropped.
    """
    begun = _all_begun(network, asks)
    for together in [begun] if network.batches else [[one] for one in begun]:
        if together:
            _grow(network, together, more if network.joins else lambda growing: ())


def _grow(network: Network, growing: list[_Growing], more: More) -> None:
    batch = network.begin([each.prompt for each in growing])
    while True:
        temperatures = [each.ask.request.temperature or 0.0 for each in growing]
        chosen = batch.choose(temperatures, [each.dice for each in growing])
        for each, token in zip(growing, chosen, strict=True):
            each.take(token)
        left = [i for i, each in enumerate(growing) if not each.ask.reply.done()]
        if not left:
            return
        if len(left) < len(growing):
            batch.keep(left)
            growing = [growing[i] for i in left]
        batch.advance([each.tokens[-1] for each in growing])
        if fresh := _all_begun(network, more(len(growing))):
            batch.join(network.begin([each.prompt for each in fresh]))
            growing = [*growing, *fresh]


def _all_begun(network: Network, asks: Sequence[Ask]) -> list[_Growing]:
    """Those that can be met; prompts that begin alike stand side by side."""
    begun = [growing for ask in asks if (growing := _begun(network, ask))]
    return sorted(begun, key=lambda growing: growing.prompt)


def _begun(network: Network, ask: Ask) -> _Growing | None:
    """The reply before its first token; None where the request cannot be met."""
    try:
        prompt = network.encode(ask.request, ask.name)
        if not prompt:
            raise BadRequest(ask.name, "the prompt is empty")
        room = ask.request.max_tokens or LONGEST
        if network.context is not None:
            room = min(room, network.context - len(prompt))
        if room < 1:
            why = f"the prompt takes {len(prompt)} tokens, and {network.context} are all it reads"
            raise ContextTooLong(ask.name, why)
    except ModelError as error:
        ask.fail(error)
        return None
    return _Growing(network, ask, prompt, room)


class _Growing:
    """A reply in the making, of at most `room` tokens."""

    def __init__(self, network: Network, ask: Ask, prompt: list[int], room: int) -> None:
        self.ask, self.prompt, self.room = ask, prompt, room
        self.tokens: list[int] = []
        self.dice = Dice(ask.request.seed, prompt)
        self._network = network
        longest = max((len(stop.encode()) for stop in ask.request.stop), default=0)
        self._glance = longest + MARGIN

    def take(self, token: int) -> None:
        """One more token; settle where it is the last."""
        self.tokens.append(token)
        if token in self._network.ends:
            self._settle(self._text(self.tokens[:-1]), "stop")
        elif self._at_stop():
            text = self._text(self.tokens)
            self._settle(text[: self._stop_in(text)], "stop")
        elif len(self.tokens) == self.room:
            self._settle(self._text(self.tokens), "length")

    def _text(self, tokens: list[int]) -> str:
        return self._network.text(tokens, after=self.prompt[-1:])

    def _at_stop(self) -> bool:
        """Whether the latest tokens hold a stop text."""
        if not self.ask.request.stop:
            return False
        return self._stop_in(self._network.text(self.tokens[-self._glance :])) is not None

    def _stop_in(self, text: str) -> int | None:
        """Where the first stop text begins, None where none is there."""
        places = [place for stop in self.ask.request.stop if (place := text.find(stop)) >= 0]
        return min(places, default=None)

    def _settle(self, text: str, finish: FinishReason) -> None:
        self.ask.settle(Generated(text, finish, len(self.prompt), len(self.tokens)))
