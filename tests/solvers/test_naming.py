"""A strategy's description tells every setting and every prompt; its name what was chosen."""

from __future__ import annotations

from dataclasses import dataclass

from reasongap.answers import Rule
from reasongap.prompts import load_prompt
from reasongap.solvers import (
    ChainOfThought,
    PromptChoice,
    SelfConsistency,
    chosen_for,
    described,
    open_solver,
)


def test_what_a_study_chose_is_in_the_description_and_not_in_the_name() -> None:
    choice = PromptChoice(shots=4, prompt="terse")
    chosen = chosen_for(open_solver("self-consistency(cot, n=3)"), choice)
    assert chosen.name == "self-consistency(cot, n=3)"
    assert isinstance(chosen, SelfConsistency)
    assert isinstance(chosen.inner, ChainOfThought)
    assert chosen.inner.study == choice
    assert load_prompt("cot", "terse").digest in described(chosen)
    assert "shots=4" in described(chosen)


def test_a_specification_stands_against_the_studys_choice() -> None:
    chosen = chosen_for(ChainOfThought(prompt="teacher"), PromptChoice(prompt="terse"))
    assert chosen.prompt_digest == load_prompt("cot", "teacher").digest


def test_settings_that_need_quotes_get_them() -> None:
    assert ChainOfThought(prompt="my own").name == 'cot(prompt="my own")'
    assert open_solver('cot(prompt="my own")').name == 'cot(prompt="my own")'
    rule = Rule("last_line", lambda text, hops: None)
    assert ChainOfThought(rule=rule).name == "cot(rule=last_line)"


def test_a_solver_that_is_no_dataclass_is_told_by_its_class() -> None:
    class Plain:
        name = "plain"

    @dataclass(frozen=True)
    class Whole:
        name: str = "whole"

    assert described(Plain()) == f"{Plain.__qualname__}"  # type: ignore[arg-type]
    assert described(Whole()).endswith("Whole(name='whole')")  # type: ignore[arg-type]
