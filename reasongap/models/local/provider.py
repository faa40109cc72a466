"""The provider `local` as LiteLLM sees it: its calls go to an engine in this process."""

from __future__ import annotations

from typing import Any, Protocol


class Engine(Protocol):
    """Generates one reply; the body and the reply have OpenAI's shape."""

    async def complete(self, body: dict[str, Any], *, chat: bool, seconds: float) -> Any:
        """A reply with its text, finish reason and token counts."""


class LocalProvider:
    """What LiteLLM calls a custom handler. The engine comes with each call, as its client.

    A text completion arrives as one user message and the mark `text_completion`: it is
    continued as it stands, without the model's chat template.
    """

    async def acompletion(
        self,
        *,
        model: str,
        messages: list[dict[str, Any]],
        model_response: Any,
        optional_params: dict[str, Any],
        litellm_params: dict[str, Any],
        client: Engine,
        timeout: float,  # noqa: ASYNC109 (LiteLLM's name for it)
        **_: object,
    ) -> Any:
        """LiteLLM's own response object, filled with the engine's reply."""
        chat = not litellm_params.get("text_completion")
        taken = ("temperature", "max_tokens", "seed", "stop")
        body = {name: optional_params[name] for name in taken if name in optional_params}
        body |= {"messages": messages} if chat else {"prompt": messages[0]["content"]}
        reply = await client.complete(body, chat=chat, seconds=timeout)
        model_response.model = model
        model_response.choices[0].message.content = reply.text
        model_response.choices[0].finish_reason = reply.finish_reason
        model_response.usage.prompt_tokens = reply.prompt_tokens
        model_response.usage.completion_tokens = reply.completion_tokens
        return model_response
