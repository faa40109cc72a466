"""The restricted backend from outside: statuses, limits, hops, isolation, and what survives."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from reasongap.domain import Execution, Program
from reasongap.sandbox import Limits, RestrictedSandbox, Sandbox
from reasongap.sandbox.pool import MOST_OUTPUT
from tests.sandbox.conftest import PATIENT, Execute

QUICK = Limits(seconds=1.0, cpu_seconds=0.5)
BUSY = Limits(seconds=60, cpu_seconds=1.0)
"""For what goes wrong only after it has done something: its own work ends it."""


def test_is_a_sandbox(sandbox: RestrictedSandbox) -> None:
    assert isinstance(sandbox, Sandbox)


@pytest.mark.parametrize(
    ("source", "value", "origin"),
    [
        ("def solution():\n    return 6 * 7\nans = 1", "42", "solution"),
        ("ans = 2.5\nanswer = 3", "2.5", "ans"),
        ("answer = '7 apples'", "7 apples", "answer"),
        ("solution = 12", "12", "solution"),
        ("def solution():\n    return None\nans = 1", None, None),
        ("print(5)", None, None),
        ("from fractions import Fraction\nans = Fraction(10, 4)", "5/2", "ans"),
        ("def solution(): return True", "True", "solution"),
        ("def solution(): return 10 ** 5000", "1" + "0" * 5000, "solution"),
        ("ans = 4\nexit()", "4", "ans"),
        ("import sys\nans = 4\nsys.exit(0)\nans = 5", "4", "ans"),
        ("def solution():\n    return solution\ndef solution(n=3): return n", "3", "solution"),
    ],
)
def test_value_and_where_it_came_from(
    source: str, value: str | None, origin: str | None, execute: Execute
) -> None:
    execution = execute(source)
    assert (execution.status, execution.value, execution.value_from) == ("ok", value, origin)


@pytest.mark.parametrize(
    ("source", "status", "error"),
    [
        ("def solution():\n    x = 0\n    return 1 / x", "error", "ZeroDivisionError: .*line 3"),
        ("def solution(:", "error", r"SyntaxError: .*\(line 1\)"),
        ("def solution(n): return n", "error", "missing 1 required positional argument: 'n'"),
        ("def solution(): yield 1", "error", "'generator', not a number"),
        ("def solution(): return object()", "error", "'object', not a number"),
        ("def f(): return f()\nans = f()", "error", "RecursionError"),
        ("ans = int(input('How many? '))", "error", "a program gets no input"),
        ("import sys\nsys.exit('no')", "error", "SystemExit: no"),
        ("raise KeyboardInterrupt", "error", "KeyboardInterrupt"),
        ("import sys\nsys.stdout.write(5)", "error", "TypeError: .*must be str, not int"),
        ("ans = undefined", "error", "NameError: .*undefined.*line 1"),
        ("print(2 ** 20000)", "error", "4300 digits"),
        ("ans = '\\0'\n\0", "error", "null bytes"),
        ("# \ud800\nans = 1", "error", "surrogates not allowed"),
        ("class E(Exception):\n    def __str__(self): return 1 / 0\nraise E", "error", "^E: "),
        ("import os\nans = 1", "blocked", "import of 'os' is not allowed.*line 1"),
        ("\n\nasync def f(): pass", "blocked", r"async is not allowed \(line 3\)"),
        ("ans = 1\nans = eval('1')", "blocked", r"eval\(\) is not allowed \(line 2\)"),
        ("x = 1\n" * 20_000, "blocked", "120000 bytes long, more than the 65536"),
        ("ans = [0] * 10 ** 10", "memory", "MemoryError"),
        ("x = []\nwhile True: x.append('a' * 10 ** 6)", "memory", "MemoryError"),
        ("t = ()\nfor _ in range(200_000): t = (t,)\nhash(t)", "crashed", "SIGSEGV"),
        (
            "(" * 5000 + ")" * 5000,
            "error",
            "SyntaxError: (too many nested parentheses|the program is nested too deeply)",
        ),
        ("ans = " + "-" * 60_000 + "1", "error", "SyntaxError: the program is nested too deeply"),
    ],
)
def test_how_a_program_fails(source: str, status: str, error: str, execute: Execute) -> None:
    execution = execute(source)
    assert (execution.status, execution.value) == (status, None)
    assert re.search(error, execution.error or "", re.DOTALL), execution.error


@pytest.mark.parametrize(
    "source",
    [
        "while True: pass",
        "10 ** 10 ** 10",
        "sum(range(10 ** 12))",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "import time\ntime.sleep(60)",
        "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')",
        "def solution():\n    return max(iter(int, 1))",
    ],
)
def test_what_never_ends_is_ended(source: str, execute: Execute) -> None:
    execution = execute(source, limits=QUICK)
    assert execution.status == "timeout"
    assert execution.seconds < 50
    assert execute("ans = 1").value == "1"


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("print('half', 1)\nwhile True: pass", "timeout"),
        ("print('half', 1)\nt = ()\nfor _ in range(200_000): t = (t,)\nhash(t)", "crashed"),
    ],
)
def test_what_was_printed_before_the_end_is_kept(
    source: str, status: str, execute: Execute
) -> None:
    execution = execute(source, limits=BUSY)
    assert (execution.status, execution.stdout) == (status, "half 1\n")
    assert execution.truncated == ("stdout",)


def test_a_refusal_is_no_ordinary_exception(execute: Execute) -> None:
    source = "try:\n    ans = eval('1')\nexcept Exception:\n    ans = 2"
    assert execute(source).status == "blocked"
    source = "try:\n    import numpy\nexcept ImportError:\n    ans = 2"
    assert execute(source).value == "2"


def test_warnings_of_the_compiler_go_nowhere(execute: Execute) -> None:
    execution = execute("import warnings\nif 5 is 5: ans = '\\d'\nwarnings.warn('careful')")
    assert (execution.value, execution.stdout) == ("\\d", "")


def test_a_caught_memory_error_is_no_failure(execute: Execute) -> None:
    execution = execute("try:\n    x = 'a' * 10 ** 10\nexcept MemoryError:\n    ans = 'caught'")
    assert (execution.status, execution.value) == ("ok", "caught")


def test_a_flood_of_output_ends_the_program_whatever_it_catches(execute: Execute) -> None:
    source = "while True:\n    try: print('x' * 999)\n    except BaseException: pass"
    execution = execute(source, limits=replace(PATIENT, output=1_000))
    assert (execution.status, execution.truncated) == ("output_limit", ("stdout",))
    assert execution.stdout == "x" * 999 + "\n"


def test_output_is_kept_when_the_program_fails(execute: Execute) -> None:
    execution = execute("print('a', 1, sep='-', end='.')\nprint('é', flush=True)\n1 / 0")
    assert (execution.status, execution.stdout) == ("error", "a-1.é\n")


def test_the_most_output_that_may_be_allowed_still_fits_a_report(execute: Execute) -> None:
    source = f"print('\\x01' * {MOST_OUTPUT - 1})\nans = 7"
    execution = execute(source, limits=replace(PATIENT, output=MOST_OUTPUT))
    assert (execution.status, execution.value) == ("ok", "7")
    assert execution.stdout == "\x01" * (MOST_OUTPUT - 1) + "\n"


def test_output_that_is_no_text_is_escaped(execute: Execute) -> None:
    assert execute("print('\\ud800')").stdout == "\\ud800\n"


def test_what_is_cut_is_named_and_no_number(execute: Execute) -> None:
    value = execute("ans = 10 ** 100_000")
    assert (value.value, value.truncated) == ("…", ("value",))
    error = execute("raise ValueError('x' * 10_000)")
    assert error.error is not None
    assert len(error.error) < 600
    assert error.truncated == ("error",)


def test_measures_time_and_memory(execute: Execute) -> None:
    execution = execute("x = bytearray(50_000_000)\nans = sum(range(2_000_000))")
    assert execution.seconds > 0
    assert execution.cpu_seconds > 0
    assert 50_000_000 < execution.peak_memory < 200_000_000


@pytest.mark.parametrize(
    ("source", "status", "value"),
    [
        ("import sys\nsys.setrecursionlimit(14)\nans = [[5]]", "ok", "[[5]]"),
        ("ans = 1 if hasattr(int, '__dict__') else 2", "ok", "2"),
        ("try:\n    import os\nexcept ImportError:\n    ans = 3", "ok", "3"),
        ("try:\n    ans = input()\nexcept EOFError:\n    ans = 3", "ok", "3"),
        ("ans = 4\nexit()", "ok", "4"),
        (
            "class X:\n    def __str__(self): raise ValueError\nraise SyntaxError(X())",
            *("error", None),
        ),
        (
            "x = None\ntry:\n    while True: x = [x, [0] * 3]\nexcept MemoryError: pass\nans = 5",
            *("memory", None),
        ),
    ],
)
def test_a_program_ends_as_it_would_by_itself(
    source: str, status: str, value: str | None, execute: Execute
) -> None:
    execution = execute(source)
    assert (execution.status, execution.value) == (status, value)


def test_the_prompt_of_an_input_is_printed(execute: Execute) -> None:
    source = "try: n = int(input('How many? '))\nexcept EOFError: n = 3\nprint(n)"
    assert execute(source).stdout == "How many? 3\n"


class TestHops:
    def test_the_value_is_noted_when_the_solution_asks(self, execute: Execute) -> None:
        source = (
            "def solve_q1(n=5): return n\ndef solution():\n    X = solve_q1(7)\n    return X * 2"
        )
        execution = execute(source, hop_functions=("solve_q1",))
        assert (execution.value, execution.hop_values) == ("14", ("7",))

    def test_the_first_call_counts(self, execute: Execute) -> None:
        source = (
            "def solve_q1(n=3): return 0 if n == 0 else n + solve_q1(n - 1)\n"
            "def solution(): return solve_q1() + solve_q1(1)"
        )
        execution = execute(source, hop_functions=("solve_q1",))
        assert (execution.value, execution.hop_values) == ("7", ("6",))

    def test_a_hop_that_nobody_asked_is_asked_afterwards(self, execute: Execute) -> None:
        source = "def solve_q1(): return 4\nans = 9"
        assert execute(source, hop_functions=("solve_q1", "solve_q2")).hop_values == ("4", None)

    def test_what_a_hop_prints_when_it_is_asked_is_no_output(self, execute: Execute) -> None:
        source = "def solve_q1():\n    print(5)\n    return 5\nprint(42)"
        execution = execute(source, hop_functions=("solve_q1",))
        assert (execution.stdout, execution.hop_values) == ("42\n", ("5",))

    def test_a_script_calls_its_hops_once(self, execute: Execute) -> None:
        source = (
            "import random\ncalls = []\n"
            "def solve_q1():\n    calls.append(1)\n    return random.randint(1, 10**9)\n"
            "ans = f'{solve_q1()} {len(calls)}'\nprint(*calls)"
        )
        execution = execute(source, hop_functions=("solve_q1",))
        assert execution.value == f"{execution.hop_values[0]} 1"
        assert execution.stdout == "1\n"

    @pytest.mark.parametrize(
        "body",
        [
            "while True: pass",
            "while True: print('x' * 10_000)",
            "return [0] * 10**11",
            "raise SystemExit(3)",
            "return 10 ** 10 ** 8",
        ],
    )
    def test_a_hop_that_goes_wrong_when_asked_costs_only_itself(
        self, body: str, execute: Execute
    ) -> None:
        source = f"def solve_q1():\n    {body}\ndef solution(): return 42"
        execution = execute(source, hop_functions=("solve_q1",), limits=BUSY)
        assert (execution.status, execution.value) == ("ok", "42")
        assert execution.hop_values == (None,)

    def test_a_hop_that_calls_itself_may_go_as_deep_as_in_python(self, execute: Execute) -> None:
        source = (
            "def solve_q1(n=900): return n and 1 + solve_q1(n - 1)\n"
            "def solution(): return solve_q1() + 1"
        )
        execution = execute(source, hop_functions=("solve_q1",))
        assert (execution.value, execution.hop_values) == ("901", ("900",))

    @pytest.mark.parametrize(
        "define",
        [
            "solve_q1 = lambda: 7",
            "if True:\n    def solve_q1(): return 7",
            "from functools import lru_cache\n@lru_cache\ndef solve_q1(): return 7",
            "try:\n    def solve_q1(): return 7\nexcept ValueError: pass",
            "def solve_q1(): return 3\ndef solve_q1(): return 7",
        ],
    )
    def test_a_hop_is_noted_however_it_is_defined(self, define: str, execute: Execute) -> None:
        source = f"{define}\nprint(solve_q1())\ndef solution(): return 2 * solve_q1()"
        execution = execute(source, hop_functions=("solve_q1",))
        assert (execution.value, execution.hop_values) == ("14", ("7",))

    @pytest.mark.parametrize(
        "source",
        [
            "def solve_q1():\n    solve_q1.calls += 1\n    return 6 + solve_q1.calls\n"
            "solve_q1.calls = 0\nans = (solve_q1(), solve_q1(), solve_q1.calls)[0]",
            "from functools import cache\n@cache\ndef solve_q1(n=7): return n\n"
            "solve_q1.cache_clear()\nsolve_q1()\nans = 6 + solve_q1.cache_info().misses",
            "class Memo:\n    def __init__(self, f): self.f, self.seen = f, []\n"
            "    def __call__(self): self.seen.append(1); return self.f()\n"
            "@Memo\ndef solve_q1(): return 7\nn = len(solve_q1.seen)\n"
            "ans = solve_q1() + n - len(solve_q1.seen) + 1",
        ],
    )
    def test_a_hop_keeps_the_attributes_of_its_function(
        self, source: str, execute: Execute
    ) -> None:
        execution = execute(source, ("solve_q1",))
        assert (execution.value, execution.hop_values, execution.error) == ("7", ("7",), None)

    def test_a_deep_sum_with_hops_compiles(self, execute: Execute) -> None:
        source = f"def solve_q1(): return {'+'.join(['1'] * 900)}\nans = solve_q1()"
        assert execute(source, hop_functions=("solve_q1",)).hop_values == ("900",)

    def test_a_hop_that_fails_has_no_value(self, execute: Execute) -> None:
        source = "def solve_q1(): exit()\ndef solve_q2(x): return x\ndef solution(): return 3"
        execution = execute(source, hop_functions=("solve_q1", "solve_q2"))
        assert (execution.status, execution.value) == ("ok", "3")
        assert execution.hop_values == (None, None)

    def test_hops_before_a_failure_are_kept(self, execute: Execute) -> None:
        source = "def solve_q1(): return 4\ndef solution(): return solve_q1() / 0"
        execution = execute(source, hop_functions=("solve_q1",))
        assert (execution.status, execution.hop_values) == ("error", ("4",))

    def test_hops_are_asked_after_a_failure_of_the_last(self, execute: Execute) -> None:
        source = "def solve_q1(): return 4\nprint(solve_q1())\nprint(X)"
        execution = execute(source, hop_functions=("solve_q1",))
        assert (execution.status, execution.hop_values) == ("error", ("4",))

    def test_a_refused_program_is_asked_nothing_more(self, execute: Execute) -> None:
        source = "def solve_q1(): return 4\nopen('x')"
        execution = execute(source, hop_functions=("solve_q1",))
        assert (execution.status, execution.hop_values) == ("blocked", (None,))

    def test_a_hop_may_be_the_entry_point(self, execute: Execute) -> None:
        source = "def solution(): return 4"
        assert execute(source, hop_functions=("solution",)).hop_values == ("4",)

    def test_hops_of_a_program_that_was_ended_are_none(self, execute: Execute) -> None:
        source = "def solve_q1(): return 4\nwhile True: pass"
        execution = execute(source, hop_functions=("solve_q1",), limits=QUICK)
        assert execution.hop_values == (None,)


class TestNothingSurvives:
    def test_each_program_starts_afresh(self, execute: Execute) -> None:
        first = (
            "import random, decimal\ndecimal.getcontext().prec = 3\nx = 1\nans = random.random()"
        )
        second = "import random, decimal\nans = (random.random(), decimal.getcontext().prec)"
        execution = execute(first)
        assert execute(second).value == f"({execution.value}, 28)"
        assert execute("ans = x").status == "error"

    def test_the_same_program_gives_the_same_value_in_every_worker(self) -> None:
        source = "import random\nans = [*{'a', 'b', 'c', 'd'}, random.random()]"

        async def both() -> set[str | None]:
            values = set()
            for _ in range(2):
                async with RestrictedSandbox(workers=1) as sandbox:
                    values.add((await sandbox.run(Program(source), PATIENT)).value)
            return values

        assert len(anyio.run(both)) == 1

    def test_closing_leaves_no_process_and_can_be_repeated(self) -> None:
        async def use() -> None:
            sandbox = RestrictedSandbox(workers=2)
            async with anyio.create_task_group() as group:
                for _ in range(4):
                    group.start_soon(sandbox.run, Program("ans = 1"))
            assert len(_children() - before) == 2
            await sandbox.aclose()
            await sandbox.aclose()
            assert _children() <= before
            assert (await sandbox.run(Program("ans = 2"), PATIENT)).value == "2"
            await sandbox.aclose()

        before = _children()
        anyio.run(use)

    def test_a_cancelled_program_is_gone_at_once(self) -> None:
        async def cancel() -> Execution:
            async with RestrictedSandbox(workers=1) as sandbox:
                with anyio.move_on_after(0.2):
                    await sandbox.run(Program("while True: pass"), Limits(seconds=60))
                assert _children() <= before
                return await sandbox.run(Program("ans = 3"), PATIENT)

        before = _children()
        assert anyio.run(cancel).value == "3"


def _children() -> set[int]:
    """Processes whose parent is this one."""
    found = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {int(each) for each in found}
