"""From a study's names to the things themselves."""

from __future__ import annotations

import anyio
import pytest

from reasongap.domain import Execution, Program
from reasongap.errors import SandboxUnavailable, UsageError
from reasongap.runs.opening import check, sandbox_of
from reasongap.runs.study import make_study
from reasongap.sandbox import FakeSandbox


def test_packages_that_a_study_allows_reach_its_sandbox() -> None:
    async def imported() -> Execution:
        sandbox = sandbox_of(make_study(allow_import=["numpy"], memory=512, timeout=60))
        try:
            return await sandbox.run(Program("import numpy\nans = numpy.prod([6, 7])"))
        finally:
            await sandbox.aclose()

    assert anyio.run(imported).value == "42"


def test_packages_for_a_sandbox_that_is_open_already_are_refused() -> None:
    study = make_study(sandbox=FakeSandbox(), allow_import=("numpy",))
    with pytest.raises(UsageError, match=r"allow_import=numpy: .*'fake' is open already"):
        sandbox_of(study)


def test_isolation_that_is_required_is_checked_before_a_run() -> None:
    answers = FakeSandbox(default=Execution("ok", value="42"))
    anyio.run(check, sandbox_of(make_study(sandbox=answers)))
    with pytest.raises(SandboxUnavailable, match="does not say which layers it lacks"):
        anyio.run(check, sandbox_of(make_study(sandbox=answers, require_isolation=True)))


def test_a_sandbox_that_does_not_run_a_program_is_refused() -> None:
    with pytest.raises(SandboxUnavailable, match="does not run a one-line program"):
        anyio.run(check, sandbox_of(make_study(sandbox=FakeSandbox())))
