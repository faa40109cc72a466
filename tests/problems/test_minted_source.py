"""The promises of a minted problem, checked by other means than those that made it."""

from __future__ import annotations

import json
import pickle
import re
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from hashlib import sha256
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reasongap.domain import Problem
from reasongap.errors import UnknownName, UsageError
from reasongap.problems.minted import MintedSource, mint, minted_row, template_names
from reasongap.problems.seam import ProblemSource

NUMBER = re.compile(r"\d+")
ANNOTATION = re.compile(r"(\S+(?: \S+)*?) = \$?<<([^=<>]+)=(\d+)>>(\d+)")
LITERAL = re.compile(r"^    (\w+) = (\d+)$", re.MULTILINE)

problems = st.builds(
    lambda seed, position: MintedSource((1, 8), seed).at(position),
    st.integers(0, 10**6),
    st.integers(0, 10**5),
).filter(lambda problem: problem is not None)


def evaluate(text: str, values: dict[int, Fraction]) -> Fraction:
    """A chain of + and - of chains of * and /, each number looked up in `values`."""
    total = Fraction(0)
    for sign, term in re.findall(r"([+-]?)([^+-]+)", text):
        product = Fraction(1)
        for operator, number in re.findall(r"([*/]?)(\d+)", term):
            value = values.get(int(number), Fraction(number))
            product = product / value if operator == "/" else product * value
        total += -product if sign == "-" else product
    return total


def run(program: str) -> Fraction:
    names: dict[str, Callable[[], float]] = {}
    exec(program, names)
    return Fraction(names["solution"]()).limit_denominator(10**6)


def numbers(problem: Problem) -> list[int]:
    return [int(number) for number in NUMBER.findall(problem.question)]


@settings(max_examples=2000)
@given(problems)
def test_text_annotations_program_and_answer_agree(problem: Problem) -> None:
    *steps, last = problem.solution.splitlines()
    results = []
    for step in steps:
        (before, inside, result, after) = ANNOTATION.findall(step)[0]
        assert step.count("<<") == 1
        assert before.replace(" ", "").endswith(inside)
        assert evaluate(inside, {}) == int(result) == int(after)
        results.append(int(result))
    assert problem.program is not None
    assert last == f"#### {problem.answer}"
    assert problem.answer == results[-1] == run(problem.program)
    assert problem.answer > 1


@settings(max_examples=1000)
@given(problems)
def test_a_number_stands_once_and_means_one_thing(problem: Problem) -> None:
    given_numbers = numbers(problem)
    assert len(set(given_numbers)) == len(given_numbers)
    literals = [int(number) for _, number in LITERAL.findall(problem.program or "")]
    assert sorted(literals) == sorted(given_numbers)
    computed = [int(result) for _, _, result, _ in ANNOTATION.findall(problem.solution)]
    assert len({*given_numbers, *computed}) == len(given_numbers) + len(computed)


@settings(max_examples=1000)
@given(problems, st.integers(0, 20), st.integers(2, 99))
def test_with_another_number_annotations_and_program_still_agree(
    problem: Problem, slot: int, number: int
) -> None:
    old = numbers(problem)[slot % len(numbers(problem))]
    values = {old: Fraction(number)}
    value = Fraction(0)
    for _, inside, result, _ in ANNOTATION.findall(problem.solution):
        value = values[int(result)] = evaluate(inside, values)
    program = re.sub(rf"(?m)^(    \w+ = ){old}$", rf"\g<1>{number}", problem.program or "")
    assert float(run(program)) == pytest.approx(float(value), rel=1e-6, abs=1e-5)


@settings(max_examples=1000)
@given(problems)
def test_the_text_reads_as_a_question(problem: Problem) -> None:
    text = problem.question
    assert text.endswith("?")
    assert text[0].isupper() or text[0].isdigit()
    assert not re.search(r"[{}<>]|  | [.,?]|\bX\b|\b(\w+) \1\b", text)
    assert not re.search(r"\b[Aa] (?!unit)[aeiou]|\b[Aa]n (?!hour)[^aeiou]", text)
    assert not re.search(r"\b(one|two|three|half|twice|double|dozen|both|second)\b", text.lower())


def test_every_template_is_reached_about_as_often() -> None:
    counts = Counter(minted_row(problem)["template"] for problem in mint(95 * 40, (1, 8), seed=3))
    assert set(counts) == set(template_names())
    assert min(counts.values()) > 25
    assert max(counts.values()) < 50


@pytest.mark.parametrize("steps", [(1, 1), (2, 4), (8, 8)])
def test_a_problem_has_as_many_steps_as_asked_for(steps: tuple[int, int]) -> None:
    for problem in mint(300, steps, seed=1):
        assert steps[0] <= problem.solution.count("<<") <= steps[1]


def test_no_text_comes_twice() -> None:
    texts = {problem.question for problem in mint(30_000, (1, 1), seed=5)}
    assert len(texts) == 30_000


def test_most_answers_are_small() -> None:
    answers = sorted(problem.answer for problem in mint(3_000, (1, 8), seed=2))
    assert answers[1_500] < 500
    assert answers[2_700] < 5_000
    assert answers[-1] < 100_000


def test_the_stream_is_the_same_on_every_machine() -> None:
    rows = [json.dumps(minted_row(problem)) for problem in mint(200, (1, 8), seed=7)]
    # Changes only where templates, names or the way of shuffling change on purpose.
    assert sha256("\n".join(rows).encode()).hexdigest()[:16] == "941841ee0e16bc6a"


def test_positions_can_be_shared_between_workers() -> None:
    source = pickle.loads(pickle.dumps(MintedSource((2, 4), seed=7)))
    shares = [[source.at(position) for position in range(worker, 90, 3)] for worker in range(3)]
    together = [shares[position % 3][position // 3] for position in range(90)]
    assert [problem for problem in together if problem] == list(
        islice(
            MintedSource((2, 4), seed=7).load(), sum(problem is not None for problem in together)
        )
    )


def test_loading_again_gives_the_same_and_another_seed_does_not() -> None:
    source = MintedSource(n=20, seed=1)
    assert list(source.load()) == list(source.load())
    assert not set(source.load()) & set(MintedSource(n=20, seed=2).load())


def test_disjoint_templates_share_no_template() -> None:
    names = template_names()
    train = MintedSource((1, 8), 0, 300, names[::2])
    held_out = MintedSource((1, 8), 0, 300, names[1::2])
    assert train.name != held_out.name
    assert {minted_row(problem)["template"] for problem in train.load()} == set(names[::2])
    assert {minted_row(problem)["template"] for problem in held_out.load()} == set(names[1::2])


def test_the_name_identifies_the_stream() -> None:
    source = MintedSource((2, 4), seed=7)
    assert isinstance(source, ProblemSource)
    assert source.name == "minted:2-4:seed=7"
    assert MintedSource((1, 1)).name == "minted:1:seed=0"
    chosen = MintedSource((1, 8), templates=("kitchen/trays", "garden/rows"))
    swapped = MintedSource((1, 8), templates=("garden/rows", "kitchen/trays"))
    assert chosen.name == swapped.name != MintedSource((1, 8)).name


def test_a_row_holds_the_problem_in_the_shape_of_a_file() -> None:
    (problem,) = MintedSource((1, 1), 4, 1, ("kitchen/trays",)).load()
    row = minted_row(problem)
    assert list(row) == ["id", "question", "answer", "program", "steps", "template", "seed"]
    assert row["id"] == "minted:kitchen/trays:4:0"
    assert row["answer"] == problem.solution
    assert (row["steps"], row["template"], row["seed"]) == (1, "kitchen/trays", 4)


def test_an_unknown_template_is_named_with_its_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'kitchen/trays'"):
        MintedSource(templates=("kitchen/tray",))


@pytest.mark.parametrize("steps", [(9, 9), (4, 2), (0, 0)])
def test_steps_that_no_template_has_are_refused(steps: tuple[int, int]) -> None:
    with pytest.raises(UsageError, match="two numbers from 1 to 8"):
        MintedSource(steps)


def test_less_than_a_problem_is_refused() -> None:
    with pytest.raises(UsageError, match="n is 0"):
        MintedSource(n=0)


def test_more_than_there_are_says_how_many_there_are() -> None:
    source = MintedSource((1, 1), 0, 10_000, ("travel/steady-drive",))
    made = 0
    with pytest.raises(UsageError, match="10000 were asked for") as refused:
        for _ in source.load():
            made += 1
    assert f"holds {made} problems" in str(refused.value)
    assert made > 3_000
