"""A study says in one place what is asked, and names whatever is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reasongap.errors import BadFile, UsageError
from reasongap.runs.study import EMBEDDED, load_study, make_study
from reasongap.solvers import ChainOfThought


def test_nothing_said_is_the_embedded_model_on_easy_problems() -> None:
    study = make_study()
    assert study.models == (EMBEDDED,)
    assert study.strategies == ("cot", "pot")
    assert (study.size, study.source) == (15, "minted:1")


def test_another_model_gets_more_and_harder_problems() -> None:
    study = make_study(models=("openai/gpt-4o-mini",))
    assert (study.size, study.source) == (100, "minted")


def test_a_study_file_names_models_by_their_tables(tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    file.write_text(
        'problems = "gsm8k"\nn = 50\nstrategies = ["pot"]\n'
        '[model."openai/small"]\napi_base = "http://localhost:1/v1"\n'
        '[model."openai/large"]\nmax_tokens = 2048\n'
    )
    study = load_study(file, n=7)
    assert study.models == ("openai/small", "openai/large")
    assert study.model["openai/large"] == {"max_tokens": 2048}
    assert (study.problems, study.n, study.strategies) == ("gsm8k", 7, ("pot",))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"n": 0}, "n 0"),
        ({"hops": 1}, "hops 1"),
        ({"temperature": -1.0}, "temperature -1.0"),
        ({"strategies": ()}, "no strategy is named"),
        ({"shots": 9}, "shots 9"),
        ({"shot": 3}, "shot: there is no such setting"),
        ({"control": "hop2-source"}, "there is no such setting. Did you mean controls"),
        ({"max_connections": 3}, "there is no such setting. Did you mean connections"),
        ({"models": ()}, "no model is named"),
        ({"controls": ("hop1",)}, "hop1 is none; known: hop2-source, hop2-distracted"),
        ({"strategies": (ChainOfThought,)}, "give one of it, ChainOfThought()"),
        ({"api_base": "http://here"}, "api_base http://here names a server, and local/smollm2"),
        ({"budget": float("nan")}, "budget nan"),
        ({"deadline": float("inf")}, "deadline inf"),
    ],
)
def test_a_wrong_value_is_named(given: dict[str, object], named: str) -> None:
    with pytest.raises(UsageError) as caught:
        make_study(**given)
    assert named in str(caught.value).replace("'", "")


def test_a_control_named_twice_is_asked_once() -> None:
    assert make_study(controls=("hop2-source", "hop2-source")).controls == ("hop2-source",)


@pytest.mark.parametrize(
    "text",
    [
        "n = ",
        'n = "many"',
        "colour = 3",
        "models = []",
        'models = ["openai/a"]\n[model."openai/b"]\nprice = [1.0, 1.0]',
    ],
)
def test_a_wrong_study_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "study.toml"
    file.write_text(text)
    with pytest.raises(BadFile, match=r"study\.toml"):
        load_study(file)


def test_a_missing_study_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no study file can be read"):
        load_study(tmp_path / "study.toml")
