"""docs/scaling.md out of what benchmarks/scaling.py measured: tables, and the cost of more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from benchmarks.saved import Measurement, Row
from reasongap.runs.engines.worker import GATHER

NODES = (1, 10, 100, 1_000)
CORES = 8
"""Of a node, for the model on paper."""
PROVIDER = 500.0
"""Calls a second that 30,000 a minute are: a large customer's limit."""


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown, the first column of words and the others of numbers."""
    lines = [heads, ("---", *("--:" for _ in heads[1:])), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def rates(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """By engine, the median of each number over the turns."""
    named = ("rate", "driver", "workers", "ray")
    found: dict[str, dict[str, float]] = {}
    for engine in dict.fromkeys(str(row["engine"]) for row in rows):
        own = [row for row in rows if row["engine"] == engine]
        found[engine] = {name: median(number(row[name]) for row in own) for name in named}
    return found


def number(value: object) -> float:
    """A number of a row."""
    assert isinstance(value, (int, float))
    return float(value)


def efficiency(rows: Sequence[Row]) -> str:
    """Two workers against one and against the local engine, turn by turn: medians."""
    by = {(row["engine"], row["turn"]): number(row["rate"]) for row in rows}
    turns = sorted({number(row["turn"]) for row in rows})
    one, home = (
        median(by["ray, 2 workers", turn] / by[other, turn] for turn in turns)
        for other in ("ray, 1 worker", "local")
    )
    return (
        f"Two workers answered {one:.2f} times as many questions a second as one "
        f"({one / 2:.0%} of twice as many), and {home:.2f} times as many as the local engine."
    )


def rate_part(strategy: str, rows: Sequence[Row]) -> str:
    """The section of one strategy."""
    heads = ("engine", "questions/s", "driver, ms", "workers, ms", "Ray itself, ms")
    lines = [
        (engine, f"{n['rate']:.0f}", *(f"{n[part]:.2f}" for part in ("driver", "workers", "ray")))
        for engine, n in rates(rows).items()
    ]
    return f"### {strategy}\n\n{table(heads, lines)}\n\n{efficiency(rows)}"


def fed(calls: float, message: float, own: float, workers: int) -> float:
    """Milliseconds of the driver a call, where `calls` a second go to so many workers.

    A call goes there and its reply comes back, each in a message with whatever gathers within
    `GATHER` for the same worker.
    """
    together = max(1.0, calls / workers * GATHER)
    return own + 2 * message / together


def ceiling(message: float, own: float, workers: int) -> float:
    """Calls a second at which the driver's processor is full."""
    calls = 1000 / own
    for _ in range(100):
        calls = (calls + 1000 / fed(calls, message, own, workers)) / 2
    return calls


def paper(costs: dict[str, float], message: float, own: float) -> str:
    """What is saturated first on so many nodes."""
    lines = []
    for nodes in NODES:
        workers = nodes * CORES
        able = {
            "workers": workers * 1000 / costs["workers"],
            "driver": ceiling(message, own, workers),
            "provider": PROVIDER,
        }
        first = min(able, key=able.__getitem__)
        alone = min("workers", "driver", key=able.__getitem__)
        lines.append((f"{nodes:,}", *(f"{able[part]:,.0f}" for part in able), first, alone))
    heads = ("nodes", "workers", "driver", "provider", "first full", "without the provider's limit")
    return table(heads, lines)


def memory(rows: Sequence[Row]) -> str:
    """The table of sizes."""
    lines = [
        (
            "minted" if row["minted"] else "plain sums",
            f"{row['compositions']:,}",
            f"{3 * number(row['compositions']):,.0f}",
            f"{number(row['seconds']):.1f}",
            f"{number(row['megabytes']):.0f}",
        )
        for row in rows
    ]
    return table(("problems", "compositions", "tasks", "seconds", "peak, MB"), lines)


def render(taken: Measurement) -> str:
    """The whole page."""
    sittings = [row for row in taken.rows if "engine" in row]
    strategies = dict.fromkeys(str(row["strategy"]) for row in sittings)
    by = {name: [row for row in sittings if row["strategy"] == name] for name in strategies}
    (told,) = (row for row in taken.rows if "message" in row)
    costs, message = rates(by["cot"])["ray, 2 workers"], number(told["message"])
    own = number(told["own"])
    return TEXT.format(
        command=taken.command,
        machine=", ".join(f"{name} {value}" for name, value in taken.machine.items()),
        versions=", ".join(f"{name} {value}" for name, value in taken.versions.items()),
        taken=taken.taken,
        rates="\n\n".join(rate_part(name, rows) for name, rows in by.items()),
        paper=paper(costs, message, own),
        worker=costs["workers"],
        gather=1000 * GATHER,
        message=message,
        own=own,
        most=ceiling(message, own, CORES),
        full=ceiling(message, own, CORES) * costs["workers"] / 1000,
        memory=memory([row for row in taken.rows if "megabytes" in row]),
    )


TEXT = """# Scaling

Written by `{command}` on {taken} ({machine}; {versions}). A load well above 0 means that the
machine had other work, and that ratios alone say something.

## Two workers against one

A server on the loopback interface answers after 0.2 s, 128 calls at once; each sitting is a
process of its own, the engines take turns, medians of the turns. Milliseconds are those of the
processor a question: of the driver (strategies, cache, journal, pace), of the workers (LiteLLM
and sandbox), of Ray's own processes. Server, driver and workers share the machine's cores: two
workers on two cores cannot be twice one.

{rates}

## More nodes, on paper

| part | a call costs | measured |
|---|--:|---|
| worker | {worker:.2f} ms | above, chain of thought |
| driver, its own work | {own:.2f} ms | a run whose model answers at once |
| driver, a message to a worker and its receipt | {message:.2f} ms | an empty one, 16 at once |

Calls a second that each part can do, nodes of eight cores and a worker a core:

{paper}

Assumptions: one question is one call; a worker's core has nothing else to do; the provider allows
30,000 requests a minute; the network brings a message within a few milliseconds. A message
carries all calls that gather for one worker within {gather:.0f} ms, so the more workers share
the same calls, the fewer travel together, and the more of the driver each takes.

What this says:

- **The driver is full first**, at about {most:,.0f} calls a second: what {full:.1f} workers can
  do. More nodes bring nothing for calls. They do for programs that take long, whose cost is not
  in the driver.
- **Most providers' limits come near that or before it.** Where they come before, the local
  engine's one process may be enough: 500 calls a second are two of it.
- **Beyond it**, several runs: each with its own folder and share of the models, on the same
  compositions (`reasongap compose`), read together by `reasongap report RUN…`. They do not share
  a pace: give each a part of `--max-connections`.
- Nothing else grows with the cluster: every reply passes the one driver, which writes it down
  before it is used, and no more calls are in flight than `--max-connections` allows.

## Many compositions

Storing compositions, making every task of them and marking it answered, in one process:
seconds of the processor and peak memory.

{memory}

A run holds 8 bytes for a composition's place in its file and at most 32 for each answered
question. Minting and pairing take milliseconds a composition, which is the time that a million
of them needs. The tables at the end of `compare`, and `report`, keep of each answer what they
need, about a kilobyte: a million are read and analysed in two minutes (docs/benchmarks.md).
"""
