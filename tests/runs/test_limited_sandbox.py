"""A program that needs a package gets a sandbox that has it; the others keep theirs."""

from __future__ import annotations

import anyio
import pytest

from reasongap.domain import Program
from reasongap.errors import EnvironmentBroken
from reasongap.runs.limited_sandbox import LimitedSandbox
from reasongap.sandbox import FakeSandbox, Limits, RestrictedSandbox
from tests.sandbox.conftest import PATIENT

PLAIN = Program("ans = 1\n")


def test_a_sandbox_given_as_an_object_runs_every_program() -> None:
    fake = FakeSandbox()
    limited = LimitedSandbox(fake, Limits())
    anyio.run(limited.run, Program("import sympy", packages=("sympy",)))
    assert len(fake.ran) == 1


def test_packages_that_are_allowed_anyway_need_no_other_sandbox() -> None:
    fake = FakeSandbox()
    limited = LimitedSandbox(fake, Limits(), kind="restricted", allowed=("sympy",))
    anyio.run(limited.run, Program("import sympy", packages=("sympy",)))
    assert len(fake.ran) == 1


def test_a_package_that_is_not_installed_is_named_with_the_remedy() -> None:
    limited = LimitedSandbox(FakeSandbox(), Limits(), kind="restricted")
    with pytest.raises(EnvironmentBroken, match="pip install no_such_package"):
        anyio.run(limited.run, Program("ans = 1", packages=("no_such_package",)))


def test_closing_ends_the_others_too() -> None:
    async def main() -> None:
        limited = LimitedSandbox(RestrictedSandbox(workers=1), PATIENT, kind="restricted")
        came = await limited.run(Program("import sympy\nans = 1\n", packages=("sympy",)))
        assert came.status == "ok"
        assert (await limited.run(PLAIN)).status == "ok"
        await limited.aclose()

    anyio.run(main)
