"""Random programs end under the policy as in CPython, and no text harms a worker."""

from __future__ import annotations

import random
from collections.abc import Iterator

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reasongap.domain import Execution, Program
from reasongap.sandbox import RestrictedSandbox, Sandbox
from reasongap.sandbox.policy import RefusedSyntax, compile_program
from tests.sandbox.conftest import PATIENT
from tests.sandbox.grammar import Writer, programs
from tests.sandbox.plain import PlainSandbox

CANARY = Program("def solution():\n    return 6 * 7\n")

many = settings(max_examples=200)


@pytest.fixture(scope="module")
def plain() -> Iterator[PlainSandbox]:
    shared = PlainSandbox()
    yield shared
    anyio.run(shared.aclose)


def ended(sandbox: Sandbox, source: str) -> Execution:
    return anyio.run(sandbox.run, Program(source, hop_functions=("g",)), PATIENT)


@many
@given(source=programs)
def test_a_random_program_ends_as_in_cpython(
    source: str, sandbox: RestrictedSandbox, plain: PlainSandbox
) -> None:
    restricted, free = ended(sandbox, source), ended(plain, source)
    for part in ("status", "value", "hop_values", "stdout", "error"):
        assert getattr(restricted, part) == getattr(free, part)


def test_most_random_programs_come_to_an_answer(sandbox: RestrictedSandbox) -> None:
    sources = [Writer(random.Random(seed).randbytes(200)).program() for seed in range(50)]
    assert [ended(sandbox, source).status for source in sources].count("ok") >= 40


FORBIDDEN = [
    "x = a.__dict__",
    "_getattr_ = max",
    "async def f(): pass",
    "lambda __import__: 1",
    "class M(metaclass=Box): pass",
    "try: pass\nexcept* ValueError: pass",
    "x = ().__class__.__base__",
]


@many
@given(source=programs, line=st.sampled_from(FORBIDDEN), first=st.booleans())
def test_one_forbidden_line_refuses_a_whole_program_with_a_reason(
    source: str, line: str, first: bool
) -> None:
    with pytest.raises(RefusedSyntax, match="is not allowed"):
        compile_program(f"{line}\n{source}" if first else f"{source}\n{line}")


def _mangled(choices: bytes, place: int, junk: str) -> str:
    source = Writer(choices).program()
    return source[: place % len(source)] + junk + source[place % len(source) + 3 :]


@many
@given(
    source=st.one_of(
        st.text(st.characters(), max_size=300),
        st.binary(max_size=300).map(lambda data: data.decode("latin-1")),
        st.text(list("()[]{}:=.,\\\n\t '\"#\0ab1é\ud800"), max_size=120),
        st.builds(_mangled, st.binary(max_size=80), st.integers(0, 9_999), st.text(max_size=4)),
    )
)
def test_any_text_as_a_program_leaves_the_worker_right(
    source: str, sandbox: RestrictedSandbox
) -> None:
    execution = ended(sandbox, source)
    assert execution.status in ("ok", "error", "blocked")
    assert (execution.error is None) == (execution.status == "ok")
    assert anyio.run(sandbox.run, CANARY, PATIENT).value == "42"
