"""The model seam: one coroutine from a request to a completion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Protocol, runtime_checkable

from reasongap.domain import Completion, Form, Request

Tier = Literal["low-cost", "high-cost"]
Tuning = Literal["base", "instruct", "math", "reasoning"]
Dtype = Literal["float32", "bfloat16", "float16"]


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model's name, what is known of it, and how it is asked.

    `size` counts parameters (135e6), `active_size` those used per token where that is
    fewer; None is unknown. `price` is dollars per million prompt and completion tokens,
    None to ask the provider library's table. `shots` is the number of exemplars that
    suits the model, None for the default of its form; `connections` the calls that it
    serves well at once. `weights` is a hash of local weights, part of the cache key.

    In chat form `system` puts the instructions into a system message, and `turns` shows
    each exemplar as a turn of the user's and one of the model's; else all is one user
    message. `reasoning_effort` is the provider's word for how long a model thinks.

    A checkpoint of a training run says which `series` it belongs to and at which `step`; one
    with a step and no series belongs to all, as the model before training does. `dtype` is
    torch's name for the kind of number that its weights are loaded as ("bfloat16"), None as
    they are stored.
    """

    name: str
    form: Form = "chat"
    family: str | None = None
    size: float | None = None
    active_size: float | None = None
    tier: Tier | None = None
    tuning: Tuning | None = None
    api_base: str | None = None
    price: tuple[float, float] | None = None
    temperature: float = 0.0
    max_tokens: int = 1024
    seed: int | None = None
    shots: int | None = None
    connections: int | None = None
    weights: str | None = None
    system: bool = False
    turns: bool = False
    reasoning_effort: str | None = None
    series: str | None = None
    step: int | None = None
    dtype: Dtype | None = None

    def fill(self, request: Request) -> Request:
        """The request with this model's settings wherever it left them open."""
        if None not in (request.temperature, request.max_tokens) and (
            (request.seed, request.reasoning_effort) == (self.seed, self.reasoning_effort)
        ):
            return request
        return replace(
            request,
            temperature=self.temperature if request.temperature is None else request.temperature,
            max_tokens=self.max_tokens if request.max_tokens is None else request.max_tokens,
            seed=self.seed if request.seed is None else request.seed,
            reasoning_effort=request.reasoning_effort or self.reasoning_effort,
        )

    @property
    def default_shots(self) -> int:
        """Exemplars to show when nobody chose: 8 in base form, none in chat form."""
        if self.shots is not None:
            return self.shots
        return 8 if self.form == "base" else 0


@runtime_checkable
class Model(Protocol):
    """A language model.

    `complete` sends one request (`spec.fill` it first) and returns one completion; a
    refusal is a completion whose finish reason is "refused", a reply cut by the limit one
    whose finish reason is "length". It raises the members of `errors.ModelError` and
    nothing else, does not retry, and may be called from many tasks at once. `aclose`
    frees what was started and may be called twice.
    """

    @property
    def spec(self) -> ModelSpec:
        """Its name, what is known of it, and how it is asked."""
        ...

    async def complete(self, request: Request) -> Completion:
        """One completion of one request."""
        ...

    async def aclose(self) -> None:
        """Free what was started."""
        ...
