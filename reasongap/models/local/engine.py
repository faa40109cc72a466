"""llama.cpp in this process: one model, loaded on first use, generating on the CPU."""

from __future__ import annotations

import importlib.util
import os
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import anyio
import anyio.to_thread

from reasongap.errors import BadRequest, ContextTooLong, MissingExtra, Transient, UnknownModel

PLAIN = {"top_k": 0, "top_p": 1.0, "min_p": 0.0, "cache_prompt": True}
"""Temperature alone shapes sampling, as with a provider; a shared prefix is evaluated once."""

CONTEXT = 8192
"""Tokens of prompt and reply together: 8 long exemplars and a long answer fit."""


@dataclass(frozen=True, slots=True)
class Generated:
    """One reply of the engine; `cached_tokens` of the prompt were not evaluated again."""

    text: str
    finish_reason: Literal["stop", "length"]
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int


def default_threads() -> int:
    """Threads that generate fastest on a machine that also does other work.

    Half of the logical processors: the physical cores under hyperthreading. On two shared
    cores, two threads wait for each other and are several times slower than one.
    """
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, (count or 2) // 2)


def require_engine(purpose: str) -> None:
    """Nothing, or `MissingExtra` where xllamacpp is not installed."""
    if importlib.util.find_spec("xllamacpp") is None:
        raise MissingExtra("local", f"running {purpose} in this process")


class Engine:
    """A model file under llama.cpp, through xllamacpp (the extra `local`).

    `slots` calls are served at once and the others wait in line. Temperature 0 is greedy,
    and nearly reproducible with one slot: a prefix evaluated in other portions can tip a
    close call between two words, and slots evaluated together do so more often.
    `context` is the longest prompt and reply of one slot together, in tokens. `cache` is
    the memory in bytes that keeps evaluated prefixes: the exemplars of several strategies
    stay in it side by side, so that asking them in turn costs nothing.
    """

    def __init__(
        self,
        weights: Path,
        *,
        name: str | None = None,
        threads: int | None = None,
        slots: int = 1,
        context: int = CONTEXT,
        cache: int = 2**30,
    ) -> None:
        require_engine(weights.name)
        self.weights, self.name = weights, name or f"local/{weights}"
        self.threads, self.slots = threads or default_threads(), slots
        self.context, self.cache = context, cache
        self._server: Any = None
        self._loading = threading.Lock()
        self._line = anyio.CapacityLimiter(slots)

    async def complete(self, body: dict[str, Any], *, chat: bool, seconds: float) -> Generated:
        """The reply to `body` (OpenAI's shape: messages or prompt, stop, max_tokens …).

        The clock of `seconds` starts when a slot is free. A cancelled call stops at its
        next token. Raises `ContextTooLong`, `BadRequest`, `Transient`, and `UnknownModel`
        for a file that llama.cpp cannot load.
        """
        async with self._line:
            abandoned = threading.Event()
            try:
                with anyio.fail_after(seconds):
                    return await anyio.to_thread.run_sync(
                        self._generate, {**PLAIN, **body}, chat, abandoned, abandon_on_cancel=True
                    )
            except TimeoutError as error:
                raise Transient(self.name, f"no whole reply within {seconds:g} s") from error
            finally:
                abandoned.set()

    async def aclose(self) -> None:
        """Unload the model; the next call would load it again."""
        await anyio.to_thread.run_sync(self._unload)

    def _generate(self, body: dict[str, Any], chat: bool, abandoned: threading.Event) -> Generated:
        server, chunks = self._loaded(), []

        def keep(chunk: dict[str, Any]) -> bool:
            chunks.append(chunk)
            return abandoned.is_set()

        body = {**body, "stream": True, "stream_options": {"include_usage": True}}
        (server.handle_chat_completions if chat else server.handle_completions)(body, keep)
        return self._gather(chunks)

    def _gather(self, chunks: list[dict[str, Any]]) -> Generated:
        text, finish, usage = [], None, None
        for chunk in chunks:
            if error := chunk.get("error"):
                too_long = error.get("type") == "exceed_context_size_error"
                raise (ContextTooLong if too_long else BadRequest)(self.name, error["message"])
            for choice in chunk["choices"]:
                text.append(choice.get("text") or choice.get("delta", {}).get("content") or "")
                finish = choice["finish_reason"] or finish
            usage = chunk.get("usage") or usage
        if finish is None or usage is None:
            raise Transient(self.name, "the reply broke off")
        cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens", 0)
        return Generated(
            "".join(text), finish, usage["prompt_tokens"], usage["completion_tokens"], cached
        )

    def _loaded(self) -> Any:
        with self._loading:
            if self._server is None:
                self._server = self._load()
            return self._server

    def _load(self) -> Any:
        import xllamacpp

        llama: Any = xllamacpp  # it has no types
        params = llama.CommonParams()
        params.model.path = str(self.weights)
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self.threads
        params.n_parallel, params.n_ctx = self.slots, self.context * self.slots
        params.cache_ram_mib = self.cache // 2**20
        params.verbosity = -1
        # It also listens on a loopback port: nobody else on the machine may use it.
        params.api_keys, params.ui = [secrets.token_hex()], False
        try:
            return llama.Server(params)
        except RuntimeError as error:
            why = (
                f"llama.cpp cannot load {self.weights}: is it a GGUF file, whole, of a known kind?"
            )
            raise UnknownModel(self.name, why) from error

    def _unload(self) -> None:
        with self._loading:
            self._server = None
