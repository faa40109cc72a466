"""How many replies a question takes and how long they are: from a pilot run, else assumed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reasongap.domain import MACHINERY, Question, Record
from reasongap.models.seam import ModelSpec

ASSUMED: Mapping[str, int] = {"cot": 200, "pot": 150}
"""Tokens of a reply a hop, by strategy, where no pilot says more."""
OTHERWISE = 200
THINKING = 2000
"""The same for a model that thinks before it answers."""

Place = tuple[str | None, str, str]
"""Model (None: any), strategy, setting."""


@dataclass(frozen=True)
class Seen:
    """Replies a question and tokens a reply, on average."""

    replies: float
    tokens: float


@dataclass(frozen=True)
class Lengths:
    """What replies take, by place: a model's own, else those of all models together."""

    seen: Mapping[Place, Seen] = field(default_factory=dict)

    def of(self, model: str, strategy: str, setting: str) -> Seen | None:
        """What a pilot saw there, None where it saw nothing."""
        own: Place = (model, strategy, setting)
        return self.seen.get(own) or self.seen.get((None, strategy, setting))


def lengths_of(records: Iterable[Record]) -> Lengths:
    """What the answers of a pilot took; failures of the machinery are passed over."""
    found: defaultdict[Place, list[Record]] = defaultdict(list)
    for record in records:
        if record.outcome not in MACHINERY and any(_tokens(record)):
            key = record.key
            found[key.model, key.strategy, key.setting].append(record)
            found[None, key.strategy, key.setting].append(record)
    return Lengths({place: _mean(mine) for place, mine in found.items()})


def _mean(records: list[Record]) -> Seen:
    tokens = [count for record in records for count in _tokens(record)]
    replies = sum(len(record.solution.completions) for record in records)
    return Seen(replies / len(records), sum(tokens) / len(tokens))


def _tokens(record: Record) -> Iterator[int]:
    for reply in record.solution.completions:
        if reply.usage.completion_tokens is not None:
            yield reply.usage.completion_tokens


def assumed(spec: ModelSpec, strategy: str, question: Question) -> float:
    """Tokens of a reply to this question where nobody saw one, within the model's limit."""
    each = THINKING if spec.tuning == "reasoning" else ASSUMED.get(strategy, OTHERWISE)
    return min(each * len(question.hops), spec.max_tokens)
