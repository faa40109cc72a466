"""The values that everything else passes around: frozen, and importing nothing of ours.

A `Problem` comes from a source; several are chained into a `Composition`; each of its
settings is asked as a `Question`; a solver answers with a `Solution` (`Completion`s,
`Program`s, `Execution`s); grading makes it a `Record`; many records become a `Gap`.

Answers are exact: `fractions.Fraction` in memory, strings such as "18" or "5/2" in files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

PLACE = re.compile(r"(?<!\w)X(?!\w)")
"""Where a later problem of a chain holds the answer to the one before."""

Form = Literal["chat", "base"]
"""How a model is spoken to: with messages, or with a text to continue."""

FinishReason = Literal["stop", "length", "refused", "other"]

Status = Literal["ok", "error", "timeout", "memory", "blocked", "crashed", "output_limit"]
"""How a program ended. Everything but "ok" is the program's own failure."""

Outcome = Literal[
    "correct",
    "truncated",
    "refused",
    "context_too_long",
    "no_answer",
    "code_error",
    "timeout",
    "memory",
    "blocked",
    "crashed",
    "output_limit",
    "wrong",
    "model_error",
    "sandbox_error",
]
"""The first that holds. The last two mean that the machinery failed, not the model."""

MACHINERY: frozenset[Outcome] = frozenset({"model_error", "sandbox_error"})
"""Outcomes left out of accuracy and counted as attrition."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One word problem with its gold answer.

    `solution` is the worked solution with GSM8K's calculator annotations, "" where the
    source has none; `program` is Python source defining `solution()`, None likewise.
    """

    id: str
    question: str
    answer: Fraction
    solution: str = ""
    source: str = ""
    program: str | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a composition.

    From the second hop on, `question` holds a lone `X` for the answer of the hop before;
    `replaced` is the number taken out, as it was written in `source_question`.
    `answer` is this hop's gold with X filled in; `source_answer` is the published one.
    `solution` is the source's worked solution, as published: something to read, no part of
    what is asked, so hops that differ in it alone are equal.
    """

    question: str
    answer: Fraction
    source: str
    source_question: str | None = None
    source_answer: Fraction | None = None
    replaced: str | None = None
    solution: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Composition:
    """k problems, each holding the answer of the one before it.

    `block` names the small group of source problems that it was paired in: the cluster
    of every interval. `derivations` says what the gold was derived by ("chain",
    "program"); `confirmed` is true where two of them agree on every hop they share.
    """

    id: str
    block: str
    hops: tuple[Hop, ...]
    derivations: tuple[str, ...] = ()
    confirmed: bool = False

    @property
    def answer(self) -> Fraction:
        """The gold answer of the chain: that of its last hop."""
        return self.hops[-1].answer


@dataclass(frozen=True, slots=True)
class Question:
    """What a solver is asked: one setting of one composition.

    `setting` is "hop1" … "hopk", "composed", or a control ("hop2-source",
    "hop2-distracted"). `hops` holds one text for a single problem and k for a chain
    (those from the second on with their X); `hop_golds` is aligned with it and ends
    with `gold`.
    """

    composition: str
    block: str
    setting: str
    hops: tuple[str, ...]
    hop_golds: tuple[Fraction, ...]

    @property
    def gold(self) -> Fraction:
        """The right answer."""
        return self.hop_golds[-1]

    @property
    def chained(self) -> bool:
        """Whether more than one problem is asked at once."""
        return len(self.hops) > 1

    @property
    def linked(self) -> bool:
        """Whether a later problem needs an answer before it: the chain, not an unrelated pair."""
        return any(PLACE.search(hop) for hop in self.hops[1:])

    @property
    def text(self) -> str:
        """The question as one text, for people: hops one after the other."""
        numbered = (f"Q{i}: {hop}" for i, hop in enumerate(self.hops, 1))
        return "\n\n".join(numbered) if self.chained else self.hops[0]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to a model: `messages` (chat form) or `prompt` (base form), never both.

    Fields left None are filled from the model's own settings (`ModelSpec.fill`) before
    the request leaves. `sample` is the index of this reply among several to the same
    question: part of the cache key, so that five samples are five replies.
    `reasoning_effort` is handed to models that think first ("low", "medium", "high").
    """

    messages: tuple[Message, ...] = ()
    prompt: str | None = None
    stop: tuple[str, ...] = ()
    temperature: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    sample: int = 0
    reasoning_effort: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call; None where the provider did not say.

    `reasoning_tokens` are part of `completion_tokens`.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's reply, with what it took.

    `cost` is in US dollars, None where the price is unknown (a local model costs 0.0);
    `seconds` is the wall time of the call; `model` is the name that the provider gave;
    `dropped` names the parameters that the provider does not take and did not get.
    """

    request: Request
    text: str
    finish_reason: FinishReason = "stop"
    usage: Usage = Usage()
    cost: float | None = None
    seconds: float = 0.0
    model: str = ""
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """Python source, and what of it is wanted.

    `entry_point` names the function that gives the answer, `hop_functions` those that give
    the answers of the hops before it. `packages` are those that it imports beyond the
    standard modules ("sympy"), where the strategy wrote the program itself.
    """

    source: str
    entry_point: str = "solution"
    hop_functions: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Execution:
    """What became of a program.

    `value` is the value of the entry point, else of a top-level `ans` or `answer`
    (`value_from` says which), as exact text: "18", "2.5", "5/2", or the text of a string,
    tuple or list of those; None where there is none. `hop_values` is aligned with the
    program's `hop_functions`. Seconds are wall and processor time, `peak_memory` is bytes;
    `truncated` names the parts that were cut ("stdout", "value", "error").
    """

    status: Status
    value: str | None = None
    value_from: Literal["solution", "ans", "answer"] | None = None
    hop_values: tuple[str | None, ...] = ()
    stdout: str = ""
    error: str | None = None
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory: int = 0
    truncated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """A solver's answer to a question, with everything it rests on.

    `answer` is the flexible reading (the best rule that fires), `strict_answer` the
    reading that accepts only the form that was asked for; None where there is no number.
    `hop_answers` are the stated or executed answers of the hops before the last;
    `rule` names the extraction rule that gave `answer`. `programs[i]` ran as
    `executions[i]`. `findings` names what was noticed about the reply ("hard-coded"). The
    completion and the execution that the answer rests on stand last: an outcome is theirs.
    """

    answer: Fraction | None
    strict_answer: Fraction | None = None
    hop_answers: tuple[Fraction | None, ...] = ()
    rule: str | None = None
    completions: tuple[Completion, ...] = ()
    programs: tuple[Program, ...] = ()
    executions: tuple[Execution, ...] = ()
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """What makes a record one of its kind: question × model × strategy × repeat."""

    model: str
    strategy: str
    composition: str
    setting: str
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """A graded answer: self-contained, so that it can be graded again offline.

    `outcome` grades the flexible answer, `strict` the strict one. `error` says what failed
    where the outcome is the machinery's. `started` is Unix time.
    """

    key: Key
    question: Question
    solution: Solution
    outcome: Outcome
    strict: bool
    error: str | None = None
    started: float = 0.0
    seconds: float = 0.0


Interval = tuple[float, float]
"""Lower and upper end of a 95% interval."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The reasoning gap of one model under one strategy.

    `s` holds the accuracy of every hop alone, `expected` is their product, `s_comp` the
    accuracy on the chain, `delta` = s_comp − expected (negative: worse than its parts
    promise). `n` counts complete compositions in `blocks` clusters; `attrition` counts
    compositions left out because the machinery failed somewhere, and `delta_bounds`
    says how far they could have moved Δ either way.
    """

    s: tuple[float, ...]
    s_ci: tuple[Interval, ...]
    s_comp: float
    s_comp_ci: Interval
    expected: float
    delta: float
    delta_ci: Interval
    n: int
    blocks: int
    attrition: int = 0
    delta_bounds: Interval | None = None
    method: Literal["bootstrap", "delta"] = "bootstrap"
