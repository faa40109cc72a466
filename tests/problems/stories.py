"""Problems that tests compose: short stories with annotated solutions and programs."""

from __future__ import annotations

from fractions import Fraction

from reasongap.domain import Problem


def told(question: str, solution: str, answer: int, name: str = "p", program: str = "") -> Problem:
    return Problem(name, question, Fraction(answer), solution, "tests", program or None)


def shop(index: int, apples: int, price: int) -> Problem:
    """apples × price, with two numbers that may give way."""
    total = apples * price
    return told(
        f"Ann buys {apples} apples at ${price} an apple. What does she pay in dollars?",
        f"She pays {apples}*{price}=$<<{apples}*{price}={total}>>{total}.",
        total,
        f"shop/{index}",
        f"def solution():\n    apples = {apples}\n    price = {price}\n    return apples * price\n",
    )


def shelf(index: int, books: int, lent: int) -> Problem:
    """books − lent."""
    left = books - lent
    return told(
        f"A shelf holds {books} books and {lent} are lent out. How many books are left?",
        f"There are {books}-{lent}=<<{books}-{lent}={left}>>{left} left.",
        left,
        f"shelf/{index}",
        f"def solution():\n    books = {books}\n    lent = {lent}\n    return books - lent\n",
    )


def many() -> list[Problem]:
    """Forty problems with answers from 10 to 200."""
    shops = [shop(i, 4 + i, 3 + i % 5) for i in range(20)]
    shelves = [shelf(i, 30 + 7 * i, 11 + i) for i in range(20)]
    return [*shops, *shelves]
