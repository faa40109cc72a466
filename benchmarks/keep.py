"""Run a benchmark that prints its tables, and keep what it printed.

    python -m benchmarks.keep [--into DIR] NAME MODULE [ARGUMENT…]

runs `python -m benchmarks.MODULE ARGUMENT…` and saves its output as NAME.json, in
benchmarks/results where no folder is named.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.saved import accept_place, begun, save


def keep(name: str, module: str, arguments: Sequence[str], into: Path) -> None:
    """Run it, show what it prints, and save that. Raises CalledProcessError where it fails."""
    shown = " ".join(["python -m", f"benchmarks.{module}", *arguments])
    measurement = replace(begun(module), command=shown)
    lines: list[str] = []
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    save(name, replace(measurement, printed="".join(lines).strip()), into)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.keep", description=__doc__)
    accept_place(parser)
    parser.add_argument("name")
    parser.add_argument("module")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    keep(asked.name, asked.module, asked.arguments, asked.into)
