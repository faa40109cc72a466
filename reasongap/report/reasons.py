"""Why the machinery failed: what most of a model's failed answers say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from reasongap.analysis import Estimates
from reasongap.domain import MACHINERY, Record

LONGEST = 200
"""Characters of an error that a note holds."""

_OBJECT = re.compile(r"(?:\b\w+:)?<[^<>]*\bat 0x[0-9a-fA-F]+[^<>]*>")
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def explained(estimates: Estimates, records: Iterable[Record]) -> Estimates:
    """The estimates with a further note for each model that failed: the commonest reason."""
    return replace(estimates, notes=(*estimates.notes, *reasons(records)))


def reasons(records: Iterable[Record]) -> tuple[str, ...]:
    """A sentence a model: how many of its failures give the commonest reason, and which."""
    found: dict[str, Counter[str]] = {}
    for record in records:
        if record.outcome in MACHINERY and record.error is not None:
            why = one_line(record.error.removeprefix(f"{record.key.model}: "))
            found.setdefault(record.key.model, Counter())[why] += 1
    return tuple(
        f"{model}: {count} of {counts.total()} failures: {why}"
        for model, counts in found.items()
        for why, count in counts.most_common(1)
    )


def one_line(error: str) -> str:
    """The error on one line of bounded length, without control characters and addresses."""
    text = " ".join(_UNPRINTED.sub(" ", _OBJECT.sub("", error)).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
