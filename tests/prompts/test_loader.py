"""Prompts render what the extraction rules ask for, and their exemplars are right."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

from reasongap.answers import read_text
from reasongap.domain import Form, Question
from reasongap.errors import UnknownName, UsageError
from reasongap.prompts import DEFAULT, Exemplar, exemplar_sets, load_prompt

SINGLE = Question("c", "b", "hop1", ("How many legs have 3 cats?",), (Fraction(12),))
CHAIN = Question(
    "c",
    "b",
    "composed",
    ("How many legs have 3 cats?", "A box holds X pens. How many pens are in 2 boxes?"),
    (Fraction(12), Fraction(24)),
)


def exemplars() -> list[Exemplar]:
    return [one for name in exemplar_sets() for one in load_prompt("cot", DEFAULT, name).exemplars]


@pytest.mark.parametrize("exemplar", exemplars(), ids=range(len(exemplars())))
def test_an_exemplars_code_reasoning_and_answer_agree(exemplar: Exemplar) -> None:
    x: object = None
    for hop in exemplar.hop:
        body = "".join(f"    {line}\n" for line in hop.code.strip().splitlines())
        scope: dict[str, object] = {"X": x}
        exec(f"def solve():\n{body}", scope)  # our own text, from the package
        x = scope["solve"]()  # type: ignore[operator]
        assert x == int(hop.answer)
        assert read_text(hop.cot).answer == int(hop.answer)


def test_every_later_hop_of_an_exemplar_takes_the_answer_before_it() -> None:
    for exemplar in exemplars():
        assert len(exemplar.hop) == 3
        for before, hop in pairwise(exemplar.hop):
            assert hop.question.replace("$", " ").split().count("X") == 1
            assert before.answer in hop.cot


@pytest.mark.parametrize("question", [SINGLE, CHAIN], ids=["single", "chain"])
@pytest.mark.parametrize("form", ["chat", "base"])
def test_every_exemplar_answers_in_the_form_that_is_strictly_read(
    question: Question, form: Form
) -> None:
    prompt = load_prompt("cot")
    request = prompt.request(question, form=form, shots=8, preamble=False)
    text = request.prompt if form == "base" else request.messages[0].content
    assert text is not None
    answers = text.split("Answer: ")[1:9]
    assert len(answers) == 8
    for exemplar, answer in zip(prompt.exemplars, answers, strict=True):
        hops = exemplar.hop[: len(question.hops)]
        reading = read_text(answer.split("\n\n")[0], hops=len(hops))
        golds = [Fraction(hop.answer) for hop in hops]
        assert reading.strict_answer == golds[-1]
        assert list(reading.hop_answers) == golds[:-1]


def test_a_chain_asks_for_one_function_a_hop() -> None:
    text = load_prompt("pot").request(CHAIN, form="chat", shots=0, preamble=True)
    asked = text.messages[0].content
    assert "`solve_q1()`" in asked
    assert "begins with `X = solve_q1()`" in asked
    assert asked.endswith("Q2: A box holds X pens. How many pens are in 2 boxes?")


def test_a_longer_chain_asks_for_every_hop_in_turn() -> None:
    hops = ("A?", "B X?", "C X?")
    longer = Question("c", "b", "composed", hops, (Fraction(1), Fraction(2), Fraction(3)))
    asked = load_prompt("pot").request(longer, form="chat", shots=0, preamble=True)
    text = asked.messages[0].content
    assert "`solve_q2()` takes no arguments, begins with `X = solve_q1()`" in text
    assert "begins with `X = solve_q2()` and returns the answer to Q3" in text


def test_the_base_form_ends_where_the_model_goes_on() -> None:
    cot = load_prompt("cot").request(SINGLE, form="base", shots=2, preamble=True)
    pot = load_prompt("pot").request(SINGLE, form="base", shots=2, preamble=True)
    assert cot.prompt is not None
    assert cot.prompt.endswith("Question: How many legs have 3 cats?\nAnswer:")
    assert pot.prompt is not None
    assert pot.prompt.endswith("```python\n")
    assert "```" in pot.stop


@pytest.mark.parametrize("shots", [-1, 9])
def test_more_shots_than_exemplars_are_refused(shots: int) -> None:
    with pytest.raises(UsageError, match="0 to 8"):
        load_prompt("cot").request(SINGLE, form="chat", shots=shots, preamble=True)


def test_an_unknown_prompt_names_the_near_one() -> None:
    with pytest.raises(UnknownName, match="'cot'"):
        load_prompt("coot")


def test_digests_tell_prompts_apart() -> None:
    assert load_prompt("cot").digest != load_prompt("pot").digest
