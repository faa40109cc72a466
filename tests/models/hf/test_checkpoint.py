"""Finding checkpoints, and telling them apart by what is in them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from reasongap.errors import BadFile, DownloadFailed, MissingExtra
from reasongap.models.hf import checkpoint
from reasongap.models.hf.checkpoint import checkpoints_in, find_checkpoint, require_transformers


def whole(folder: Path, weights: bytes = b"weights", *, template: bool = False) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(weights)
    told = {"chat_template": "{{ messages }}"} if template else {}
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
    return folder


def adapter(folder: Path, base: str, weights: bytes = b"lora") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": base}))
    (folder / "adapter_model.safetensors").write_bytes(weights)
    return folder


def test_a_folder_of_weights_is_a_checkpoint(tmp_path: Path) -> None:
    found = find_checkpoint(str(whole(tmp_path / "a")))
    assert (found.folder, found.gguf, found.adapter) == (tmp_path / "a", None, None)


def test_checkpoints_saved_over_each_other_have_their_own_digests(tmp_path: Path) -> None:
    folder = whole(tmp_path / "a", b"one")
    found = find_checkpoint(str(folder))
    first = found.digest
    whole(folder, b"two")
    os.utime(folder / "model.safetensors", ns=(1, 1))  # clocks may be coarser than writes
    assert found.digest != first
    assert find_checkpoint(str(whole(tmp_path / "b", b"one"))).digest == first


def test_what_only_going_on_with_the_training_needs_does_not_count(tmp_path: Path) -> None:
    folder = whole(tmp_path / "a")
    before = find_checkpoint(str(folder)).digest
    for name in ("optimizer.pt", "rng_state.pth", "training_args.bin", "trainer_state.json"):
        (folder / name).write_bytes(b"of the training")
    assert find_checkpoint(str(folder)).digest == before
    (folder / "generation_config.json").write_text('{"eos_token_id": 2}')
    assert find_checkpoint(str(folder)).digest != before


def test_an_adapter_lies_over_the_base_that_it_names(tmp_path: Path) -> None:
    base = whole(tmp_path / "base")
    found = find_checkpoint(str(adapter(tmp_path / "a", str(base))))
    assert (found.folder, found.adapter) == (base, tmp_path / "a")
    assert found.digest != find_checkpoint(str(base)).digest
    other = find_checkpoint(str(adapter(tmp_path / "b", str(base), b"other lora")))
    assert other.digest != found.digest
    before = found.digest
    whole(base, b"other base weights")
    assert found.digest != before


def test_an_adapter_s_base_may_be_named_from_its_own_folder(tmp_path: Path) -> None:
    whole(tmp_path / "base")
    found = find_checkpoint(str(adapter(tmp_path / "run" / "checkpoint-5", "../../base")))
    assert found.folder.resolve() == (tmp_path / "base").resolve()


def test_a_model_file_is_a_checkpoint(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF")
    found = find_checkpoint(str(file))
    assert (found.folder, found.gguf, found.chats) == (tmp_path, "model.gguf", None)


def test_it_says_whether_there_is_a_chat_template(tmp_path: Path) -> None:
    assert find_checkpoint(str(whole(tmp_path / "a"))).chats is False
    base = whole(tmp_path / "b", template=True)
    assert find_checkpoint(str(base)).chats is True
    assert find_checkpoint(str(adapter(tmp_path / "c", str(base)))).chats is True
    (tmp_path / "a" / "chat_template.jinja").write_text("{{ messages }}")
    assert find_checkpoint(str(tmp_path / "a")).chats is True
    assert checkpoint.chats(f"hf/{tmp_path}/a") is True
    assert checkpoint.chats("hf/org/not-here-yet") is None


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("none/of/this", "no such folder"),
        ("none.gguf", "no such model file"),
        ("empty", "holds neither config.json nor adapter_config.json. Name one checkpoint's own"),
        ("torn", "holds no weights. Was it saved to the end"),
        ("odd", "cannot be read"),
        ("lost", "its base model is missing .*gone.* Write the base model's path"),
        ("nested", "is an adapter itself"),
    ],
)
def test_what_is_no_checkpoint_is_refused_with_its_reason(
    name: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (whole(tmp_path / "torn") / "model.safetensors").unlink()
    (whole(tmp_path / "odd") / "config.json").write_text("{")
    adapter(tmp_path / "lost", "/no/such/gone")
    adapter(tmp_path / "nested", str(adapter(tmp_path / "inner", str(whole(tmp_path / "base")))))
    with pytest.raises(BadFile, match=why):
        find_checkpoint(name)


def test_a_name_that_no_folder_and_no_hub_knows_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def refuse(*_: object, **__: object) -> str:
        raise FileNotFoundError("nothing is cached\nand more")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", refuse)
    with pytest.raises(DownloadFailed, match=r"no folder here.*nothing is cached\)"):
        find_checkpoint("org/model")


def test_a_snapshot_of_the_hub_is_known_by_its_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub

    asked: list[object] = []
    snapshot = whole(tmp_path / "snapshots" / "0123abcd")
    (snapshot / "model.safetensors").rename(snapshot / "pytorch_model.bin")

    def fetch(repo: str, *, revision: str | None, allow_patterns: list[str]) -> str:
        asked.append((repo, revision, "*.bin" in allow_patterns))
        return str(snapshot)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    assert find_checkpoint("org/model@main").digest == "0123abcd"
    assert asked == [("org/model", "main", False), ("org/model", "main", True)]


def test_the_checkpoints_of_a_folder_come_in_the_order_of_their_steps(tmp_path: Path) -> None:
    for name in ("checkpoint-100", "checkpoint-20", "checkpoint-final", "runs"):
        (tmp_path / name).mkdir()
    (tmp_path / "checkpoint-7").write_text("a file")
    steps = [(20, tmp_path / "checkpoint-20"), (100, tmp_path / "checkpoint-100")]
    assert checkpoints_in(tmp_path) == steps
    with pytest.raises(BadFile, match="holds no checkpoint-N"):
        checkpoints_in(tmp_path / "runs")
    with pytest.raises(BadFile, match="no such folder"):
        checkpoints_in(tmp_path / "none")


def test_without_the_libraries_it_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"hf/x in this process.*pip install 'reasongap\[hf\]'"):
        require_transformers("hf/x")
