"""Calls that wait their turn and are tried again: limits and retries around a model."""

from __future__ import annotations

from dataclasses import dataclass

from reasongap.domain import Completion, Request
from reasongap.errors import (
    EndpointDead,
    ModelError,
    QuotaGone,
    RateLimited,
    Transient,
    Unreachable,
)
from reasongap.models.seam import Model, ModelSpec
from reasongap.runs.events import Retried
from reasongap.runs.pace import Pace


@dataclass
class ThrottledModel:
    """A model that is called at its endpoint's `pace`, and again where that can help.

    A failure of the server is tried again after a jittered wait, until `tries` calls have
    failed; a 429 when the endpoint's pause is over; neither once `patience` seconds have
    passed since the first call. Raises `QuotaGone` where the provider asks for a longer wait
    than `patience`, and `EndpointDead` where the last try finds nobody, as every call of the
    endpoint so far.
    """

    model: Model
    pace: Pace
    tries: int = 5
    patience: float = 900.0

    @property
    def spec(self) -> ModelSpec:
        """That of the model behind."""
        return self.model.spec

    async def complete(self, request: Request) -> Completion:
        """One completion, or the last error once tries or patience are used up."""
        failures, until = 0, None
        last: ModelError
        while True:
            async with self.pace.turn() as turn:
                until = until or self.pace.clock() + self.patience
                try:
                    reply = await self.model.complete(request)
                except ModelError as error:
                    self.pace.reached |= not isinstance(error, Unreachable)
                    last, wait = error, 0.0
                    if isinstance(error, RateLimited):
                        self.pace.limited(turn, self._bearable(error))
                    elif isinstance(error, Transient):
                        self.pace.failed()
                        wait = self.pace.jittered(failures)
                        failures += 1
                    else:
                        raise
                else:
                    self.pace.reached = True
                    self.pace.succeeded(turn)
                    return reply
            if failures >= self.tries or self.pace.clock() + wait > until:
                if not self.pace.reached:
                    raise self._dead(last, failures) from last
                raise last
            self.pace.emit(Retried(self.spec.name, last.why))
            await self.pace.sleep(wait)

    def _dead(self, last: ModelError, failures: int) -> EndpointDead:
        return EndpointDead(
            self.spec.name,
            f"nobody answers: {last.why}, {failures} tries. Start the server, name the right "
            "address with --api-base, or look after the network; then go on",
        )

    def _bearable(self, error: RateLimited) -> float | None:
        wait = error.retry_after
        if wait is not None and wait > self.patience:
            why = f"the provider asks to wait {wait / 3600:.1f} h. Resume the run then"
            raise QuotaGone(self.spec.name, why) from error
        return wait

    async def aclose(self) -> None:
        """Close the model behind."""
        await self.model.aclose()
