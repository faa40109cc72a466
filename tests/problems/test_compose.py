from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Execution, Problem, Program
from reasongap.errors import UsageError
from reasongap.problems import Composed, compose
from reasongap.problems.gsm8k import open_gsm8k
from reasongap.problems.mentions import count_x, fill
from reasongap.sandbox import open_sandbox
from tests.problems.stories import many, shelf


def composed(problems: list[Problem], **options: object) -> Composed:
    async def start() -> Composed:
        return await compose(problems, **options)  # type: ignore[arg-type]

    return anyio.run(start)


async def calculate(program: Program) -> Execution:
    """The value of the stories' own two-line programs."""
    numbers = [int(number) for number in re.findall(r"= (\d+)", program.source)]
    value = numbers[0] * numbers[1] if "*" in program.source else numbers[0] - numbers[1]
    return Execution("ok", value=str(value), value_from="solution")


async def always_seven(program: Program) -> Execution:
    """Right at the published numbers, and seven at all others."""
    honest = await calculate(program)
    known = {problem.program for problem in many()}
    return honest if program.source in known else Execution("ok", value="7")


def test_every_gold_follows_from_the_text_alone() -> None:
    for composition in composed(many()).compositions:
        before, hop = composition.hops
        assert count_x(hop.question) == 1
        assert hop.source_question == hop.question.replace("X", str(hop.replaced))
        first, second = map(int, re.findall(r"\d+", fill(hop.question, before.answer)))
        assert hop.answer == (first * second if "apples" in hop.question else first - second)
        assert hop.answer not in (hop.source_answer, before.answer)
        assert composition.answer == hop.answer > 0


def test_the_same_seed_gives_the_same_and_another_one_does_not() -> None:
    first = composed(many(), seed=5).compositions
    assert composed(many(), seed=5).compositions == first
    assert composed(many(), seed=6).compositions != first


@pytest.mark.parametrize("run", [None, calculate])
def test_more_only_adds_to_the_end(run: object) -> None:
    few = composed(many(), n=7, run=run).compositions
    assert composed(many(), n=20, run=run).compositions[:7] == few


def test_no_problem_is_in_two_blocks() -> None:
    homes: dict[str, str] = {}
    for composition in composed(many()).compositions:
        for hop in composition.hops:
            assert homes.setdefault(hop.source, composition.block) == composition.block


def test_programs_that_agree_confirm() -> None:
    made = composed(many(), run=calculate)
    assert made.summary.confirmed_share == 1
    assert all(item.derivations == ("chain", "program") for item in made.compositions)


def test_programs_that_disagree_drop_the_composition() -> None:
    made = composed(many(), run=always_seven)
    assert made.summary.dropped == made.summary.candidates - len(made.compositions) > 0
    assert {item.answer for item in made.compositions} <= {7}


def test_without_a_sandbox_one_derivation_stands_alone() -> None:
    for item in composed(many()).compositions:
        assert (item.derivations, item.confirmed) == (("chain",), False)


def test_used_once_makes_each_composition_its_own_block() -> None:
    made = composed(many(), once=1000).compositions
    assert len({item.block for item in made}) == len(made) >= 8
    names = [hop.source for item in made for hop in item.hops]
    assert len(set(names)) == len(names)


def test_asking_for_too_many_says_how_many_there_are() -> None:
    there = len(composed(many()).compositions)
    with pytest.raises(UsageError, match=f"give {there}"):
        composed(many(), n=there + 1)
    assert len(composed(many(), n=there + 1, fewer=True).compositions) == there


def test_one_hop_is_no_composition() -> None:
    with pytest.raises(UsageError, match="at least 2"):
        composed(many(), hops=1)


def test_two_problems_of_one_id_are_refused() -> None:
    with pytest.raises(UsageError, match="shelf/0"):
        composed([shelf(0, 40, 12), shelf(0, 50, 12)])


def test_the_summary_adds_up() -> None:
    unusable = Problem("odd", "How many?", Fraction(3))
    summary = composed([*many(), unusable], n=12).summary
    assert (summary.problems, summary.compositions) == (41, 12)
    assert summary.refused_problems == {"no annotation": 1}
    assert summary.slots + sum(summary.refused_slots.values()) == 80
    assert 4 <= summary.blocks <= 5 and summary.block_sizes[-1] <= 3
    assert 0 <= summary.distance <= 1


@pytest.mark.needs("gsm8k")
@pytest.mark.parametrize(("hops", "there"), [(2, 1200), (3, 800), (4, 400)])
def test_gsm8k_gives_enough(data: Path, hops: int, there: int) -> None:
    problems = list(open_gsm8k("", data).load())
    made = composed(problems, n=there, hops=hops)
    assert len(made.compositions) == there
    assert made.summary.distance < 0.25
    assert len({item.id for item in made.compositions}) == there


@pytest.mark.needs("gsm8k")
def test_gsm8k_programs_hardly_ever_contradict_the_chain(data: Path) -> None:
    """Wrong golds of chain and data together are under 1%, judged by independent programs."""

    async def start() -> Composed:
        sandbox = open_sandbox("restricted")
        try:
            problems = list(open_gsm8k("", data).load())
            return await compose(problems, n=600, run=sandbox.run, seed=1)
        finally:
            await sandbox.aclose()

    summary = anyio.run(start).summary
    assert summary.confirmed_share > 0.85
    assert summary.dropped <= 0.01 * (summary.confirmed + summary.dropped)
