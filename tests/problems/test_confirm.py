from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import anyio
import pytest

from reasongap.domain import Execution, Problem, Program
from reasongap.problems.confirm import Confirmer, rewritten
from reasongap.problems.pairing import Link, Path
from reasongap.problems.slots import find_slots
from tests.problems.stories import shelf, shop, told


def path(problem: Problem, number: int, gold: int) -> Path:
    slot = find_slots(problem).offered[0]
    return Path("b", shop(9, 4, 5), (Link(slot, Fraction(number), Fraction(gold), 0.0),))


class Table:
    """A sandbox's `run` that knows the values of some programs by a piece of their text."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values
        self.ran: list[str] = []

    async def __call__(self, program: Program) -> Execution:
        self.ran.append(program.source)
        for piece, value in self.values.items():
            if piece in program.source:
                return Execution("ok", value=value, value_from="solution")
        return Execution("error", error="NameError")


def verdict(of: Path, values: dict[str, str]) -> bool | None:
    (given,) = anyio.run(Confirmer(Table(values)).verdicts, [of])
    return given


SHELF = shelf(0, 40, 12)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"books = 40": "28", "books = 33": "21"}, True),
        ({"books = 40": "28.0", "books = 33": "20.999999999999996"}, True),
        ({"books = 40": "28", "books = 33": "22"}, False),
        ({"books = 40": "28", "books = 33": "no number"}, None),
        ({"books = 40": "28"}, None),
        ({"books = 33": "21"}, None),
        ({"books = 40": "27", "books = 33": "21"}, False),
    ],
)
def test_a_program_agrees_contradicts_or_cannot_tell(
    values: dict[str, str], expected: bool | None
) -> None:
    assert verdict(path(SHELF, 33, 21), values) is expected


def test_without_a_program_there_is_no_verdict() -> None:
    assert verdict(path(replace(SHELF, program=None), 33, 21), {}) is None


def test_a_number_written_twice_in_the_program_gives_no_verdict() -> None:
    twice = replace(SHELF, program="def solution():\n    return 40 - 12 if 40 else 0\n")
    assert verdict(path(twice, 33, 21), {"40 - 12": "28"}) is None


def test_one_disagreement_outweighs_what_cannot_be_told() -> None:
    silent = path(replace(SHELF, program=None), 33, 21)
    wrong = path(shelf(1, 50, 12), 33, 21)
    both = replace(silent, links=(*silent.links, *wrong.links))
    assert verdict(both, {"books = 50": "38", "books = 33": "20"}) is False


def test_a_first_problem_whose_program_contradicts_it_is_out() -> None:
    doubtful = replace(path(SHELF, 33, 21), first=shop(9, 4, 5))
    agreed = {"books = 40": "28", "books = 33": "21"}
    assert verdict(doubtful, {**agreed, "apples = 4": "20"}) is True
    assert verdict(doubtful, {**agreed, "apples = 4": "19"}) is False


def test_a_program_is_tested_once_for_all_its_paths() -> None:
    table = Table({"books = 40": "28", "books = 33": "21", "books = 35": "23"})
    confirmer = Confirmer(table)
    paths = [path(SHELF, 33, 21), path(SHELF, 35, 23)]
    assert anyio.run(confirmer.verdicts, paths) == [True, True]
    assert anyio.run(confirmer.verdicts, paths[:1]) == [True]
    assert sum("books = 40" in source for source in table.ran) == 1


def test_a_percentage_is_written_as_the_program_writes_it() -> None:
    tax = told(
        "A coat of $80 is taxed at 15%.",
        "80*.15=<<80*.15=12>>12",
        12,
        program="def solution():\n    return 80 * 0.15\n",
    )
    slot = next(slot for slot in find_slots(tax).offered if slot.mention.percent)
    link = Link(slot, Fraction(25), Fraction(20), 0.0)
    assert rewritten(link) == "def solution():\n    return 80 * 0.25\n"
