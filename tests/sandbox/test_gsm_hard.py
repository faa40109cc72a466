"""Every program of GSM-Hard, as plain CPython runs it."""

from __future__ import annotations

import json
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Execution, Program
from reasongap.sandbox import RestrictedSandbox, run_all
from tests.sandbox.conftest import PATIENT


@pytest.mark.needs("gsm8k")
def test_every_gsm_hard_program_gives_what_cpython_gives(data: Path) -> None:
    lines = (data / "gsm_hard" / "gsmhardv2.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]

    async def run() -> list[Execution]:
        programs = ((str(index), Program(row["code"])) for index, row in enumerate(rows))
        async with RestrictedSandbox() as sandbox:
            found: list[Execution] = []
            await run_all(programs, sandbox, lambda _, execution: found.append(execution), PATIENT)
            return found

    executions = anyio.run(run)
    assert len(executions) == len(rows) == 1_319
    for row, execution in zip(rows, executions, strict=True):
        world: dict[str, object] = {}
        exec(row["code"], world)
        assert execution.value == repr(world["solution"]()), row["code"]  # type: ignore[operator]
        # The published targets are rounded to ten decimals, some to fewer digits.
        assert execution.value is not None
        assert float(execution.value) == pytest.approx(row["target"], rel=1e-3), row["code"]
