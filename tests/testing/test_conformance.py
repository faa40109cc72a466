"""The conformance kit passes what keeps the contracts, and says what breaks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest

from reasongap.answers import Rule, read_text
from reasongap.domain import Execution, Message, Problem, Program, Question, Request, Solution
from reasongap.errors import ModelError
from reasongap.models import Model
from reasongap.problems import open_source
from reasongap.sandbox import FakeSandbox, Limits, RestrictedSandbox, Sandbox
from reasongap.solvers import BUILT_IN, open_solver
from reasongap.testing import (
    NotConforming,
    check_problems,
    check_rule,
    check_sandbox,
    check_solver,
)


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_strategy_of_ours_conforms(name: str) -> None:
    inner = "(pot, n=3)" if name == "self-consistency" else "(pot)" * (name == "least-to-most")
    check_solver(open_solver(name + inner))


@pytest.mark.parametrize(
    "name",
    [
        "self-debugging(feedback=output)",
        "cross-check(otherwise=third)",
        "self-consistency(self-consistency(cot, n=2), n=2)",
        "least-to-most(faithful(self-debugging))",
    ],
)
def test_compositions_conform(name: str) -> None:
    check_solver(open_solver(name))


@dataclass(frozen=True)
class Asking:
    """A solver that conforms, until `spoil` changes its solution."""

    spoil: Callable[[Solution], Solution] = lambda solution: solution
    name: str = "asking"
    times: int = 1
    swallow: bool = False

    def __repr__(self) -> str:
        return "Asking()"

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        base = model.spec.form == "base"
        asked = (
            Request(prompt=question.text) if base else Request((Message("user", question.text),))
        )
        try:
            replies = [await model.complete(asked) for _ in range(self.times)]
        except ModelError:
            if not self.swallow:
                raise
            return Solution(None)
        answer = read_text(replies[-1].text).answer
        return self.spoil(Solution(answer, completions=tuple(replies)))


class NoRepr(Asking):
    __repr__ = object.__repr__


def test_a_solver_of_ones_own_conforms() -> None:
    check_solver(Asking())


@pytest.mark.parametrize(
    ("solver", "why"),
    [
        (Asking(lambda s: replace(s, completions=())), "1 replies came, and the solution holds 0"),
        (Asking(lambda s: replace(s, answer=0.5)), "the answer 0.5 is no Fraction"),  # type: ignore[arg-type]
        (Asking(lambda s: replace(s, hop_answers=(None,) * 5)), "there are 5 answers of hops"),
        (Asking(lambda s: replace(s, programs=(Program(""),))), "0 programs ran"),
        (Asking(lambda s: None), "solve gives None, no Solution"),  # type: ignore[arg-type, return-value]
        (Asking(times=2), "the same request goes out twice"),
        (Asking(swallow=True), "call 1 raises Transient, and solve goes on"),
        (Asking(name=""), "the name '' is no single line"),
        (NoRepr(), "its repr changes"),
        (object(), "has no `name` and `solve`"),
    ],
)
def test_what_breaks_a_solvers_contract_is_said(solver: Asking, why: str) -> None:
    with pytest.raises(NotConforming, match=why):
        check_solver(solver)


def test_our_sandbox_conforms() -> None:
    check_sandbox(RestrictedSandbox(workers=2))


class Wrong(FakeSandbox):
    """A sandbox that fails where programs do."""

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        if "/ 0" in program.source:
            raise ModelError("wrong", "boom")
        value = "42" if "7" in program.source else "2.5"
        return Execution(
            "ok", value, "solution", ("6",) if "solve_q1" in program.source else (None,)
        )


def test_what_breaks_a_sandboxs_contract_is_said() -> None:
    with pytest.raises(NotConforming, match="ends error, not ok"):
        check_sandbox(FakeSandbox())
    with pytest.raises(NotConforming, match="a program's failure is returned"):
        check_sandbox(Wrong())


@dataclass(frozen=True)
class Source:
    """A problem source of these problems."""

    problems: tuple[Problem, ...]
    name: str = "mine"

    def load(self) -> Iterator[Problem]:
        return iter(self.problems)


def test_our_problem_sources_conform() -> None:
    check_problems(open_source("minted:1"))


ONE = Problem("a", "What is 2 plus 3?", Fraction(5), "2 + 3 = <<2+3=5>>5")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (Source(()), "it holds no problem"),
        (Source((ONE, ONE)), "several problems have the id"),
        (Source((replace(ONE, question=" "),)), "has no question"),
        (Source((replace(ONE, answer=5.0),)), "is no Fraction"),  # type: ignore[arg-type]
        (Source((replace(ONE, solution=""),)), "can be chained"),
        (Source((ONE,), name="two\nlines"), "no single line"),
    ],
)
def test_what_breaks_a_problem_sources_contract_is_said(source: Source, why: str) -> None:
    with pytest.raises(NotConforming, match=why):
        check_problems(source)


def test_a_rule_gives_a_fraction_or_nothing() -> None:
    check_rule(Rule("mine", lambda reply, hops: None))
    with pytest.raises(NotConforming, match="gives 18, no Fraction"):
        check_rule(Rule("mine", lambda reply, hops: 18 if "18" in reply else None))  # type: ignore[arg-type, return-value]
