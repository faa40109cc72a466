from __future__ import annotations

from fractions import Fraction

import pytest

from reasongap.problems.chain import Chain, Refused, read_chain


def chain(question: str, solution: str, answer: int) -> Chain:
    return read_chain(question, solution, Fraction(answer))


def values(read: Chain, number: int, value: int) -> list[int]:
    results = read.run(number, Fraction(value))
    assert all(result.denominator == 1 for result in results)
    return [result.numerator for result in results]


def test_a_number_flows_through_every_later_step() -> None:
    read = chain(
        "Tom has 15 nets with 11 balls each and finds 34 balls.",
        "15*11=<<15*11=165>>165 and 165+34=<<165+34=199>>199",
        199,
    )
    assert values(read, 0, 20) == [220, 254]
    assert values(read, 2, 35) == [165, 200]


def test_a_percentage_flows_through_its_decimal() -> None:
    read = chain("A coat of $80 is taxed at 15%.", "The tax is 80*.15=<<80*.15=12>>12", 12)
    assert values(read, 1, 25) == [20]


@pytest.mark.parametrize(
    ("question", "solution", "answer", "number"),
    [
        # 7 is the number of sacks or the days of the week
        ("A cow eats 7 sacks a week.", "<<7*7=49>>49", 49, 0),
        # 12 is the number of hens or the result of the first step
        ("He has 12 hens, 6 geese and 6 ducks.", "<<6+6=12>>12, <<12+12=24>>24", 24, 0),
        # 100 dollars, or the hundred of per cent
        ("He pays 2% of $100.", "<<100*2/100=2>>2", 2, 1),
    ],
)
def test_two_readings_that_differ_are_refused(
    question: str, solution: str, answer: int, number: int
) -> None:
    with pytest.raises(Refused, match="ambiguous"):
        chain(question, solution, answer).run(number, Fraction(50))


def test_two_readings_that_agree_are_one() -> None:
    read = chain(
        "He has 8 hens and 3 cows. She has as many hens.",
        "<<8+3=11>>11 and <<8+3=11>>11, <<11+11=22>>22",
        22,
    )
    assert values(read, 0, 9) == [12, 12, 24]


@pytest.mark.parametrize(
    ("solution", "reason"),
    [
        ("He has ten", "no annotation"),
        ("<<4+=6>>6", "malformed"),
        ("<<4+6=11>>11", "last step"),
        ("<<4+6=11>>11, <<4+6=10>>10", "does not compute"),
        ("4 + 6 = 10, <<4+6=10>>10", "without annotation"),
        ("<<10=10>>10", "without annotation"),
        ("<<13-3=10>>10", "unexplained"),
    ],
)
def test_a_solution_that_cannot_be_trusted_is_refused(solution: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        chain("He has 4 cats and 6 dogs.", solution, 10)


def test_a_division_by_zero_is_refused() -> None:
    read = chain("9 sweets for 7 boys less 4.", "<<7-4=3>>3, <<9/3=3>>3", 3)
    with pytest.raises(Refused, match="zero"):
        read.run(1, Fraction(4))
