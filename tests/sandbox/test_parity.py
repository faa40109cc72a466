"""Comparing sandboxes: what counts as a difference, and that ours agree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Execution, Program
from reasongap.errors import UsageError
from reasongap.problems import parse_steps
from reasongap.problems.minted import mint
from reasongap.sandbox import FakeSandbox, RestrictedSandbox, Sandbox, open_sandbox
from reasongap.sandbox.parity import Disagreement, Parity, parity
from tests.sandbox.conftest import PATIENT
from tests.sandbox.plain import PlainSandbox
from tests.sandbox.programs import ordinary

Programs = dict[str, str]


def compared(programs: Programs, **sandboxes: Sandbox) -> Parity:
    named = [(name, Program(source)) for name, source in programs.items()]
    return anyio.run(parity, named, sandboxes, PATIENT)


@pytest.fixture(scope="module")
def plain() -> Iterator[PlainSandbox]:
    shared = PlainSandbox()
    yield shared
    anyio.run(shared.aclose)


OK = Execution("ok", value="1", value_from="ans")


def test_like_executions_agree_however_long_they_took() -> None:
    slow = Execution("ok", value="1", value_from="ans", seconds=3.0, peak_memory=7)
    found = compared({"one": "ans = 1"}, a=FakeSandbox(default=OK), b=FakeSandbox(default=slow))
    assert found.agrees
    assert (found.programs, [each.statuses for each in found.backends]) == (1, [{"ok": 1}] * 2)


@pytest.mark.parametrize(
    ("other", "field"),
    [
        (Execution("error", error="NameError"), "status"),
        (Execution("ok", value="1.0", value_from="ans"), "value"),
        (Execution("ok", value="1", hop_values=("2",)), "hop_values"),
        (Execution("ok", value="1", stdout="1\n"), "stdout"),
    ],
)
def test_the_first_field_that_differs_is_told(other: Execution, field: str) -> None:
    boxes = {"a": FakeSandbox(default=OK), "b": FakeSandbox(table={"x": other}, default=OK)}
    found = compared({"one": "ans = 1", "two": "x"}, **boxes)
    assert not found.agrees
    assert found.disagreements == (
        Disagreement("two", field, (getattr(OK, field), getattr(other, field))),
    )


def test_what_all_refuse_alike_is_no_agreement() -> None:
    refused = Execution("blocked", error="eval() is not allowed (line 1)")
    found = compared(
        {"one": "eval"}, a=FakeSandbox(default=refused), b=FakeSandbox(default=refused)
    )
    assert not found.disagreements
    assert not found.agrees
    assert found.backends[1].refusals == (("one", "eval() is not allowed (line 1)"),)


def test_one_sandbox_alone_cannot_be_compared() -> None:
    with pytest.raises(UsageError, match="two or more"):
        compared({"one": "ans = 1"}, a=FakeSandbox())


def _minted(count: int) -> Programs:
    problems = mint(count, parse_steps("1-6"), seed=11)
    return {problem.id: problem.program or "" for problem in problems}


def test_minted_programs_end_as_in_cpython(sandbox: RestrictedSandbox, plain: PlainSandbox) -> None:
    found = compared(_minted(300), plain=plain, restricted=sandbox)
    assert found.agrees, found.disagreements
    assert found.backends[0].statuses == {"ok": 300}


@pytest.mark.needs("gsm8k")
def test_programs_of_gsm_hard_end_as_in_cpython(
    data: Path, sandbox: RestrictedSandbox, plain: PlainSandbox
) -> None:
    lines = (data / "gsm_hard" / "gsmhardv2.jsonl").read_text().splitlines()
    programs = {str(n): json.loads(line)["code"] for n, line in islice(enumerate(lines), 300)}
    found = compared(programs, plain=plain, restricted=sandbox)
    assert found.agrees, found.disagreements
    assert found.backends[0].statuses == {"ok": 300}


@pytest.mark.needs("docker")
def test_programs_end_alike_in_containers(sandbox: RestrictedSandbox, sandbox_image: str) -> None:
    async def compare() -> Parity:
        programs = _minted(60) | ordinary()
        named = [(name, Program(source)) for name, source in programs.items()]
        async with (
            open_sandbox("docker", workers=1, image=sandbox_image) as plain,
            open_sandbox("docker-restricted", workers=1, image=sandbox_image) as guarded,
        ):
            boxes = {"docker": plain, "docker-restricted": guarded, "restricted": sandbox}
            return await parity(named, boxes, PATIENT)

    found = anyio.run(compare)
    assert found.agrees, found.disagreements
