"""Thresholds that a user sets on a result: `delta(pot) < -0.10` is missed where it holds."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from reasongap.errors import UnknownName, UsageError
from reasongap.report.flat import Value

_FORM = re.compile(
    r"\s*(?P<quantity>\w+)\s*\((?P<of>.*)\)\s*(?P<sign><=|>=|<|>)\s*(?P<number>[-+−]?[\d.]+%?)\s*"
)
_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """What must not hold: a numeric column of `gap_rows` of a strategy against a number.

    `of` is what stands in the brackets: a strategy, or a strategy, a comma and a model;
    without a model it concerns every one.
    """

    text: str
    quantity: str
    of: str
    sign: str
    number: float

    def missed(self, rows: Sequence[Mapping[str, Value]]) -> list[str]:
        """A sentence for each row in which it holds; an empty cell never does.

        Raises `UnknownName` for a quantity, strategy or model that no row has.
        """
        numeric = [
            name
            for name, value in (rows[0] if rows else {}).items()
            if name not in ("model", "strategy", "family", "baseline")
        ]
        if self.quantity not in numeric:
            raise UnknownName("quantity", self.quantity, numeric)
        chosen = [row for row in rows if self.of in _names(row)]
        if not chosen:
            raise UnknownName("strategy", self.of, {str(row["strategy"]) for row in rows})
        return [
            f"{row['model']}, {row['strategy']}: {self.quantity} is {value:.3f}, "
            f"and {self.text.strip()!r} was to fail"
            for row in chosen
            if isinstance(value := row[self.quantity], (int, float))
            and _SIGNS[self.sign](value, self.number)
        ]


def _names(row: Mapping[str, Value]) -> tuple[str, str]:
    """How a row may be named in the brackets."""
    return str(row["strategy"]), f"{row['strategy']}, {row['model']}"


def read_threshold(text: str) -> Threshold:
    """A threshold such as "delta(pot) < -0.10". Raises `UsageError` with the form to use."""
    found = _FORM.fullmatch(text)
    try:
        assert found is not None
        number = found["number"].replace("−", "-")
        value = float(number.removesuffix("%")) / (100 if number.endswith("%") else 1)
    except (AssertionError, ValueError):
        raise UsageError(
            f"threshold {text!r} cannot be read. Write it as QUANTITY(STRATEGY) < NUMBER or "
            "QUANTITY(STRATEGY, MODEL) > NUMBER, such as 'delta(pot) < -0.10'"
        ) from None
    of = re.sub(r"\s*,\s*", ", ", found["of"].strip())
    return Threshold(text, found["quantity"], of, found["sign"], value)


def missed(thresholds: Iterable[Threshold], rows: Sequence[Mapping[str, Value]]) -> list[str]:
    """A sentence for each row that misses one of the thresholds."""
    return [sentence for threshold in thresholds for sentence in threshold.missed(rows)]
