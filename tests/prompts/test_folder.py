"""A user's prompt folder overrides by name, and says what is wrong with it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from reasongap.domain import Question
from reasongap.errors import BadFile, UnknownName
from reasongap.prompts import exemplar_sets, load_prompt, prompt_names, read_folder

SINGLE = Question("c", "b", "hop1", ("How many legs have 3 cats?",), (Fraction(12),))
MINE = '[wording.mine]\ninstructions = "Solve these {{ hops }}."\n'


def asked(name: str, wording: str, folder: Path) -> str:
    prompt = load_prompt(name, wording, own=read_folder(folder))
    given = dict.fromkeys(prompt.file.given, "…")
    request = prompt.request(SINGLE, form="chat", shots=0, preamble=True, given=given)
    return request.messages[0].content


def test_a_wording_joins_ours(tmp_path: Path) -> None:
    (tmp_path / "cot.toml").write_text(MINE)
    own = read_folder(tmp_path)
    assert prompt_names(own)["cot"] == ("default", "terse", "detailed", "teacher", "mine")
    assert asked("cot", "mine", tmp_path).startswith("Solve these 1.\n\nQuestion:")
    assert load_prompt("cot", own=own).digest == load_prompt("cot").digest, "ours is as it was"
    with pytest.raises(UnknownName, match="unknown wording of pot 'mine'"):
        load_prompt("pot", "mine", own=own)


def test_a_field_replaces_ours(tmp_path: Path) -> None:
    (tmp_path / "cot.toml").write_text('instructions = "Say it, {{ hops }}."\n')
    assert asked("cot", "default", tmp_path).startswith("Say it, 1.")
    assert load_prompt("cot", own=read_folder(tmp_path)).digest != load_prompt("cot").digest


def test_a_prompt_of_ones_own_may_be_like_one_of_ours(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('like = "cot"\ninstructions = "Say it, {{ hops }}."\n')
    assert asked("mine", "default", tmp_path).startswith("Say it, 1.")


def test_exemplars_of_ones_own_join_as_a_set(tmp_path: Path) -> None:
    hop = (
        'question = "1 + 1?"\ncot = "1 + 1 = 2"\nanswer = "2"\nplan = "Add."\ncode = "return 1 + 1"'
    )
    (tmp_path / "exemplars-tiny.toml").write_text(f"[[exemplar]]\n[[exemplar.hop]]\n{hop}\n")
    own = read_folder(tmp_path)
    assert exemplar_sets(own) == ("default", "second", "tiny")
    assert len(load_prompt("cot", exemplar_set="tiny", own=own).exemplars) == 1


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("cot", "instructions = 'Solve {{ hop }}.'", "instructions uses hop"),
        ("cot", "instructions = 'Solve it.'", "instructions does not use hops"),
        ("mend", "context = '{{ program }}'", "context does not use feedback"),
        ("cot", "worked = '{% for hop in hops %}'", "line 1: Unexpected end of template"),
        ("cot", "stop = ['{{ x }}']", "stop uses x"),
        ("cot", "instruction = 'x'", "instruction: Extra inputs"),
        ("cot", "[wording.mine]\ninstructions = 'x'", "wording 'mine'.*does not use hops"),
        ("cto", "instructions = '{{ hops }}'", "cue: Field required"),
        ("cot", "instructions = ", "no TOML"),
        ("exemplars-x", "exemplar = 3", "valid tuple"),
        ("mine", "like = 'nothing'", "is like 'nothing', which is none of ours"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path: Path, name: str, text: str, why: str) -> None:
    (tmp_path / f"{name}.toml").write_text(text)
    with pytest.raises(BadFile, match=rf"{name}\.toml.*{why}"):
        read_folder(tmp_path)


def test_an_empty_or_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="holds no prompt"):
        read_folder(tmp_path)
    with pytest.raises(BadFile, match="no prompt folder"):
        read_folder(tmp_path / "nowhere")


def test_an_unknown_set_of_exemplars_gets_a_hint() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'second'"):
        load_prompt("cot", exemplar_set="secnd")
