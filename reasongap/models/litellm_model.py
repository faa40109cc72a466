"""Every model behind the seam, through LiteLLM: the one file that imports it."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from weakref import WeakSet

import anyio.to_thread

from reasongap.domain import Completion, Request
from reasongap.errors import ModelError, Transient, UnknownModel
from reasongap.models.failures import is_refusal, typed_error, unsupported_parameter
from reasongap.models.local.provider import LocalProvider
from reasongap.models.response import completion_of
from reasongap.models.seam import ModelSpec

if TYPE_CHECKING:
    from types import ModuleType

NO_KEY = "none"
"""Sent to a server at an address of the user's own, where no key is set: most want none."""


class Backend(Protocol):
    """What a provider of our own needs behind it, such as the embedded engine."""

    async def aclose(self) -> None:
        """Free what it holds."""


class LiteLLMModel:
    """A model that LiteLLM knows how to reach, chat or base form.

    `timeout` is the longest that a call may go without a word from the server, in seconds.
    `backend` is handed to the provider with every call, and closed with the model.

    No retries happen here. Parameters that the provider does not take are left out of the
    call and named in `Completion.dropped`. A price that LiteLLM does not know is None.
    """

    _open: ClassVar[WeakSet[LiteLLMModel]] = WeakSet()
    """Models that have called and are not closed: LiteLLM pools connections for all of them."""

    def __init__(
        self, spec: ModelSpec, *, timeout: float = 600, backend: Backend | None = None
    ) -> None:
        self.spec = spec
        self._timeout = timeout
        self._backend = backend
        self._litellm: Any = None
        self._call: dict[str, Any] = {}
        self._text_client: Any = None
        self._pool: Any = None
        self._refused: set[tuple[str, str]] = set()

    def __repr__(self) -> str:
        return f"LiteLLMModel({self.spec.name!r})"

    async def complete(self, request: Request) -> Completion:
        """One reply from the model; see `Model.complete` for what is raised."""
        request = self.spec.fill(request)
        if self not in self._open:
            self._litellm = await anyio.to_thread.run_sync(_litellm)
            self._open.add(self)
        litellm, options = self._litellm, _options(request)
        while True:
            kept = {n: v for n, v in options.items() if (n, repr(v)) not in self._refused}
            started = time.perf_counter()
            try:
                response = await self._send(litellm, request, kept)
                cost = response._hidden_params.get("response_cost")
                completion = completion_of(response, request, self.spec, cost)
            except litellm.exceptions.openai.OpenAIError as error:
                if refused := self._unsupported(litellm, error, kept):
                    self._refused |= {(name, repr(kept[name])) for name in refused}
                    continue
                if not is_refusal(error):
                    told = typed_error(error, self.spec.name, self._missing(litellm))
                    raise self._placed(told) from error
                completion = Completion(request, "", "refused")
            seconds = time.perf_counter() - started
            dropped = tuple(name for name in options if name not in kept)
            return replace(completion, seconds=seconds, dropped=dropped)

    def _placed(self, error: ModelError) -> ModelError:
        """The error, with the address where a failure of the line is one of a named server."""
        if isinstance(error, Transient) and self.spec.api_base:
            return type(error)(self.spec.name, f"{error.why} (at {self.spec.api_base})")
        return error

    async def aclose(self) -> None:
        """Close what this model started; the last one open closes LiteLLM's connections."""
        if self._backend is not None:
            await self._backend.aclose()
        if self._text_client is not None:
            await self._text_client.close()
            self._text_client = None
        self._call = {}
        if self not in self._open:
            return
        self._open.discard(self)
        if not self._open:
            litellm = _litellm()
            await litellm.close_litellm_async_clients()
            litellm.in_memory_llm_clients_cache.flush_cache()

    async def _send(self, litellm: ModuleType, request: Request, options: dict[str, Any]) -> Any:
        self._call = self._call or self._prepared(litellm)
        if self.spec.form == "base":
            return await litellm.atext_completion(prompt=request.prompt, **self._call, **options)
        messages = [{"role": m.role, "content": m.content} for m in request.messages]
        return await litellm.acompletion(messages=messages, **self._call, **options)

    def _prepared(self, litellm: ModuleType) -> dict[str, Any]:
        """What every call is given, made once: it takes longer than the rest of our share."""
        call: dict[str, Any] = {
            "model": self.spec.name,
            "api_base": self.spec.api_base,
            "timeout": self._timeout,
            "num_retries": 0,
            "max_retries": 0,
        }
        if self._backend is not None:
            call["client"] = self._backend
        elif self.spec.api_base and self._missing(litellm):
            call["api_key"] = NO_KEY
        return call | self._continued(litellm) if self.spec.form == "base" else call

    def _continued(self, litellm: ModuleType) -> dict[str, Any]:
        """What turns a call into a text completion: the endpoint's name, and its client.

        LiteLLM would send a text completion to a provider that only chats as one user
        message, unasked: that measures another model, so it is an error here. And it would
        open a connection for every call, and leave it open: so the client is ours.
        """
        name, provider, key, base = self._provider(litellm)
        if provider in ("local", "azure_text", "text-completion-codestral"):
            return {}
        if provider in ("openai", "text-completion-openai"):
            route = f"text-completion-openai/{name}"
        elif provider in litellm.openai_text_completion_compatible_providers:
            route = self.spec.name
        else:
            why = f"the provider {provider!r} offers no text completion; ask it in chat form"
            raise UnknownModel(self.spec.name, why)
        key = key or (NO_KEY if base and self._missing(litellm) else None)
        # The pool that httpx brings is searched by every call: 64 at once cost 12 ms each.
        self._pool = litellm.llms.custom_httpx.http_handler.AsyncHTTPHandler(timeout=self._timeout)
        self._text_client = litellm.exceptions.openai.AsyncOpenAI(
            api_key=key,
            base_url=base,
            timeout=self._timeout,
            max_retries=0,
            http_client=self._pool.client,
        )
        return {"model": route, "client": self._text_client}

    def _provider(self, litellm: ModuleType) -> tuple[str, str, str | None, str | None]:
        """Model, provider, key and address, as LiteLLM reads them from the name."""
        base = self.spec.api_base
        name, provider, key, base = litellm.get_llm_provider(self.spec.name, api_base=base)
        return name, provider, key, base

    def _missing(self, litellm: ModuleType) -> tuple[str, ...]:
        """The environment variables that would hold the key, where none is set."""
        name = self.spec.name.removeprefix("text-completion-")
        return tuple(litellm.validate_environment(name)["missing_keys"])

    def _unsupported(
        self, litellm: ModuleType, error: Exception, options: dict[str, Any]
    ) -> set[str]:
        """Which of the options the provider does not take, as far as this error is about them.

        LiteLLM knows most beforehand; else the provider's refusal names the parameter. The
        limit on the reply is never dropped: nothing else bounds what a call costs.
        """
        options = {name: value for name, value in options.items() if name != "max_tokens"}
        if not isinstance(error, litellm.exceptions.UnsupportedParamsError):
            named = unsupported_parameter(error)
            return {named} if named in options else set()
        name, provider, _, _ = self._provider(litellm)
        refused = set()
        for option, value in options.items():
            try:
                litellm.utils.get_optional_params(
                    name, custom_llm_provider=provider, **{option: value}
                )
            except litellm.exceptions.UnsupportedParamsError:
                refused.add(option)
        return refused


def _options(request: Request) -> dict[str, Any]:
    """The parameters that the request sets, by LiteLLM's names."""
    options = {
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
        "seed": request.seed,
        "stop": list(request.stop) or None,
        "reasoning_effort": request.reasoning_effort,
    }
    return {name: value for name, value in options.items() if value is not None}


def _litellm() -> Any:
    """LiteLLM, set to stay silent and at home; takes seconds the first time.

    No price list from the web, no .env file read unasked (both happen at its import and
    can be turned off only by these variables), no log lines.
    """
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")
    if "litellm" not in sys.modules:
        _import_litellm()
    import litellm
    from litellm._logging import verbose_logger

    litellm.suppress_debug_info = True
    verbose_logger.disabled = True
    if not any(entry["provider"] == "local" for entry in litellm.custom_provider_map):
        # It takes only handlers of its own class, from 1.110 on.
        handler: Any = type("Local", (LocalProvider, litellm.llms.custom_llm.CustomLLM), {})()
        litellm.custom_provider_map.append({"provider": "local", "custom_handler": handler})
    return litellm


def _import_litellm() -> None:
    """Import LiteLLM, and keep the garbage collector from looking at what that makes.

    Half a million objects, hardly one of them garbage: looking through them takes a quarter of
    the import's time, and later 8% of each call's.
    """
    keeps = not hasattr(sys, "ps1")  # what a user at a prompt lets go of is to be collected
    if keeps:
        gc.collect()
    collects = gc.isenabled()
    gc.disable()
    try:
        importlib.import_module("litellm")
    finally:
        if collects:
            gc.enable()
    if keeps:
        gc.freeze()


def price_of(spec: ModelSpec) -> tuple[float, float] | None:
    """Dollars per million prompt and completion tokens: the spec's, else LiteLLM's table's.

    None where neither knows. A price that the specification lacks imports LiteLLM. Raises
    `UnknownModel` for a provider that it does not know.
    """
    if spec.price is not None:
        return spec.price
    litellm = _litellm()
    try:
        litellm.get_llm_provider(spec.name, api_base=spec.api_base)
    except litellm.exceptions.BadRequestError as error:
        raise typed_error(error, spec.name) from error
    try:
        known = litellm.model_cost.get(litellm.get_model_info(spec.name)["key"], {})
    except Exception:  # noqa: BLE001 (LiteLLM raises a bare one for a model that it does not know)
        return None
    prices = known.get("input_cost_per_token"), known.get("output_cost_per_token")
    return None if None in prices else (prices[0] * 1e6, prices[1] * 1e6)


def count_tokens(spec: ModelSpec, request: Request) -> int:
    """Tokens of a request's prompt as LiteLLM counts them, offline; imports LiteLLM.

    With OpenAI's tokenizers: right for its models, near for others, whose own would have to
    be downloaded.
    """
    litellm = _litellm()
    litellm.disable_hf_tokenizer_download = True
    if request.prompt is not None:
        return int(litellm.token_counter(model=spec.name, text=request.prompt))
    messages = [{"role": m.role, "content": m.content} for m in request.messages]
    return int(litellm.token_counter(model=spec.name, messages=messages))
