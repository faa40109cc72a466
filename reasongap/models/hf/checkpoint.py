"""Checkpoints on this machine: which files make one, and a hash that tells it from others."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from reasongap.errors import BadFile, DownloadFailed, MissingExtra, ReasongapError
from reasongap.models.local.weights import sha256

HF = "hf/"
"""What the names of models that transformers runs begin with."""

CONFIG, ADAPTER = "config.json", "adapter_config.json"

_WEIGHTS = (".safetensors", ".bin")
_PARTS = (*_WEIGHTS, ".json", ".jinja", ".model", ".txt")
_OF_TRAINING = ("training_args.bin", "trainer_state.json")
_STEP = re.compile(r"checkpoint-(\d+)")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where the parts of a model lie.

    `folder` has its configuration, tokenizer and weights, or the file `gguf`, which holds all
    three; `adapter` is the folder of LoRA weights to lay over them.
    """

    folder: Path
    gguf: str | None = None
    adapter: Path | None = None

    @property
    def digest(self) -> str:
        """A hash of all that shapes its replies, of the files as they are now."""
        base = _hashed(self.folder / self.gguf) if self.gguf else _digest(self.folder)
        if self.adapter is None:
            return base
        return hashlib.sha256(f"{base} {_digest(self.adapter)}".encode()).hexdigest()

    @property
    def chats(self) -> bool | None:
        """Whether it has a chat template; None where only loading it will tell."""
        if self.gguf:
            return None
        return any(map(_has_template, filter(None, (self.adapter, self.folder))))


def require_transformers(purpose: str) -> None:
    """Nothing, or `MissingExtra` where a library of the extra `hf` is not installed."""
    if any(find_spec(name) is None for name in ("torch", "transformers", "peft", "gguf")):
        raise MissingExtra("hf", f"running {purpose} in this process")


def find_checkpoint(name: str) -> Checkpoint:
    """The checkpoint that `name` means: a folder, a GGUF file, or a model of the hub.

    A folder holds whole weights or a LoRA adapter, whose base is found likewise. A model of
    the hub, NAME or NAME@REVISION, is fetched into the hub's own cache. Raises `BadFile` for
    what is not there or not whole, and `DownloadFailed`.
    """
    path = Path(name).expanduser()
    if path.suffix.lower() == ".gguf":
        if not path.is_file():
            raise BadFile(str(path), "no such model file")
        return Checkpoint(path.parent, gguf=path.name)
    if not path.is_dir():
        path = _from_hub(name)
    if (path / ADAPTER).is_file():
        return _adapted(path)
    _demand(path, CONFIG)
    return Checkpoint(path)


def chats(name: str) -> bool | None:
    """Whether the checkpoint called hf/… has a chat template; None where that is not known yet."""
    folder = Path(name.removeprefix(HF)).expanduser()
    try:
        return find_checkpoint(str(folder)).chats if folder.is_dir() else None
    except ReasongapError:
        return None


def checkpoints_in(folder: Path) -> list[tuple[int, Path]]:
    """The step and folder of every checkpoint-N that a trainer left, in the steps' order.

    Raises `BadFile` where there is none.
    """
    found = (
        (int(match[1]), path)
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.is_dir() and (match := _STEP.fullmatch(path.name))
    )
    if steps := sorted(found):
        return steps
    why = "holds no checkpoint-N" if folder.is_dir() else "no such folder"
    raise BadFile(str(folder), why, "Name the folder that a trainer saved its checkpoints in")


def _adapted(adapter: Path) -> Checkpoint:
    """The base that an adapter names, with the adapter over it."""
    config = adapter / ADAPTER
    _demand(adapter, ADAPTER)
    named = str(json.loads(config.read_text("utf-8")).get("base_model_name_or_path") or "")
    beside = adapter / Path(named).expanduser()
    try:
        base = find_checkpoint(str(beside) if named and beside.exists() else named)
    except (BadFile, DownloadFailed) as error:
        remedy = "Write the base model's path into base_model_name_or_path there"
        raise BadFile(str(config), f"its base model is missing ({error})", remedy) from error
    if base.adapter:
        raise BadFile(str(config), f"its base model {named} is an adapter itself")
    return replace(base, adapter=adapter)


def _demand(folder: Path, config: str) -> None:
    """Raise `BadFile` unless a folder holds this configuration, readable, and weights."""
    try:
        json.loads((folder / config).read_text("utf-8"))
    except FileNotFoundError:
        why = f"holds neither {CONFIG} nor {ADAPTER}"
        remedy = "Name one checkpoint's own folder, such as checkpoint-100"
        raise BadFile(str(folder), why, remedy) from None
    except (OSError, ValueError) as error:
        raise BadFile(str(folder / config), f"cannot be read ({error})") from error
    if not any(path.suffix in _WEIGHTS for path in _parts(folder)):
        raise BadFile(str(folder), "holds no weights", "Was it saved to the end?")


def _parts(folder: Path) -> Iterator[Path]:
    """The files that shape replies, in a fixed order; those of the training alone are not."""
    for path in sorted(folder.iterdir()):
        if path.suffix in _PARTS and path.name not in _OF_TRAINING:
            yield path


def _digest(folder: Path) -> str:
    """A hash of a folder's parts. The hub's cache names a snapshot by one already."""
    if folder.parent.name == "snapshots":
        return folder.name
    parts = "\n".join(f"{path.name} {_hashed(path)}" for path in _parts(folder))
    return hashlib.sha256(parts.encode()).hexdigest()


def _hashed(path: Path) -> str:
    there = path.stat()
    return _hashed_once(path.resolve(), there.st_size, there.st_mtime_ns)


@cache
def _hashed_once(path: Path, size: int, changed: int) -> str:
    """The checksum of a file of this length and time: a base serves many adapters."""
    return sha256(path)


def _has_template(folder: Path) -> bool:
    if (folder / "chat_template.jinja").is_file():
        return True
    config = folder / "tokenizer_config.json"
    return config.is_file() and bool(json.loads(config.read_text("utf-8")).get("chat_template"))


def _from_hub(name: str) -> Path:
    """The folder of a model of the hub, fetched where it is not here."""
    repo, _, revision = name.partition("@")
    if repo.count("/") > 1 or repo.startswith((".", "/", "~")):
        raise BadFile(name, "no such folder")
    from huggingface_hub import snapshot_download

    wanted = [f"*{suffix}" for suffix in _PARTS if suffix != ".bin"]
    try:
        folder = Path(snapshot_download(repo, revision=revision or None, allow_patterns=wanted))
        if not any(folder.glob("*.safetensors")):
            wanted.append("*.bin")
            snapshot_download(repo, revision=revision or None, allow_patterns=wanted)
    except (OSError, ValueError) as error:
        first = str(error).strip().splitlines()[0]
        raise DownloadFailed(
            f"{name} is no folder here, and the hub does not give it ({first}). Check the path, "
            "or fetch it where there is a network and name its folder"
        ) from error
    return folder
