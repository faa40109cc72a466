"""numpy and sympy, where they are allowed."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

import anyio
import pytest

from reasongap.domain import Execution, Program
from reasongap.sandbox import RestrictedSandbox
from tests.sandbox.conftest import PATIENT


def run_with(package: str, sources: list[str]) -> list[Execution]:
    async def run() -> list[Execution]:
        async with RestrictedSandbox(workers=1, allow_import=(package,)) as sandbox:
            return [await sandbox.run(Program(source), PATIENT) for source in sources]

    return anyio.run(run)


def test_numpy_answers_exactly_and_reads_no_file() -> None:
    cases = {
        "import numpy as np\nans = np.linalg.solve([[2, 0], [0, 4]], [1, 2])": "[0.5, 0.5]",
        "import numpy as np\na = np.arange(5)\na[1] += 10\nans = a.sum()": "20",
        "from numpy import mean, linalg\nans = mean([1, 2, 4.5]) + linalg.norm([3, 4])": "7.5",
        "import numpy as np\nans = [np.int64(3), np.float64(2.5)]": "[3, 2.5]",
        "import numpy as np\nans = np.array([[1, 2], [3, 4]]).T.tolist()": "[[1, 3], [2, 4]]",
        "import numpy as np\nans = np.median(np.array([3, 1, 2]))": "2.0",
    }
    refused = [
        "import numpy as np\nans = np.load('x')",
        "import numpy as np\nans = np.array([1]).tofile('x')",
        "from numpy import f2py\nans = 1",
        "import numpy.ctypeslib\nans = numpy.ctypeslib",
    ]
    executions = run_with("numpy", [*cases, *refused])
    assert [execution.value for execution in executions] == [
        *cases.values(),
        None,
        None,
        None,
        None,
    ]
    assert {execution.status for execution in executions[len(cases) :]} == {"blocked"}


@pytest.mark.skipif(importlib.util.find_spec("sympy") is None, reason="sympy is not installed")
def test_sympy_answers_exactly_and_evaluates_no_string() -> None:
    cases = {
        "from sympy import *\nx = symbols('x')\nans = solve(x**2 - 4, x)": "[-2, 2]",
        "from sympy import Rational\nans = Rational(5, 10)": "1/2",
        "from sympy import *\nx, y = symbols('x y')\ns = solve([Eq(x + y, 5), Eq(x - y, 1)])\n"
        "ans = s[x] * s[y]": "6",
        "import sympy as sp\nx = sp.Symbol('x')\nans = sp.integrate(x**2, (x, 0, 3))": "9",
        "import sympy as sp\nans = sp.sqrt(2)": "1.4142135623730951",
        "import sympy as sp\nans = sp.Symbol('x') + 1": "x + 1",
    }
    executions = run_with("sympy", [*cases, "import sympy\nans = sympy.solve('x**2 - 1')"])
    assert [execution.value for execution in executions] == [*cases.values(), None]
    assert executions[-1].status == "blocked"


def test_packages_are_not_there_unless_allowed(execute: Callable[[str], Execution]) -> None:
    assert execute("import numpy").status == "blocked"
    fallback = "try:\n    import numpy\nexcept ImportError:\n    ans = 'plain'"
    assert execute(fallback).value == "plain"
