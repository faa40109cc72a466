"""What models write runs, and gives what CPython gives."""

from __future__ import annotations

import contextlib
import decimal
import io
from typing import Any

import pytest

from reasongap.sandbox.values import exact_text
from tests.sandbox.conftest import Execute
from tests.sandbox.programs import ordinary

PROGRAMS = ordinary()


@pytest.mark.parametrize("name", PROGRAMS)
def test_runs_as_in_cpython(name: str, execute: Execute) -> None:
    world: dict[str, Any] = {"__name__": "__main__"}
    output = io.StringIO()
    with contextlib.redirect_stdout(output), decimal.localcontext():
        exec(compile(PROGRAMS[name], "<plain>", "exec", dont_inherit=True), world)
    execution = execute(PROGRAMS[name])
    assert (execution.status, execution.error) == ("ok", None)
    assert execution.value == exact_text(world["ans"])[0]
    assert execution.stdout == output.getvalue()
