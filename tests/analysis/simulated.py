"""Studies of known truth: simulated models whose mistakes are set one by one.

A composition is "a boxes of b pens each and c more" and then "X crates of d". A simulated
model writes the reply or the program that its mistakes lead to, and the reply is read and
graded by the same code as a real one.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from reasongap.analysis.evidence import Evidence
from reasongap.answers import grade, read_execution, read_text
from reasongap.domain import (
    Completion,
    Composition,
    Execution,
    FinishReason,
    Hop,
    Key,
    Program,
    Question,
    Record,
    Request,
    Solution,
    Status,
    Usage,
)
from reasongap.models.seam import ModelSpec

GAP_SETTINGS = ("hop1", "hop2", "composed")
FAILS: tuple[Status, ...] = ("error", "timeout", "memory")


@dataclass(frozen=True)
class Habits:
    """What a simulated model does: each number is the chance that it goes right, or wrong.

    `hop1`, `hop2`: right alone. `inside`: hop 1 right inside the chain; of its mistakes
    there a share `skip` leaves out the product, the rest are slips. After a right hop 1:
    `stop` answers it only; else `carry` works with X, and then `later` gets hop 2 right.
    `broken`: the reply is cut short (or the program fails) before anything else. `known`:
    the published hop 2 right; `behind`: hop 2 right behind an unrelated problem.
    """

    hop1: float = 0.9
    hop2: float = 0.85
    inside: float = 0.9
    skip: float = 0.5
    stop: float = 0.0
    carry: float = 1.0
    later: float = 0.85
    broken: float = 0.0
    known: float = 0.85
    behind: float = 0.85
    price: float = 0.001

    @property
    def chain(self) -> float:
        """The accuracy on the chain in the long run."""
        return (1 - self.broken) * self.inside * (1 - self.stop) * self.carry * self.later

    @property
    def delta(self) -> float:
        """Δ in the long run."""
        return self.chain - self.hop1 * self.hop2


def composition(i: int, block: int = 5) -> Composition:
    """Composition i, five to a block."""
    a, b, c, d = 3 + i % 7, 11 + i % 5, 31 + i % 11, 53 + i % 13
    x = a * b + c
    first = Hop(
        f"There are {a} boxes of {b} pens each, and {c} pens more. How many pens?",
        Fraction(x),
        f"pens{i}",
        solution=f"{a}*{b}=<<{a}*{b}={a * b}>> and <<{a * b}+{c}={x}>>\n#### {x}",
    )
    second = Hop(
        f"X crates weigh {d} pounds each. How many pounds?",
        Fraction(x * d),
        f"crates{i}",
        f"2 crates weigh {d} pounds each. How many pounds?",
        Fraction(2 * d),
        "2",
    )
    return Composition(f"c{i:04}", f"b{i // block}", (first, second), ("chain",))


@dataclass
class Simulator:
    """One model under one strategy ("cot" or one that starts with "pot")."""

    model: str
    strategy: str
    habits: Habits
    rng: random.Random = field(default_factory=lambda: random.Random(0))

    def answers(
        self, item: Composition, settings: Iterable[str] = GAP_SETTINGS, repeat: int = 0
    ) -> Iterator[Record]:
        """The graded answers to a composition."""
        for setting in settings:
            hops = {"composed": 2, "hop2-distracted": 2}.get(setting, 1)
            golds = _golds(item, setting)
            texts = tuple(hop.question for hop in item.hops)[-hops:]
            question = Question(item.id, item.block, setting, texts, golds)
            solution = self._solution(item, setting)
            graded = grade(question, solution)
            key = Key(self.model, self.strategy, item.id, setting, repeat)
            yield Record(key, question, solution, graded.outcome, graded.strict)

    def _happens(self, chance: float) -> bool:
        return self.rng.random() < chance

    def _solution(self, item: Composition, setting: str) -> Solution:
        if setting == "composed":
            return self._chain(item)
        gold = int(_golds(item, setting)[-1])
        h = self.habits
        chance = {"hop1": h.hop1, "hop2": h.hop2, "hop2-source": h.known}.get(setting, h.behind)
        if setting == "hop1":
            return self._said([], self._first(item, self._happens(chance)))
        return self._said([], [f"n = {gold if self._happens(chance) else gold + 1}"])

    def _first(self, item: Composition, right: bool) -> list[str]:
        """The lines of hop 1; a mistake there is a skipped product or a slip."""
        i = int(item.id[1:])
        a, b, c = 3 + i % 7, 11 + i % 5, 31 + i % 11
        if right:
            return [f"p = {a} * {b} = {a * b}", f"n = {a * b} + {c} = {a * b + c}"]
        if self._happens(self.habits.skip):
            return [f"n = {b} + {c} = {b + c}"]
        return [f"p = {a} * {b} = {a * b + 1}", f"n = {a * b + 1} + {c} = {a * b + 1 + c}"]

    def _chain(self, item: Composition) -> Solution:
        h, d = self.habits, 53 + int(item.id[1:]) % 13
        if self._happens(h.broken):
            return self._broken()
        first = self._first(item, self._happens(h.inside))
        x = int(first[-1].rsplit(" ", 1)[-1])
        if x == item.hops[0].answer and self._happens(h.stop):
            return self._said(first, [f"n = {x}"])
        used = x if self._happens(h.carry) else 2
        gold = used * d
        return self._said(
            first, [f"n = {used} * {d} = {gold if self._happens(h.later) else gold + 1}"]
        )

    def _said(self, first: Sequence[str], last: Sequence[str]) -> Solution:
        numbers = [int(part[-1].rsplit(" ", 1)[-1]) for part in (first, last) if part]
        if self.strategy.startswith("pot"):
            return self._programmed(first, last, numbers)
        lines = [*first, *([f"Answer to Q1: {numbers[0]}"] if first else []), *last]
        text = "\n".join([*lines, f"Final answer: {numbers[-1]}"])
        reading = read_text(text, hops=len(numbers))
        return Solution(
            reading.answer, reading.strict_answer, reading.hop_answers, reading.rule,
            completions=(self._reply(text),),
        )  # fmt: skip

    def _programmed(
        self, first: Sequence[str], last: Sequence[str], numbers: Sequence[int]
    ) -> Solution:
        """A program of the same calculations; what a slip gives is returned as it is."""
        body = [line.rsplit("=", 1)[0] if line.count("=") > 1 else line for line in last]
        source = ""
        if first:
            inner = [line.rsplit("=", 1)[0] if line.count("=") > 1 else line for line in first]
            returned = [*inner, f"return {numbers[0]}"]
            source = "def solve_q1():\n" + "".join(f"    {line}\n" for line in returned)
            x = str(numbers[0])
            body = ["X = solve_q1()", *(line.replace(f"= {x} *", "= X *") for line in body)]
        source += "def solution():\n" + "".join(f"    {line}\n" for line in body)
        source += "    return n\n"
        hops = (str(numbers[0]),) if first else ()
        ran = Execution("ok", str(numbers[-1]), "solution", hops)
        reading = read_execution(ran)
        return Solution(
            reading.answer, reading.strict_answer, reading.hop_answers, reading.rule,
            completions=(self._reply(source),),
            programs=(Program(source, hop_functions=("solve_q1",) if first else ()),),
            executions=(ran,),
        )  # fmt: skip

    def _broken(self) -> Solution:
        if not self.strategy.startswith("pot"):
            return Solution(None, hop_answers=(None,), completions=(self._reply("So", "length"),))
        ran = Execution(self.rng.choice(FAILS), hop_values=(None,), error="it broke")
        program = Program("def solution():\n    return 1 / 0\n", hop_functions=("solve_q1",))
        return Solution(
            None,
            hop_answers=(None,),
            completions=(self._reply("code"),),
            programs=(program,),
            executions=(ran,),
        )

    def _reply(self, text: str, finish: FinishReason = "stop") -> Completion:
        usage = Usage(100, 20 + len(text))
        return Completion(Request(), text, finish, usage, cost=self.habits.price)


def _golds(item: Composition, setting: str) -> tuple[Fraction, ...]:
    first, second = item.hops
    if setting == "hop2-source":
        return (second.source_answer or Fraction(0),)
    if setting == "hop2-distracted":
        return (Fraction(1), second.answer)
    return {
        "hop1": (first.answer,),
        "hop2": (second.answer,),
        "composed": (first.answer, second.answer),
    }[setting]


def study(
    ways: Sequence[tuple[ModelSpec, str, Habits]],
    n: int = 200,
    *,
    settings: Sequence[str] = GAP_SETTINGS,
    repeats: int = 1,
    seed: int = 0,
) -> Evidence:
    """The evidence of models × strategies on the same `n` compositions."""
    items = [composition(i) for i in range(n)]
    records: list[Record] = []
    for place, (spec, strategy, habits) in enumerate(ways):
        simulator = Simulator(spec.name, strategy, habits, random.Random(f"{seed}:{place}"))
        for item in items:
            for repeat in range(repeats):
                records += simulator.answers(item, settings, repeat)
    specs = {spec.name: spec for spec, _, _ in ways}
    return Evidence(
        specs=dict(sorted(specs.items(), key=lambda pair: pair[1].size or float("inf"))),
        strategies=tuple(dict.fromkeys(strategy for _, strategy, _ in ways)),
        compositions={item.id: item for item in items},
        records=records,
        created=(1_790_000_000.0,),
    )
