"""What we set out to reach, each held against its measured number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.saved import Measurement, Row

Results = Mapping[str, Measurement]
Number = Callable[[Results], float | None]
"""The number that a goal is about, None where it was not measured."""


@dataclass(frozen=True)
class Goal:
    """A goal: what is measured, the bound and its unit, and why it is missed where it is.

    `above` says that the number is to be at least the bound, not at most.
    """

    axis: str
    bound: float
    unit: str
    number: Number
    why: str
    above: bool = False

    def line(self, results: Results) -> tuple[str, str, str, str]:
        """A row of the table: axis, goal, number, verdict."""
        number = self.number(results)
        wish = f"{'≥' if self.above else '≤'} {self.bound:g} {self.unit}".strip()
        if number is None:
            return self.axis, wish, "not measured", "–"
        return self.axis, wish, f"{number:.3g} {self.unit}".strip(), self._verdict(number)

    def missed(self, results: Results) -> bool:
        """Whether there is a number, and it misses the bound."""
        number = self.number(results)
        return number is not None and self._beyond(number) > 1

    def _beyond(self, number: float) -> float:
        return self.bound / number if self.above else number / self.bound

    def _verdict(self, number: float) -> str:
        beyond = self._beyond(number)
        return "met" if beyond <= 1 else f"missed, × {beyond:.2f}"


def found(results: Results, measurement: str, **wanted: object) -> Row | None:
    """The row of a measurement whose fields are these, None where there is none."""
    rows = results[measurement].rows if measurement in results else []
    return next((row for row in rows if wanted.items() <= row.items()), None)


def field(measurement: str, name: str, key: str, **wanted: object) -> Number:
    """What gives one number of the row with this name."""

    def number(results: Results) -> float | None:
        row = found(results, measurement, name=name, **wanted)
        value = row.get(key) if row else None
        return float(value) if isinstance(value, int | float) else None

    return number


def ratio(above: Number, below: Number) -> Number:
    """One number divided by another, where both were measured."""

    def number(results: Results) -> float | None:
        one, other = above(results), below(results)
        return one / other if one is not None and other else None

    return number


def at_size(name: str, size: int, key: str, unit: float = 1.0) -> Number:
    """A cost of a work at one size."""

    def number(results: Results) -> float | None:
        row = found(results, "growth", name=name)
        for point in points(row) if row else ():
            if point["size"] == size:
                return point[key] / unit
        return None

    return number


def points(row: Row) -> Iterator[Mapping[str, float]]:
    """The sizes of a work, each with what it cost."""
    listed = row["points"]
    assert isinstance(listed, list)
    yield from listed


def sandbox(name: str, key: str) -> Number:
    return field("peer_sandboxes", name, key)


def question(name: str, key: str, latency: float) -> Number:
    return field("peer_harnesses", name, key, latency=latency)


BUSY_SELF = (
    "programs come one after the other here, so that clearing up after one and forking the child "
    "that waits for the next is in the time, where a model's thinking would hide it"
)
SAME_LOOP = (
    "besides LiteLLM's own work, a question is rendered, written down before it is sent and its "
    "reply kept in two commits, read, graded and recorded"
)
START = (
    "a bare LiteLLM loop takes nearly as long (half of its questions at 200 ms, in the table of "
    "harnesses): its import, and its own work on each call, which fills one core"
)
GOALS = (
    Goal(
        "kernel layers, × the floor",
        1.5,
        "",
        sandbox("reasongap kernel layers, no policy", "times_floor"),
        BUSY_SELF,
    ),
    Goal(
        "with the policy, × the floor",
        2,
        "",
        sandbox("reasongap restricted", "times_floor"),
        BUSY_SELF,
    ),
    Goal(
        "container, × the floor",
        1.5,
        "",
        sandbox("reasongap docker", "times_floor"),
        f"the engine's stream between us and the container adds to it, and {BUSY_SELF}",
    ),
    Goal(
        "container with the policy, × the floor",
        2,
        "",
        sandbox("reasongap docker-restricted", "times_floor"),
        f"the engine's stream between us and the container adds to it, and {BUSY_SELF}",
    ),
    Goal(
        "`docker exec` ÷ container with the policy",
        20,
        "",
        ratio(sandbox("docker exec", "median"), sandbox("reasongap docker-restricted", "median")),
        BUSY_SELF,
        above=True,
    ),
    Goal(
        "programs in containers, two workers",
        400,
        "a second",
        sandbox("reasongap docker", "rate_two"),
        "the process that feeds two workers, and the children that get ready, share two cores",
        above=True,
    ),
    Goal(
        "processor time of a question, × litellm alone, 0 ms",
        1.25,
        "",
        ratio(question("reasongap", "cpu", 0.0), question("litellm loop", "cpu", 0.0)),
        SAME_LOOP,
    ),
    Goal(
        "the same at 200 ms",
        1.25,
        "",
        ratio(question("reasongap", "cpu", 0.2), question("litellm loop", "cpu", 0.2)),
        SAME_LOOP,
    ),
    Goal(
        "1,000 questions at 200 ms, from start to table",
        6,
        "s",
        question("reasongap", "wall_half", 0.2),
        START,
    ),
    Goal(
        "`--help`",
        0.2,
        "s",
        field("start", "reasongap --help", "median"),
        "most of it is the import of typer and rich, and rich's rendering",
    ),
    Goal(
        "joint bootstrap, 1,200 items × 2 strategies",
        100,
        "ms",
        field("bootstrap", "joint draws", "median"),
        "nearly all of it is numpy's multinomial draw, the floor of the table",
    ),
    Goal(
        "the same, with clusters",
        500,
        "ms",
        field("bootstrap", "joint draws, blocks of 10", "median"),
        "nearly all of it is numpy's multinomial draw, the floor of the table",
    ),
    Goal(
        "1,200 chains from GSM8K",
        5,
        "s",
        at_size("composing GSM8K's test split", 1_200, "wall"),
        "every problem's slots are found before the first chain is made",
    ),
    Goal(
        "minted chains: growth of memory",
        0.1,
        "",
        field("growth", "composing minted problems", "peak_growth"),
        "a set of chains is kept until all are paired",
    ),
    Goal(
        "a million answers analysed",
        2,
        "GB",
        at_size("reading and analysing records", 1_000_000, "peak", 1024),
        "records are read whole, with prompts and replies, and held until the report is made",
    ),
)
