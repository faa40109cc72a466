"""A study's models and its sandbox where a crew does their work."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from reasongap.domain import Completion, Execution, Program, Request
from reasongap.errors import AuthFailed, SandboxUnavailable, WorkerGone
from reasongap.models.seam import ModelSpec
from reasongap.runs.engines.crew import Crew
from reasongap.runs.engines.worker import Call, Hello, Run
from reasongap.sandbox.seam import Limits

TRIES = 3
"""Workers that one program may take along before it is held against the sandbox."""


@dataclass(frozen=True)
class RemoteModel:
    """A model that workers call. `complete` raises `WorkerGone` too: nobody knows what came."""

    spec: ModelSpec
    crew: Crew

    async def complete(self, request: Request) -> Completion:
        """One completion, from whichever worker."""
        try:
            reply = await self.crew.ask(Call(self.spec.name, request))
        except AuthFailed as error:
            why = f"{error.why} (the environment is that of the workers: docs/running.md)"
            raise AuthFailed(error.model, why) from error
        assert isinstance(reply, Completion), "a call gives a completion"
        return reply

    async def aclose(self) -> None:
        """Nothing: the workers close theirs."""


@dataclass(frozen=True)
class RemoteSandbox:
    """The sandboxes of the workers, of which `hello` is true. A lost program runs elsewhere."""

    hello: Hello
    crew: Crew

    @property
    def name(self) -> str:
        """That of each of them."""
        return self.hello.sandbox

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        """What became of the program."""
        for _ in range(TRIES):
            with suppress(WorkerGone):
                reply = await self.crew.ask(Run(program, limits))
                assert isinstance(reply, Execution), "a program gives an execution"
                return reply
        raise SandboxUnavailable(f"{TRIES} workers were lost while they ran one program")

    def layers(self) -> tuple[str, ...]:
        """Isolation layers that all of them have."""
        return self.hello.layers

    async def aclose(self) -> None:
        """Nothing: the workers close theirs."""
