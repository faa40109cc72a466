"""Programs such as models write: each leaves its answer in `ans`, and must run as in CPython."""

from __future__ import annotations

from pathlib import Path

LONG = {
    "long sum": "ans = " + " + ".join(str(n) for n in range(1_000)),
    "long elif": "x = 399\nif x == -1: ans = 0\n"
    + "".join(f"elif x == {n}: ans = {n}\n" for n in range(400)),
}


def ordinary() -> dict[str, str]:
    """The programs by name: those of ordinary.txt, each under a line `### name`, and long ones."""
    text = Path(__file__).with_name("ordinary.txt").read_text(encoding="utf-8")
    sections = (section.partition("\n") for section in ("\n" + text).split("\n### ")[1:])
    return {name: source for name, _, source in sections} | LONG
