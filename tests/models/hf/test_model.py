"""Checkpoints as models: from a name to completions."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from reasongap.domain import Completion, Message, Request
from reasongap.errors import BadFile
from reasongap.models import open_model, spec_for
from reasongap.models.hf.model import CheckpointModel
from tests.models.hf.tiny import save_gguf, save_model

pytestmark = pytest.mark.needs("hf")


def asked(name: str, request: Request, settings: dict[str, object] | None = None) -> Completion:
    async def run() -> Completion:
        model = open_model(spec_for(name, {name: settings or {}}))
        try:
            return await model.complete(request)
        finally:
            await model.aclose()
            await model.aclose()

    return anyio.run(run)


def test_a_folder_with_a_template_chats(tiny: Path) -> None:
    request = Request(messages=(Message("user", "What is 1 plus 2?"),), reasoning_effort="low")
    reply = asked(f"hf/{tiny}", request, {"max_tokens": 5})
    assert reply.request.max_tokens == 5
    assert (reply.finish_reason, reply.usage.completion_tokens) == ("length", 5)
    assert reply.usage.prompt_tokens == len("<user>What is 1 plus 2?\n<assistant>")
    assert (reply.cost, reply.dropped, reply.model) == (0.0, ("reasoning_effort",), str(tiny))
    assert reply.seconds > 0


def test_a_folder_without_a_template_continues_texts(tmp_path: Path) -> None:
    folder = save_model(tmp_path, chat=False)
    assert spec_for(f"hf/{folder}").form == "base"
    reply = asked(f"hf/{folder}", Request(prompt="1 + 2 =", max_tokens=4, stop=("\n",)))
    assert len(reply.text) == 4


def test_chatting_without_a_template_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    folder = save_model(tmp_path, chat=False)
    with pytest.raises(BadFile, match=r"holds no chat template\. Ask it in base form: --form base"):
        open_model(spec_for(f"hf/{folder}", {f"hf/{folder}": {"form": "chat"}}))


def test_a_checkpoint_is_known_by_its_weights_and_their_kind(tiny: Path) -> None:
    def weights(settings: dict[str, object]) -> str | None:
        return open_model(spec_for(f"hf/{tiny}", {f"hf/{tiny}": settings})).spec.weights

    assert weights({}) != weights({"dtype": "bfloat16"}) != weights({"dtype": "float16"})
    assert weights({}) == weights({"seed": 5})


def test_what_is_thought_before_the_reply_is_no_part_of_it(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reasongap.models.hf.decoding import Generated
    from reasongap.models.hf.engine import Engine

    async def generate(*_: object) -> Generated:
        return Generated("<think>3 or 4?</think>\n3", "stop", 9, 12)

    monkeypatch.setattr(Engine, "generate", generate)
    said = asked(f"hf/{tiny}", Request(messages=(Message("user", "1 + 2?"),)))
    continued = asked(f"hf/{tiny}", Request(prompt="1 + 2 ="), {"form": "base"})
    assert (said.text, continued.text[:7]) == ("3", "<think>")


def test_a_model_file_of_llama_cpp_runs_too(tmp_path: Path) -> None:
    name = f"hf/{save_gguf(tmp_path / 'tiny.gguf')}"
    said = asked(name, Request(messages=(Message("user", "1 + 2?"),), max_tokens=4))
    assert said.usage.prompt_tokens == len("<user>1 + 2?\n<assistant>")
    continued = asked(name, Request(prompt="1 + 2 =", max_tokens=4), {"form": "base"})
    assert (len(continued.text), continued.finish_reason) == (4, "length")


def test_its_repr_is_its_name(tiny: Path) -> None:
    model = open_model(f"hf/{tiny}")
    assert isinstance(model, CheckpointModel)
    assert repr(model) == f"CheckpointModel('hf/{tiny}')"
