"""What the catalog knows of a name, and how a user's file changes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reasongap.errors import BadFile, UnknownName
from reasongap.models.catalog import spec_for
from reasongap.models.local.weights import WEIGHTS


@pytest.mark.parametrize(
    ("name", "family", "size", "tier", "tuning"),
    [
        ("openai/gpt-4o-mini", "GPT", None, "low-cost", "instruct"),
        ("gpt-4o-2024-08-06", "GPT", None, "high-cost", "instruct"),
        ("openai/o3-mini-2025-01-31", "o-series", None, "low-cost", "reasoning"),
        (
            "bedrock/us.anthropic.claude-3-haiku-20240307-v1:0",
            "Claude",
            None,
            "low-cost",
            "instruct",
        ),
        ("vertex_ai/claude-sonnet-4-5@20250929", "Claude", None, "high-cost", "instruct"),
        ("gemini/gemini-1.5-flash-002", "Gemini", None, "low-cost", "instruct"),
        ("openrouter/meta-llama/llama-3-8b-instruct:free", "Llama", 8e9, "low-cost", "instruct"),
        ("ollama/llama3.1:70b", "Llama", 70e9, "high-cost", None),
        ("hosted_vllm/google/gemma-2-9b-it", "Gemma", 9e9, "low-cost", "instruct"),
        ("hosted_vllm/Qwen/Qwen2.5-0.5B", "Qwen", 5e8, None, None),
        ("Qwen/Qwen2.5-Math-7B-Instruct", "Qwen-Math", 7e9, "low-cost", "math"),
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", "Mixtral", 46.7e9, "high-cost", "instruct"),
        ("mistralai/Mathstral-7B-v0.1", "Mathstral", 7e9, "low-cost", "math"),
        ("AI-MO/NuminaMath-7B-CoT", "NuminaMath", 7e9, None, "math"),
        ("deepseek/deepseek-chat", "DeepSeek", None, None, "instruct"),
        ("deepseek-ai/DeepSeek-R1", "DeepSeek", 671e9, "high-cost", "reasoning"),
        ("deepseek-r1-distill-llama-8b", "DeepSeek", 8e9, "low-cost", "reasoning"),
        ("microsoft/phi-3-mini-4k-instruct", "Phi", 3.8e9, "low-cost", "instruct"),
        ("HuggingFaceTB/SmolLM2-135M-Instruct", "SmolLM", 135e6, "low-cost", "instruct"),
        ("xai/grok-3-mini", "Grok", None, "low-cost", "reasoning"),
        ("cohere/command-r-plus-08-2024", "Command", 104e9, "high-cost", "instruct"),
        ("acme/unheard-of", None, None, None, None),
    ],
)
def test_well_known_models_are_recognised_behind_prefixes_and_dates(
    name: str, family: str | None, size: float | None, tier: str | None, tuning: str | None
) -> None:
    spec = spec_for(name)
    assert (spec.family, spec.size, spec.tier, spec.tuning) == (family, size, tier, tuning)


@pytest.mark.parametrize(
    ("name", "size", "active"),
    [
        ("acme/model-1.5b-chat", 1.5e9, None),
        ("acme/model_350M", 350e6, None),
        ("qwen3-30b-a3b", 30e9, 3e9),
        ("llama-4-scout-17b-16e-instruct", 109e9, 17e9),
        ("acme/moe-8x3b", None, None),
        ("acme/model-128k", None, None),
        ("acme/long-1m", None, None),
        ("acme/model-4bit", None, None),
        ("acme/model-v0.3", None, None),
    ],
)
def test_sizes_are_read_from_names_and_never_guessed(
    name: str, size: float | None, active: float | None
) -> None:
    spec = spec_for(name)
    assert (spec.size, spec.active_size) == (size, active)


def test_models_that_think_first_get_room_for_it() -> None:
    assert spec_for("openai/o1").max_tokens == spec_for("gemini/gemini-2.5-pro").max_tokens == 16384
    assert spec_for("openai/gpt-4o").max_tokens == 1024


@pytest.mark.parametrize(
    "name", ["gpt-3.5-turbo-instruct", "openai/davinci-002", "text-completion-openai/anything"]
)
def test_completion_models_are_asked_in_base_form_with_exemplars(name: str) -> None:
    spec = spec_for(name)
    assert (spec.form, spec.default_shots) == ("base", 8)


def test_the_embedded_model_is_free_and_continues_text() -> None:
    spec = spec_for("local/smollm2-135m")
    assert (spec.form, spec.tuning, spec.price, spec.size) == (
        "base",
        "instruct",
        (0.0, 0.0),
        135e6,
    )
    assert spec.weights == WEIGHTS["smollm2-135m"].sha256


def test_a_model_file_is_known_by_its_name() -> None:
    spec = spec_for("local//models/Qwen2.5-Coder-1.5B-Instruct-Q4_K_M.gguf")
    assert (spec.family, spec.size, spec.price) == ("Qwen-Coder", 1.5e9, (0.0, 0.0))
    assert spec.weights is None


def test_a_file_adds_and_overrides_for_the_name_it_gives(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_text(
        '[model."gpt-4o"]\nsize = "200B"\nprice = [2.5, 10]\n'
        '[model."hosted_vllm/mine"]\nfamily = "Mine"\nsize = 7_000_000\nform = "base"\n'
        '[model."Qwen2.5-0.5B"]\nsize = "in name"\n'
    )
    assert spec_for("openai/gpt-4o", path).size == 200e9
    assert spec_for("openai/gpt-4o", path).price == (2.5, 10.0)
    assert spec_for("openai/gpt-4o-mini", path).size is None
    mine = spec_for("hosted_vllm/mine", path)
    assert (mine.family, mine.size, mine.form) == ("Mine", 7e6, "base")
    assert spec_for("mine", path).family is None
    assert spec_for("Qwen/Qwen2.5-0.5B", path).size == 5e8


def test_a_checkpoint_names_its_series_and_step() -> None:
    spec = spec_for("hosted_vllm/ck", {"hosted_vllm/ck": {"series": "human", "step": 100}})
    assert (spec.series, spec.step) == ("human", 100)
    with pytest.raises(BadFile, match="step"):
        spec_for("ck", {"ck": {"step": -1}})


def test_settings_may_come_as_a_mapping() -> None:
    spec = spec_for("openai/x", {"openai/x": {"api_base": "http://h/v1", "connections": 3}})
    assert (spec.api_base, spec.connections) == ("http://h/v1", 3)


def test_a_mistyped_setting_is_named_with_the_nearest_one() -> None:
    with pytest.raises(UnknownName, match=r"setting of model 'm' 'siez'\. Did you mean 'size'\?"):
        spec_for("m", {"m": {"siez": "7B"}})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[model."m"]\nsize = "huge"\n', r'model "m", size .huge.: .*looks like "7B"'),
        ('[model."m"]\nsize = -1\n', r'model "m", size'),
        ('[model."m"]\nform = "speech"\n', r'model "m", form'),
        ('[model."m"]\nmax_tokens = 0\n', r'model "m", max_tokens'),
        ('[model."m"]\nprice = [-1.0, 0.0]\n', r'model "m", price'),
        ('[model."m"]\nprice = [nan, 0.0]\n', r'model "m", price'),
        ('[model."m"]\ntemperature = 9\n', r'model "m", temperature'),
        ("[model\n", "not TOML"),
        ('["m"]\nsize = "7B"\n', "not a table of models: m.*Give each model a table"),
        ("model = 3\n", "Give each model a table"),
    ],
)
def test_a_bad_file_is_refused_with_the_place(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "models.toml"
    path.write_text(text)
    with pytest.raises(BadFile, match=why):
        spec_for("m", path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"none\.toml: No such file"):
        spec_for("m", tmp_path / "none.toml")
