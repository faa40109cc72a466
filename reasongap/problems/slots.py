"""The numbers of a problem that may give way to the answer of the hop before.

A slot is offered only where the number occurs once in the question, in digits and in no
word; where the solution uses it unambiguously; and where nothing else in the question
would contradict it. Everything refused is refused by name, so that the summary can tell
why. `Slot.gold` is then the answer at a new number, under `Rules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from reasongap.domain import Problem
from reasongap.errors import UsageError
from reasongap.problems.chain import Chain, Refused, read_chain
from reasongap.problems.mentions import Mention, holds_x

PROBE = Fraction(1, 7919)
"""An offset that no two different readings of a chain survive by accident."""

SMALL = 20
"""Up to here, a number used twice may be counted out of the story the second time."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How far a composition may move from the problems it is made of.

    `number_factor` bounds X against the number it replaces, `answer_factor` the new answer
    against the published one, either way. `block` is the number of source problems in a
    block, `reuse` how often one of them may serve as the same hop of its block's items.
    """

    number_factor: float = 3.0
    answer_factor: float = 3.0
    block: int = 10
    reuse: int = 4

    def __post_init__(self) -> None:
        """Refuse bounds that leave nothing to compose."""
        if min(self.number_factor, self.answer_factor) <= 1:
            raise UsageError("both factors of the rules must be above 1: X is a new number")
        if self.block < 2 or self.reuse < 1:
            raise UsageError("a block has 2 problems or more, and each serves once or more")


RULES = Rules()


@dataclass(frozen=True, slots=True)
class Slot:
    """A number of a problem's question that may become X."""

    problem: Problem
    chain: Chain
    index: int

    @property
    def mention(self) -> Mention:
        """The number as it stands in the question."""
        return self.chain.mentions[self.index]

    @property
    def question(self) -> str:
        """The question with a lone X in the number's place."""
        text = self.problem.question
        return f"{text[: self.mention.start]}X{text[self.mention.end :]}"

    def gold(self, number: Fraction, rules: Rules) -> Fraction | None:
        """The answer when the number is replaced, None where the story would not bear it.

        Whole steps stay whole, positive ones positive, percentages at most 100, amounts
        no finer than hundredths unless they were; the answer is a positive integer, new, and
        not X itself.
        """
        old = self.mention.value
        if number == old or number < 2 or not _near(number, old, rules.number_factor):
            return None
        if self.mention.percent and old <= 100 < number:
            return None
        try:
            results = self.chain.run(self.index, number)
        except Refused:
            return None
        steps = zip(results, self.chain.steps, strict=True)
        if not all(_bearable(new, step.result) for new, step in steps):
            return None
        gold, published = results[-1], self.problem.answer
        if gold in (number, published) or not _near(gold, published, rules.answer_factor):
            return None
        return gold


@dataclass(frozen=True, slots=True)
class Slots:
    """The slots of one problem, and a reason for each number that is none.

    `untrusted` says why the problem as a whole offers none.
    """

    offered: tuple[Slot, ...] = ()
    refused: tuple[str, ...] = ()
    untrusted: str | None = None


def may_open(problem: Problem) -> bool:
    """Whether a problem's answer can be the X of another: 2 or more, whole, and no X before."""
    answer = problem.answer
    return answer >= 2 and answer.denominator == 1 and not holds_x(problem.question)


def find_slots(problem: Problem) -> Slots:
    """The slots of a problem, refusals named."""
    try:
        chain = _trusted(problem)
    except Refused as refusal:
        return Slots(untrusted=str(refusal))
    offered: list[Slot] = []
    refused: list[str] = []
    for index in range(len(chain.mentions)):
        reason = _refusal(chain, index)
        if reason is None:
            offered.append(Slot(problem, chain, index))
        else:
            refused.append(reason)
    return Slots(tuple(offered), tuple(refused))


def _trusted(problem: Problem) -> Chain:
    if not may_open(problem):
        raise Refused("an x in the question, or an answer that cannot be one")
    chain = read_chain(problem.question, problem.solution, problem.answer)
    for index, mention in enumerate(chain.mentions):
        if not chain.uses(index) and mention.value not in chain.words:
            raise Refused("a number goes unused: perhaps a condition or a repetition")
    return chain


def _refusal(chain: Chain, index: int) -> str | None:
    mention = chain.mentions[index]
    if mention.obstacle is not None:
        return mention.obstacle
    if sum(other.value == mention.value for other in chain.mentions) > 1:
        return "occurs twice"
    if mention.value in chain.words:
        return "occurs as a word"
    if chain.uses(index) > 1 and mention.value <= SMALL:
        return "small and used twice"
    try:
        chain.run(index, mention.value + PROBE)
    except Refused as refusal:
        return str(refusal)
    return None


def _near(new: Fraction, old: Fraction, factor: float) -> bool:
    limit = _exact(factor)
    return new <= old * limit and old <= new * limit


@cache
def _exact(factor: float) -> Fraction:
    return Fraction(factor)


def _bearable(new: Fraction, old: Fraction) -> bool:
    if old > 0 >= new:
        return False
    if old.denominator == 1:
        return new.denominator == 1
    return 100 % new.denominator == 0 or new.denominator <= old.denominator
