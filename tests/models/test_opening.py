"""From a name to a model that answers."""

from __future__ import annotations

import hashlib
from pathlib import Path

import anyio
import pytest

import reasongap.models
from reasongap.domain import Completion, Request
from reasongap.errors import BadFile, UnknownName
from reasongap.models import list_models, open_model
from reasongap.models.litellm_model import LiteLLMModel


def test_the_room_s_names_are_all_there() -> None:
    for name in reasongap.models.__all__:
        assert getattr(reasongap.models, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = reasongap.models.nothing


def test_a_provider_s_model_opens_without_a_call() -> None:
    model = open_model("openai/gpt-4o-mini")
    assert isinstance(model, LiteLLMModel)
    assert model.spec.family == "GPT"


def test_the_listed_models_are_the_embedded_ones_smallest_first() -> None:
    listed = list_models()
    assert [spec.name for spec in listed] == [
        "local/smollm2-135m",
        "local/qwen2.5-coder-0.5b",
        "local/qwen2.5-coder-1.5b",
    ]
    assert all(spec.weights and spec.price == (0.0, 0.0) for spec in listed)


@pytest.mark.needs("local")
def test_the_embedded_model_answers() -> None:
    async def run() -> Completion:
        model = open_model("local/smollm2-135m")
        try:
            prompt = "".join(f"Q: {n} + 1\nA: {n + 1}\n\n" for n in range(1, 9))
            return await model.complete(Request(prompt=prompt + "Q: 5 + 1\nA:", stop=("\n",)))
        finally:
            await model.aclose()

    reply = anyio.run(run)
    assert (reply.text, reply.finish_reason, reply.cost) == (" 6", "stop", 0.0)
    assert reply.model == "smollm2-135m"


@pytest.mark.needs("local")
def test_a_file_of_one_s_own_is_hashed_and_served_one_call_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "mine-7b.gguf"
    path.write_bytes(b"weights")
    spec = open_model(f"local/{path}").spec
    assert spec.weights == hashlib.sha256(b"weights").hexdigest()
    assert (spec.size, spec.connections, spec.price) == (7e9, 1, (0.0, 0.0))


@pytest.mark.needs("local")
def test_a_local_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"none\.gguf: no such model file"):
        open_model(f"local/{tmp_path}/none.gguf")
    with pytest.raises(UnknownName, match="Did you mean 'smollm2-135m'"):
        open_model("local/smolm2-135m")
