"""Parts that users bring: the object that a Python file binds, or an installed package's."""

from __future__ import annotations

import importlib.util
import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from reasongap.errors import BadFile, BadPlugin


def load_file(path: str | Path, name: str) -> object:
    """What the Python file binds to `name`. Raises `BadFile` where it cannot, or does not."""
    path = Path(path)
    if not path.is_file():
        raise BadFile(str(path), f"there is no such {name} file")
    spec = importlib.util.spec_from_file_location(f"reasongap_{name}_{path.stem}", path)
    assert spec is not None and spec.loader is not None, "a .py file has a loader"
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise BadFile(str(path), f"cannot be loaded: {type(error).__name__}: {error}") from error
    if not hasattr(module, name):
        raise BadFile(str(path), f"defines no {name}", f"Bind `{name}` to one")
    found: object = getattr(module, name)
    return found


def points(group: str) -> dict[str, EntryPoint]:
    """The entry points of a group by name; nothing is loaded."""
    return {point.name: point for point in entry_points(group=group)}


def load_point(point: EntryPoint) -> object:
    """What an entry point leads to. Raises `BadPlugin`, which names the package."""
    try:
        found: object = point.load()
    except Exception as error:
        raise BadPlugin(point.name, origin(point), error) from error
    return found


def origin(point: EntryPoint) -> str:
    """Where an entry point comes from: its package, or where it leads to if none is known."""
    return f"package {point.dist.name}" if point.dist else point.value
