"""A study: what is asked of whom, under which conditions; from arguments or a TOML file."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    InstanceOf,
    ModelWrapValidatorHandler,
    ValidationError,
    field_validator,
    model_validator,
)

from reasongap.domain import Form
from reasongap.errors import BadFile, UsageError
from reasongap.models.catalog import Url, speaks_of
from reasongap.models.hf.checkpoint import HF
from reasongap.models.seam import Dtype, Model
from reasongap.problems.settings import CONTROLS
from reasongap.prompts import DEFAULT
from reasongap.sandbox.seam import Limits, Sandbox
from reasongap.solvers.seam import Solver
from reasongap.solvers.sweep import Factor

EMBEDDED = "local/smollm2-135m"


class Options(BaseModel):
    """How questions are asked and programs are run, where the defaults do not suit.

    Left None, `shots`, `temperature`, `max_tokens`, `system`, `turns`, `reasoning_effort`,
    `form` and `dtype` are each model's own. `prompt` and `exemplars` choose the wording and
    the worked examples for every strategy, `prompts` adds its variants by factor (see
    `solvers.sweep`), `prompt_folder` holds prompts of one's own. `controls`
    are settings beyond the gap's ("hop2-source", "hop2-distracted"). `columns` says where a
    file or data set of the user's holds the fields of a problem. `timeout` is seconds
    a program, `memory` MiB; `allow_import` names packages that programs may import besides
    the standard modules; with `require_isolation` nothing runs where a layer is missing.
    `connections` bounds the calls in flight per endpoint, `deadline` the seconds of one
    call; calls to a model in this process wait for one another, and have that for each.
    `model` holds settings per model: the `[model."NAME"]` tables of a study file.
    `budget` (dollars) and `max_output_tokens_total` (of all replies) bound what the run's
    folder may spend; `accept_unknown_prices` leaves calls uncounted whose price nobody knows.

    Raises `UsageError` naming the field, the value and what is wrong with it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    repeats: Annotated[int, Field(ge=1)] = 1
    shots: Annotated[int, Field(ge=0, le=8)] | None = None
    preamble: bool = True
    prompt: str = DEFAULT
    exemplars: str = DEFAULT
    prompts: tuple[Factor, ...] = ()
    prompt_folder: Path | None = None
    system: bool | None = None
    turns: bool | None = None
    reasoning_effort: str | None = None
    form: Form | None = None
    dtype: Dtype | None = None
    controls: tuple[str, ...] = ()
    columns: dict[str, str] = Field(default_factory=dict)
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    api_base: Url | None = None
    connections: Annotated[int, Field(ge=1)] = 16
    deadline: Annotated[float, Field(gt=0)] = 600.0
    timeout: Annotated[float, Field(gt=0)] = 5.0
    memory: Annotated[int, Field(ge=32)] = 256
    allow_import: tuple[str, ...] = ()
    require_isolation: bool = False
    model: dict[str, dict[str, Any]] = Field(default_factory=dict)
    budget: Annotated[float, Field(gt=0)] | None = None
    max_output_tokens_total: Annotated[int, Field(ge=1)] | None = None
    accept_unknown_prices: bool = False

    @model_validator(mode="wrap")
    @classmethod
    def _explained(cls, given: Any, make: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return make(given)
        except ValidationError as error:
            raise UsageError(_explain(error)) from error


class Study(Options):
    """Everything that decides what a run does.

    Models, strategies, `n` and `repeats` are extents: a run folder may be extended by
    more of them. All else are conditions, which a folder keeps. `n` counts compositions.
    Left None, `problems` and `n` are 100 minted problems, or where the embedded model
    takes part 15 of one step a hop.
    """

    models: tuple[str | InstanceOf[Model], ...] = ()
    strategies: tuple[str | InstanceOf[Solver], ...] = ("cot", "pot")
    problems: str | None = None
    n: Annotated[int, Field(ge=1)] | None = None
    hops: Annotated[int, Field(ge=2, le=8)] = 2
    seed: int = 0
    sandbox: str | InstanceOf[Sandbox] = "restricted"

    @model_validator(mode="before")
    @classmethod
    def _models_of_the_tables(cls, given: dict[str, Any]) -> dict[str, Any]:
        tables = given.get("model") or {}
        if not isinstance(tables, dict):
            raise ValueError('model: write a table for each, [model."NAME"]')
        for field in ("models", "strategies", "controls", "allow_import", "prompts"):
            if isinstance(given.get(field), str):
                given = {**given, field: (given[field],)}
        return given if "models" in given else {**given, "models": tuple(tables) or (EMBEDDED,)}

    @field_validator("controls")
    @classmethod
    def _known_controls(cls, controls: tuple[str, ...]) -> tuple[str, ...]:
        for name in controls:
            if name not in CONTROLS:
                raise ValueError(f"{name!r} is none; known: {', '.join(CONTROLS)}")
        return tuple(dict.fromkeys(controls))

    @field_validator("models", "strategies", mode="before")
    @classmethod
    def _usable(cls, chosen: object) -> object:
        for part in chosen if isinstance(chosen, (tuple, list)) else ():
            if isinstance(part, type):
                raise ValueError(f"{part.__name__} is a class; give one of it, {part.__name__}()")
            if isinstance(part, Solver) and not isinstance(part.name, str):
                raise ValueError(f"the name of a solver must be text, not {part.name!r}")
        return chosen

    @model_validator(mode="after")
    def _something_to_do(self) -> Self:
        for what, named in (("model", self.models), ("strategy", self.strategies)):
            if not named or "" in named:
                raise ValueError(f"no {what} is named")
        check_apart("models", self.model_names)
        here = [m for m in self.models if isinstance(m, str) and m.startswith(("local/", HF))]
        if self.api_base and here:
            raise ValueError(
                f"api_base {self.api_base!r} names a server, and {here[0]} runs in this process. "
                "Name the server's model (-m), or set api_base in the table of its model"
            )
        return self

    @property
    def model_names(self) -> tuple[str, ...]:
        """What the models are called, in records too."""
        return tuple(one if isinstance(one, str) else one.spec.name for one in self.models)

    @property
    def size(self) -> int:
        """Compositions to ask."""
        return self.n or (15 if EMBEDDED in self.models else 100)

    @property
    def source(self) -> str:
        """Where the problems come from."""
        return self.problems or ("minted:1" if EMBEDDED in self.models else "minted")

    @property
    def limits(self) -> Limits:
        """What a program may use."""
        return Limits(seconds=self.timeout, cpu_seconds=self.timeout, memory=self.memory * 2**20)


def check_apart(kind: str, names: Sequence[str]) -> None:
    """Raise `UsageError` for two models or strategies that records could not tell apart."""
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"two {kind} are called {name!r}. Give each its own name")


def make_study(**given: Any) -> Study:
    """A study of these fields; those given as None keep their defaults.

    Raises `UsageError` naming the field, the value and what is wrong with it.
    """
    return _made({name: value for name, value in given.items() if value is not None})


def load_study(path: Path, **given: Any) -> Study:
    """The study of a TOML file, with the fields of `given` that are not None laid over it."""
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
        _check_tables(fields)
    except OSError as error:
        raise BadFile(str(path), f"no study file can be read there ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadFile(str(path), f"no TOML: {error}") from error
    except ValueError as error:
        raise BadFile(str(path), str(error)) from error
    over = {name: value for name, value in given.items() if value is not None}
    try:
        return _made({**fields, **over})
    except UsageError as error:
        raise BadFile(str(path), str(error)) from error


def _made(fields: dict[str, Any]) -> Study:
    try:
        return Study(**fields)
    except ValidationError as error:  # of the validators of a study, which stand outside
        raise UsageError(_explain(error)) from error


def _check_tables(fields: dict[str, Any]) -> None:
    """Raise ValueError where the file has a table for a model that it does not ask."""
    tables, models = fields.get("model"), fields.get("models")
    if not isinstance(tables, dict) or not isinstance(models, list):
        return
    for key in tables:
        if not any(isinstance(name, str) and speaks_of(key, name) for name in models):
            raise ValueError(f'[model."{key}"] is a table for none of the models it names')


def _explain(error: ValidationError) -> str:
    parts = []
    for problem in error.errors():
        place = ".".join(str(step) for step in problem["loc"] if isinstance(step, str))
        value = f" {problem['input']!r}" if place and problem["type"] != "extra_forbidden" else ""
        why = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            why = "there is no such setting"
            why += _hint(place, Options if error.title == Options.__name__ else Study)
        parts.append(f"{place}{value}: {why}" if place else why)
    return "; ".join(dict.fromkeys(parts))


def _hint(name: str, of: type[Options]) -> str:
    if name in Study.model_fields:
        return " among the options: it is an argument beside them"
    near = difflib.get_close_matches(name, of.model_fields, n=1)
    return f". Did you mean {near[0]!r}?" if near else ""
