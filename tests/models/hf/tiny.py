"""Tiny models with random weights, saved as trainers save them: a token is a byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TEMPLATE = (
    "{% for m in messages %}"
    "{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
    "<{{ m.role }}>{{ m.content }}\n"
    "{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}"
)
END = "<|end|>"


def save_tokenizer(folder: Path, *, chat: bool = True) -> None:
    """A tokenizer of bytes, and one token that ends a text."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    bare = Tokenizer(models.BPE({sign: i for i, sign in enumerate(_signs())}, []))
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bare.decoder = decoders.ByteLevel()
    bare.add_special_tokens([AddedToken(END, special=True)])
    whole: Any = PreTrainedTokenizerFast(tokenizer_object=bare, eos_token=END, pad_token=END)
    whole.chat_template = TEMPLATE if chat else None
    whole.save_pretrained(folder)


def _signs() -> list[str]:
    from tokenizers import pre_tokenizers

    return sorted(pre_tokenizers.ByteLevel.alphabet())


def make_model(kind: str = "Llama", seed: int = 0, **config: Any) -> Any:
    """A model of two layers that says visible signs and comes to no end of itself.

    Wide weights make its choices clear: no two signs tie.
    """
    import torch
    import transformers

    torch.manual_seed(seed)
    shape = {
        **{"vocab_size": 257, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2},
        **{"max_position_embeddings": 4096, "initializer_range": 0.3},
        **{"bos_token_id": None, "eos_token_id": 256, "pad_token_id": 256},
        "tie_word_embeddings": False,
    }
    if kind != "Mamba":
        shape |= {"num_attention_heads": 4, "num_key_value_heads": 2}
    made = getattr(transformers, f"{kind}Config")(**{**shape, **config})
    model = getattr(transformers, f"{kind}ForCausalLM")(made)
    unsaid = [i for i, sign in enumerate(_signs()) if not sign.isascii()]
    model.get_output_embeddings().weight.data[[*unsaid, 256]] = 0
    return model


def save_model(
    folder: Path, kind: str = "Llama", *, seed: int = 0, chat: bool = True, **config: Any
) -> Path:
    """A whole checkpoint."""
    make_model(kind, seed, **config).save_pretrained(folder)
    save_tokenizer(folder, chat=chat)
    return folder


def save_adapter(folder: Path, base: Path, *, seed: int = 0) -> Path:
    """A LoRA adapter that changes what its base says."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(seed)
    model: Any = AutoModelForCausalLM.from_pretrained(base)
    shape = LoraConfig(r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    get_peft_model(model, shape).save_pretrained(str(folder))
    return folder


def save_gguf(path: Path) -> Path:
    """The same model as `save_model` makes, as a file for llama.cpp."""
    from gguf import GGUFWriter

    model = make_model()
    shape, writer = model.config, GGUFWriter(path, "llama")
    writer.add_context_length(shape.max_position_embeddings)
    writer.add_embedding_length(shape.hidden_size)
    writer.add_feed_forward_length(shape.intermediate_size)
    writer.add_block_count(shape.num_hidden_layers)
    writer.add_head_count(shape.num_attention_heads)
    writer.add_head_count_kv(shape.num_key_value_heads)
    writer.add_layer_norm_rms_eps(shape.rms_norm_eps)
    writer.add_vocab_size(shape.vocab_size)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list([*_signs()[:255], "th", END])
    writer.add_token_merges(["t h"])
    writer.add_token_types([1] * 256 + [3])
    writer.add_eos_token_id(256)
    writer.add_chat_template(TEMPLATE)
    for name, tensor in model.state_dict().items():
        writer.add_tensor(_in_gguf(name), tensor.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


_PARTS = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "model.layers": "blk",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def _in_gguf(name: str) -> str:
    for ours, theirs in _PARTS.items():
        name = name.replace(ours, theirs)
    return name
