"""From a checkpoint's files to a model and its tokenizer; the only reader of transformers."""

from __future__ import annotations

import warnings
from typing import Any

from reasongap.models.hf.checkpoint import Checkpoint
from reasongap.models.hf.memory import layer_like

PLAIN = "DynamicLayer"
"""The kind of layer that remembers every position, one by one."""


def load(checkpoint: Checkpoint, dtype: str | None) -> tuple[Any, Any]:
    """Model (in evaluation mode, in main memory) and tokenizer, without any network.

    `dtype` is torch's name for the kind of number that weights are; None takes them as they
    are stored, those of a GGUF file as float32. Raises what transformers raises.
    """
    import transformers

    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    tokenizer = _tokenizer(transformers, checkpoint)
    if checkpoint.gguf:
        # Packed weights would be unpacked at every step, which only saves memory.
        packing = transformers.GgufConfig(dequantize=True)
        how = {"gguf_file": checkpoint.gguf, "quantization_config": packing}
    else:
        how = {}
    kind = dtype or ("float32" if checkpoint.gguf else "auto")
    model = transformers.AutoModelForCausalLM.from_pretrained(
        checkpoint.folder, dtype=kind, local_files_only=True, **how
    )
    if checkpoint.adapter:
        model = _laid_over(model, checkpoint, len(tokenizer))
    return model.eval(), tokenizer


def _tokenizer(transformers: Any, checkpoint: Checkpoint) -> Any:
    """The adapter's own tokenizer where it was saved with it, else the base's."""
    told = checkpoint.adapter
    if told and (told / "tokenizer_config.json").is_file():
        return transformers.AutoTokenizer.from_pretrained(told, local_files_only=True)
    return transformers.AutoTokenizer.from_pretrained(
        checkpoint.folder, gguf_file=checkpoint.gguf, local_files_only=True
    )


def _laid_over(base: Any, checkpoint: Checkpoint, tokens: int) -> Any:
    """The base with the adapter's LoRA weights.

    They are added up only in float32: a sum rounded to fewer digits would lose some of what
    was learned, and a checkpoint is compared with its neighbours.
    """
    import peft

    if tokens > base.get_input_embeddings().num_embeddings:
        base.resize_token_embeddings(tokens)
    whole = str(base.dtype) == "torch.float32"
    with warnings.catch_warnings():
        # peft asks transformers by a name that is about to go: nothing that a user could mend.
        warnings.filterwarnings("ignore", ".*is_gradient_checkpointing", FutureWarning)
        model = peft.PeftModel.from_pretrained(base, str(checkpoint.adapter), local_files_only=True)
    return model.merge_and_unload() if whole else model


def empty_memory(model: Any) -> tuple[Any, frozenset[str]]:
    """A memory for a model to fill, and the kinds of its layers by transformers' class names.

    Where all layers remember every position, it is one that grows in place.
    """
    import transformers
    from transformers.cache_utils import DynamicLayer

    memory = transformers.DynamicCache(config=model.config)
    kinds = frozenset(type(layer).__name__ for layer in memory.layers)
    if kinds == {PLAIN}:
        memory.layers = [layer_like(DynamicLayer)() for _ in memory.layers]
    return memory, kinds
