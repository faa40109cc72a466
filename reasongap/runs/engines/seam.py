"""The engine seam: where the models of a study are called and its programs run."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from reasongap.models.seam import Model
from reasongap.runs.events import Emit
from reasongap.runs.study import Study
from reasongap.sandbox.seam import Sandbox


@dataclass(frozen=True)
class Opened:
    """The models of a study, in its order, and its sandbox, which runs programs already.

    `engine` is the engine's name, `image` the digest of the sandbox's container image, None
    where it has none.
    """

    engine: str
    models: Sequence[Model]
    sandbox: Sandbox
    image: str | None = None


class Engine(Protocol):
    """A way to carry out calls and programs.

    Called with a study, it gives its models and its sandbox for as long as the context
    lasts; whatever it started has ended with it. Cache, pace, budget, journal and the
    strategies themselves are the same for every engine, and stay with the caller: an engine
    sees a call when it is to be sent, and the caller sees its reply before anything else does.

    Raises `EnvironmentBroken` for what is lacking. A call or a program that is lost with the
    part of the engine that it was given to raises `WorkerGone`.
    """

    @property
    def name(self) -> str:
        """What manifests call it, and `open_engine` takes."""
        ...

    def open(self, study: Study, emit: Emit) -> AbstractAsyncContextManager[Opened]:
        """The study's models and sandbox."""
        ...
