"""`str.format` for restricted programs: a field such as `{0.real}` reads an attribute, too."""

from __future__ import annotations

import _string  # type: ignore[import-not-found] # pyright: ignore[reportMissingImports]
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

_SWITCH = "cannot switch from {} to {} field numbering"


class GuardedFormatter(string.Formatter):
    """`str.format` whose fields read attributes as the program itself may."""

    def __init__(self, read: Callable[[object, str], object]) -> None:
        self._read = read
        self._next, self._manual = 0, False

    def parse(self, format_string: Any) -> Iterator[tuple[Any, ...]]:
        """The parts of a format string, each field with its number or name.

        Python's own Formatter counts no field that has a path, as in "{.real}" and "{0.real}".
        """
        for literal, name, spec, conversion in super().parse(format_string):
            yield literal, name if name is None else self._counted(name), spec, conversion

    def _counted(self, name: str) -> str:
        first, _ = _string.formatter_field_name_split(name)
        if first == "":
            if self._manual:
                raise ValueError(_SWITCH.format("manual", "automatic"))
            name, self._next = f"{self._next}{name}", self._next + 1
        elif type(first) is int:
            if self._next:
                raise ValueError(_SWITCH.format("automatic", "manual"))
            self._manual = True
        return name

    def get_field(
        self, field_name: str, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> tuple[object, object]:
        """What a field such as "0.real" or "x[2]" stands for, and its first part."""
        first, rest = _string.formatter_field_name_split(field_name)
        value: Any = self.get_value(first, args, kwargs)
        for is_attribute, step in rest:
            value = self._read(value, step) if is_attribute else value[step]
        return value, first
