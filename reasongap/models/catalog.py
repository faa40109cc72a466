"""What is known of a model by its name: family, size, tier, tuning, and how to ask it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from reasongap.domain import Form
from reasongap.errors import BadFile, UnknownName
from reasongap.models.hf.checkpoint import HF, chats
from reasongap.models.local.weights import weights_of
from reasongap.models.seam import Dtype, ModelSpec, Tier, Tuning

_SCALE = {"": 1.0, "m": 1e6, "b": 1e9, "t": 1e12}
_COUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([mbt]?)", re.IGNORECASE)
_SIZE_IN_NAME = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?(?=[bt])|\d{2,}(?=m))([mbt])(?![a-z0-9])")
_ACTIVE_IN_NAME = re.compile(r"(?<![a-z0-9.])a(\d+(?:\.\d+)?)(b)(?![a-z0-9])")
_TEXT_PROVIDERS = ("text-completion-openai/", "text-completion-codestral/", "azure_text/")


def _parameters(value: object) -> object:
    """A parameter count from "7B", "135M" or a number."""
    if not isinstance(value, str) or value == "in name":
        return value
    if not (found := _COUNT.fullmatch(value.strip())):
        raise ValueError('a parameter count looks like "7B", "135M" or 135000000')
    return float(found[1]) * _SCALE[found[2].lower()]


Parameters = Annotated[
    Annotated[float, Field(gt=0)] | Literal["in name"], BeforeValidator(_parameters)
]


def _url(value: str) -> str:
    """The address, where calls can be sent to it."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or value != value.strip():
        raise ValueError("an address looks like http://localhost:8000/v1")
    return value


Url = Annotated[str, AfterValidator(_url)]
Dollars = Annotated[float, Field(ge=0)]


class Entry(BaseModel):
    """What may be said of a model; the fields are those of `ModelSpec`."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    family: str | None = None
    size: Parameters | None = None
    active_size: Parameters | None = None
    tier: Tier | None = None
    tuning: Tuning | None = None
    form: Form | None = None
    api_base: Url | None = None
    price: tuple[Dollars, Dollars] | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    max_tokens: int | None = Field(None, gt=0)
    seed: int | None = None
    shots: int | None = Field(None, ge=0)
    connections: int | None = Field(None, gt=0)
    system: bool = False
    turns: bool = False
    reasoning_effort: str | None = Field(None, min_length=1)
    series: str | None = Field(None, min_length=1)
    step: int | None = Field(None, ge=0)
    dtype: Dtype | None = None


Overrides = Path | Mapping[str, Mapping[str, object]] | None
"""A TOML file with tables `[model."NAME"]`, or such tables by name."""


def spec_for(name: str, overrides: Overrides = None) -> ModelSpec:
    """The specification of the model called `name`, as LiteLLM names it.

    From the catalog, the numbers in the name, and the user's `overrides`, in rising
    order. An override counts for the name it gives, with or without the provider's
    prefix. What is not known stays None. Raises `BadFile` and `UnknownName`.
    """
    bare = _bare(name)
    known: dict[str, Any] = {}
    if name.startswith(_TEXT_PROVIDERS):
        known["form"] = "base"
    for words, entry in _catalog():
        if all(word.search(bare) for word in words):
            known |= entry
    if name.startswith("local/"):
        known |= _embedded(name)
    if name.startswith(HF):
        known |= {"price": (0.0, 0.0)}
        known |= {"form": "base"} if chats(name) is False else {}
    for key, entry in _tables(overrides):
        if speaks_of(key, name):
            known |= entry
    for field, pattern in (("size", _SIZE_IN_NAME), ("active_size", _ACTIVE_IN_NAME)):
        if known.get(field, "in name") == "in name":
            known[field] = _read(pattern, bare)
    return ModelSpec(name, **known)


def speaks_of(key: str, name: str) -> bool:
    """Whether a user's table called `key` is about the model called `name`."""
    return key.lower() == name.lower() or ("/" not in key and _bare(key) == _bare(name))


def _bare(name: str) -> str:
    """The model's own name: lower case, without provider, tag and file ending."""
    last = name.lower().rstrip("/").rsplit("/", 1)[-1].removesuffix(".gguf").removesuffix(":free")
    return last.replace("_", "-").replace(":", "-").replace("@", "-")


def _read(pattern: re.Pattern[str], name: str) -> float | None:
    found = pattern.search(name)
    return float(found[1]) * _SCALE[found[2]] if found else None


def _embedded(name: str) -> dict[str, Any]:
    """What holds for a model that runs in this process, and for those we know by name."""
    free = {"price": (0.0, 0.0), "connections": 1}
    if name.lower().endswith(".gguf"):
        return free
    weights = weights_of(name)
    return free | {"weights": weights.sha256, "form": weights.form, "tuning": "instruct"}


@cache
def _catalog() -> tuple[tuple[tuple[re.Pattern[str], ...], dict[str, Any]], ...]:
    """The rows of the catalog: the words that a name must have, and what they tell."""
    text = (files("reasongap.models") / "catalog.toml").read_text("utf-8")
    return tuple(
        (tuple(_word(word) for word in key.split()), _entry("catalog.toml", key, table))
        for key, table in tomllib.loads(text).items()
    )


def _word(word: str) -> re.Pattern[str]:
    after = "(?![a-z])" if word[-1].isalpha() else r"(?![a-z0-9]|\.\d)"
    return re.compile(rf"(?<![a-z0-9]){re.escape(word)}{after}")


def _tables(overrides: Overrides) -> Iterator[tuple[str, dict[str, Any]]]:
    """The user's tables, checked: name and fields."""
    if isinstance(overrides, Path):
        source, tables = str(overrides), _load(overrides)
    else:
        source, tables = "settings", overrides or {}
    for key, table in tables.items():
        yield key, _entry(source, key, table)


def _load(path: Path) -> Mapping[str, Any]:
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadFile(str(path), error.strerror or "cannot be read") from error
    except ValueError as error:
        raise BadFile(str(path), f"not TOML: {error}") from error
    tables = document.pop("model", {})
    if document or not isinstance(tables, dict):
        why = f"not a table of models: {', '.join(document) or 'model'}"
        raise BadFile(str(path), why, 'Give each model a table: [model."openai/my-model"]')
    return tables


def _entry(source: str, key: str, table: object) -> dict[str, Any]:
    """The fields that a table sets, as `ModelSpec` takes them."""
    try:
        return Entry.model_validate(table).model_dump(exclude_unset=True)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"] if isinstance(part, (str, int)))
        if first["type"] == "extra_forbidden":
            raise UnknownName(f"setting of model {key!r}", field, Entry.model_fields) from None
        why = first["msg"].removeprefix("Value error, ")
        told = f"{field} {first['input']!r}" if field else "table"
        raise BadFile(source, f'model "{key}", {told}: {why}') from None
