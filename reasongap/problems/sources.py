"""Problem sources by name: the built-in ones, and those of other packages."""

from __future__ import annotations

from pathlib import Path

from reasongap.errors import BadFile, UnknownName, UsageError
from reasongap.plugins import load_file, load_point, origin, points
from reasongap.problems.files import FileSource, is_file
from reasongap.problems.gsm8k import open_gsm8k
from reasongap.problems.hub import HubSource
from reasongap.problems.minted import MintedSource
from reasongap.problems.minted.source import templates_of
from reasongap.problems.rows import GSM8K_COLUMNS, Columns
from reasongap.problems.seam import ProblemSource

GROUP = "reasongap.problems"
"""Entry points: each a callable from what follows the name and its colon to a source."""

BUILT_IN = {
    "minted": "built in: fresh problems; minted:1, minted:2-4 for the number of steps, and "
    "minted:1:shop,farm for themes",
    "gsm8k": "built in: GSM8K's test split; gsm8k:train, gsm8k:PATH",
    "hf": "built in: a data set of the hub; hf:NAME[@CONFIG][:SPLIT]",
}


def source_names() -> dict[str, str]:
    """Every source that can be named, with where it comes from."""
    return BUILT_IN | {n: origin(p) for n, p in points(GROUP).items() if n not in BUILT_IN}


def open_source(
    spec: str, *, data: Path | None = None, columns: Columns = GSM8K_COLUMNS, seed: int = 0
) -> ProblemSource:
    """The source that `spec` names: NAME, NAME:DETAILS, or the path of a JSON-lines file.

    A Python file binds `source`. `data` is a folder with gsm8k/ and gsm_hard/; without it,
    `gsm8k` comes from the hub.
    `columns` are for files and the hub, `seed` is for minted problems. Raises UnknownName,
    BadFile, or UsageError for details that make no sense.
    """
    name, _, details = spec.partition(":")
    if name == "minted":
        steps, _, chosen = details.partition(":")
        return MintedSource(parse_steps(steps), seed, templates=templates_of(chosen))
    if name == "gsm8k":
        return open_gsm8k(details, data)
    if name == "hf":
        return _open_hub(details, columns)
    known = points(GROUP)
    if name in known:
        return _checked(load_point(known[name]), details, origin(known[name]))
    if name.endswith(".py"):
        return _checked(load_file(name, "source"), details, name)
    path = Path(spec)
    if is_file(path):
        return FileSource(path, columns)
    if path.suffix in (".jsonl", ".json") or len(path.parts) > 1:
        raise BadFile(spec, "is no file", "Check the path")
    raise UnknownName("problem source", name, source_names(), "A file is named by its path.")


def _checked(found: object, details: str, place: str) -> ProblemSource:
    """What a package or a file brings: a source, or a callable from the details to one."""
    if not isinstance(found, type) and isinstance(found, ProblemSource):
        return found
    made = found(details) if callable(found) else None
    if isinstance(made, ProblemSource):
        return made
    remedy = "Bind `source` to an object with `name` and `load()`, or a function that makes one"
    raise BadFile(place, "brings no problem source", remedy)


def parse_steps(text: str) -> tuple[int, int]:
    """The fewest and most steps that "", "3" or "2-4" asks for; "" is 2 to 4."""
    fewest, dash, most = (text or "2-4").partition("-")
    if not fewest.isdecimal() or (dash and not most.isdecimal()):
        raise UsageError(f"steps {text!r} are no number and no range. Write 3, or 2-4")
    return int(fewest), int(most or fewest)


def _open_hub(details: str, columns: Columns) -> HubSource:
    place, _, split = details.partition(":")
    dataset, _, config = place.partition("@")
    if not dataset:
        raise UsageError("hf: names no data set. Write hf:NAME[@CONFIG][:SPLIT]")
    return HubSource(dataset, split or "test", config or None, columns)
