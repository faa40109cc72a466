"""A scripted world for tests of whole runs: a model that can count, and where to put things."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from reasongap.domain import Composition, Hop, Request
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.models.scripted import request_text
from reasongap.problems import write_compositions


def chain(i: int) -> Composition:
    """Two hops whose answers can be read off their texts: a + b, then X * c."""
    a, b, c = i + 2, i + 3, i + 4
    first = Hop(f"What is {a} plus {b}?", Fraction(a + b), f"add{i}")
    second = Hop(
        f"What is X times {c}?",
        Fraction((a + b) * c),
        f"times{i}",
        f"What is 1 times {c}?",
        Fraction(c),
        "1",
    )
    return Composition(f"item{i}", f"block{i // 2}", (first, second), ("chain",))


def compositions_file(folder: Path, n: int = 6) -> Path:
    """A file of `n` such compositions."""
    path = folder / "chains.jsonl"
    write_compositions(path, [chain(i) for i in range(n)])
    return path


def calculator(request: Request) -> str:
    """The right reply to the last question of a request, in the form that it asks for."""
    text = request_text(request)
    sums = re.findall(r"What is (\w+) (plus|times) (\d+)\?", text)
    chained = sums[-1][0] == "X"
    code = "Python program" in text
    values: list[int] = []
    for left, sign, right in sums[-2:] if chained else sums[-1:]:
        first = values[-1] if left == "X" else int(left)
        values.append(first + int(right) if sign == "plus" else first * int(right))
    if not code:
        hops = "".join(f"Answer to Q{i}: {value}\n" for i, value in enumerate(values[:-1], 1))
        return f"{hops}Final answer: {values[-1]}"
    functions = [f"def solve_q{i}():\n    return {v}\n" for i, v in enumerate(values[:-1], 1)]
    functions.append(f"def solution():\n    return {values[-1]}\n")
    return "```python\n" + "\n".join(functions) + "```"


def scripted(name: str = "scripted") -> ScriptedModel:
    """A model that gets everything right."""
    return ScriptedModel(calculator, ModelSpec(name, price=(0.0, 0.0), size=1e9))
