"""docs/benchmarks.md, made from the last measurements.

    python -m benchmarks.document [--results DIR] [--out FILE]

The words stand in benchmarks/benchmarks.md.jinja, the numbers in benchmarks/results.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks import tables
from benchmarks.goals import Results
from benchmarks.saved import RESULTS, Measurement, load

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks.md"


def measurements(place: Path = RESULTS) -> Results:
    """The last measurement of every name."""
    names = sorted(path.stem for path in place.glob("*.json"))
    return {name: found for name in names if (found := load(name, place))}


def source(measurement: Measurement) -> str:
    """The command that made it, and what it ran on."""
    machine = measurement.machine
    versions = ", ".join(f"{name} {number}" for name, number in measurement.versions.items())
    where = f"Python {machine['python']}, {machine['system']}, {machine['cores']} cores"
    load = f"load {machine['load']} at its start" if "load" in machine else "nothing else at work"
    return f"`{measurement.command}`: {versions}; {where}, {load}; {measurement.taken}."


def page(results: Results) -> str:
    """The whole page."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    template = environment.get_template("benchmarks.md.jinja")
    return template.render(results=results, tables=tables, source=source)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.document")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="DIR")
    parser.add_argument("--out", type=Path, default=PAGE, metavar="FILE")
    asked = parser.parse_args()
    asked.out.write_text(page(measurements(asked.results)), encoding="utf-8")


if __name__ == "__main__":
    main()
