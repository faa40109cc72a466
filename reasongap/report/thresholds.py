"""Thresholds that a user sets on a result: `delta(pot) < -0.10` is missed where it holds."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reasongap.errors import UnknownName, UsageError
from reasongap.report.flat import Value, quantities

Way = tuple[str, str]
"""A model, and a strategy that it was asked under."""

_FORM = re.compile(
    r"\s*(?P<quantity>\w+)\s*\((?P<of>.*)\)\s*(?P<sign><=|>=|<|>)"
    r"\s*(?P<number>[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+−]?\d+)?)(?P<percent>%?)\s*"
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

    def check(self, models: Sequence[str], strategies: Sequence[str], hops: int) -> None:
        """Raise `UnknownName` for a quantity, strategy or model that such a study lacks."""
        known = quantities(hops)
        if self.quantity not in known:
            raise UnknownName("quantity", self.quantity, known)
        for strategy in strategies:
            if self.of == strategy or any(self._concerns((model, strategy)) for model in models):
                return
            if self.of.startswith(f"{strategy}, "):
                raise UnknownName("model", self.of.removeprefix(f"{strategy}, "), models)
        raise UnknownName("strategy", self.of, strategies)

    def missed(self, rows: Sequence[Mapping[str, Value]], asked: Iterable[Way]) -> Iterator[str]:
        """A sentence for each way in which it holds, or in which nobody can say that it does not.

        `rows` are those of `gap_rows`, `asked` all that a model was asked under.
        """
        found = {(row["model"], row["strategy"]): row for row in rows}
        rule, concerned = repr(self.text.strip()), [way for way in asked if self._concerns(way)]
        if not concerned:
            yield f"{self.of}: nothing was asked, and {rule} was to fail: it cannot be ruled out"
        for way in concerned:
            who, row = ", ".join(way), found.get(way)
            value = None if row is None else row[self.quantity]
            if not isinstance(value, (int, float)) or not math.isfinite(value):
                why = "no composition was answered in full" if row is None else "it has no value"
                yield (
                    f"{who}: {self.quantity} is not known ({why}), and {rule} was to fail: it "
                    "cannot be ruled out"
                )
            elif _SIGNS[self.sign](value, self.number):
                yield f"{who}: {self.quantity} is {_told(value)}, and {rule} was to fail"

    def _concerns(self, way: Way) -> bool:
        model, strategy = way
        return self.of in (strategy, f"{strategy}, {model}")


def _told(value: float) -> str:
    return f"{value:.3f}" if value == 0 or abs(value) >= 0.01 else f"{value:.2g}"


def read_threshold(text: str) -> Threshold:
    """A threshold such as "delta(pot) < -0.10". Raises `UsageError` with the form to use."""
    found = _FORM.fullmatch(text)
    number = math.nan if found is None else float(found["number"].replace("−", "-"))
    if found is None or not math.isfinite(number):
        raise UsageError(
            f"threshold {text!r} cannot be read. Write it as QUANTITY(STRATEGY) < NUMBER or "
            "QUANTITY(STRATEGY, MODEL) > NUMBER, such as 'delta(pot) < -0.10'"
        )
    of = re.sub(r"\s*,\s*", ", ", found["of"].strip())
    number = number / 100 if found["percent"] else number
    return Threshold(text, found["quantity"], of, found["sign"], number)


def check(
    thresholds: Iterable[Threshold], models: Sequence[str], strategies: Sequence[str], hops: int
) -> None:
    """Raise `UnknownName` for what a threshold names and a study of these lacks."""
    for threshold in thresholds:
        threshold.check(models, strategies, hops)


def missed(
    thresholds: Iterable[Threshold], rows: Sequence[Mapping[str, Value]], asked: Sequence[Way]
) -> list[str]:
    """A sentence for each model and strategy that misses one of the thresholds."""
    return [sentence for threshold in thresholds for sentence in threshold.missed(rows, asked)]
