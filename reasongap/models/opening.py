"""From a specification to a model that can be asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from reasongap.errors import BadFile
from reasongap.models.catalog import Overrides, spec_for
from reasongap.models.hf.checkpoint import HF, find_checkpoint, require_transformers
from reasongap.models.hf.engine import Engine as Checkpoints
from reasongap.models.hf.engine import Source
from reasongap.models.hf.model import CheckpointModel
from reasongap.models.litellm_model import LiteLLMModel
from reasongap.models.local.download import Progress
from reasongap.models.local.engine import CONTEXT, Engine, require_engine
from reasongap.models.local.weights import WEIGHTS, pull, sha256
from reasongap.models.seam import Model, ModelSpec


def open_model(
    spec: ModelSpec | str,
    *,
    timeout: float = 600,
    threads: int | None = None,
    cache: Path | None = None,
    progress: Progress = lambda done, total: None,
    checkpoints: Checkpoints | None = None,
) -> Model:
    """The model of a specification (or a name, looked up in the catalog), ready to be asked.

    A local one is pulled into `cache` first where it is not there, telling `progress` the
    bytes; it runs on `threads` and serves `spec.connections` calls at once (1 where None).
    A checkpoint, hf/…, is run by the engine `checkpoints`, which several may share.
    Use the `spec` of what is returned: it also holds the checksum of a model file of the
    user's own. Close it with `aclose`. Raises `MissingExtra`, `DownloadFailed`,
    `UnknownName` and `BadFile`.
    """
    spec = spec_for(spec) if isinstance(spec, str) else spec
    if spec.name.startswith(HF):
        return _checkpoint(spec, checkpoints or Checkpoints(threads))
    if not spec.name.startswith("local/"):
        return LiteLLMModel(spec, timeout=timeout)
    require_engine(spec.name)
    name = spec.name.removeprefix("local/")
    if name.lower().endswith(".gguf"):
        file = Path(name).expanduser()
        if not file.is_file():
            raise BadFile(str(file), "no such model file")
        spec = replace(spec, weights=sha256(file))
    else:
        file = pull(name, cache=cache, progress=progress)
    spec = replace(spec, connections=spec.connections or 1)
    engine = Engine(
        file,
        name=spec.name,
        threads=threads,
        slots=spec.connections or 1,
        context=max(CONTEXT, spec.max_tokens + CONTEXT // 2),
    )
    return LiteLLMModel(spec, timeout=timeout, backend=engine)


def _checkpoint(spec: ModelSpec, engine: Checkpoints) -> CheckpointModel:
    """A checkpoint, its files found and hashed; they are loaded with the first call."""
    require_transformers(spec.name)
    found = find_checkpoint(spec.name.removeprefix(HF))
    if spec.form == "chat" and found.chats is False:
        remedy = "Ask it in base form: --form base"
        raise BadFile(str(found.adapter or found.folder), "holds no chat template", remedy)
    source = Source(found, found.digest, spec.dtype)
    weights = f"{source.digest} {spec.dtype}" if spec.dtype else source.digest
    return CheckpointModel(replace(spec, weights=weights), source, engine)


def list_models(overrides: Overrides = None) -> tuple[ModelSpec, ...]:
    """The models that run on this machine by name, smallest first.

    Any other is reached by LiteLLM's name for it, as local/PATH.gguf, or as hf/CHECKPOINT.
    """
    specs = (spec_for(f"local/{name}", overrides) for name in WEIGHTS)
    return tuple(sorted(specs, key=lambda spec: spec.size or 0.0))
