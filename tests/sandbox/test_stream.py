"""A stream of programs: order, boundedness, and the shape of `reasongap exec`."""

from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest

from reasongap.domain import Execution, Program
from reasongap.errors import SandboxUnavailable
from reasongap.sandbox import FakeSandbox, Limits, as_json, run_all


class SlowFirst(FakeSandbox):
    """The first program takes longest."""

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        await anyio.sleep(0.02 if program.source == "0" else 0.001)
        return Execution("ok", value=program.source)


class Broken(FakeSandbox):
    """No program runs."""

    async def run(self, program: Program, limits: Limits | None = None) -> Execution:
        raise SandboxUnavailable("broken")


def stream(count: int, sandbox: FakeSandbox, at_once: int) -> list[tuple[str, str | None]]:
    """The ids and values that come of this many programs."""
    found: list[tuple[str, str | None]] = []
    programs = ((f"id{n}", Program(str(n))) for n in range(count))

    async def run() -> None:
        def take(identity: str, execution: Execution) -> None:
            found.append((identity, execution.value))

        await run_all(programs, sandbox, take, at_once=at_once)

    anyio.run(run)
    return found


@pytest.mark.parametrize("at_once", [1, 4, 100])
def test_results_come_in_the_order_of_the_programs(at_once: int) -> None:
    assert stream(30, SlowFirst(), at_once) == [(f"id{n}", str(n)) for n in range(30)]


def test_the_source_is_read_no_further_than_needed() -> None:
    ahead: list[int] = []
    taken: list[str] = []

    def programs() -> Iterator[tuple[str, Program]]:
        for n in range(50):
            ahead.append(n - len(taken))
            yield str(n), Program(str(n))

    async def run() -> None:
        await run_all(programs(), SlowFirst(), lambda i, _: taken.append(i), at_once=5)

    anyio.run(run)
    assert len(taken) == 50
    assert max(ahead) < 5


def test_a_broken_sandbox_ends_the_stream() -> None:
    with pytest.raises(SandboxUnavailable, match="broken"):
        stream(30, Broken(), at_once=4)


def test_json_has_the_keys_of_the_contract() -> None:
    execution = Execution("ok", value="5/2", hop_values=("3", None), value_from="ans")
    assert as_json("a", execution) == {
        "id": "a",
        "status": "ok",
        "value": "5/2",
        "hop_values": ("3", None),
        "stdout": "",
        "error": None,
        "seconds": 0.0,
        "cpu_seconds": 0.0,
        "peak_memory": 0,
        "truncated": (),
    }
