"""A run that failed says of what, in a line a model."""

from __future__ import annotations

from dataclasses import replace

from reasongap.analysis import Estimates
from reasongap.domain import Record
from reasongap.report.reasons import LONGEST, explained, one_line, reasons
from tests.analysis.records import record


def failed(item: str, error: str | None, model: str = "m") -> Record:
    return replace(record(item, "hop1", "model_error", model=model), error=error)


def test_the_commonest_reason_of_each_model_is_told_with_its_count() -> None:
    records = [
        failed("c0", "m: slow"),
        failed("c1", "m: down"),
        failed("c2", "m: down"),
        failed("c0", "other: no", model="other"),
        failed("c3", None),
        record("c4", "hop1"),
    ]
    assert reasons(records) == ("m: 2 of 3 failures: down", "other: 1 of 1 failures: no")


def test_what_differs_in_an_address_alone_is_one_reason() -> None:
    error = "m: Cannot connect to host h:1 ssl:<ssl.SSLContext object at {}> [refused]"
    records = [failed(f"c{i}", error.format(hex(9_000 + i))) for i in range(3)]
    assert reasons(records) == ("m: 3 of 3 failures: Cannot connect to host h:1 [refused]",)


def test_a_reason_is_a_short_line_that_acts_on_nothing() -> None:
    assert one_line("two\nlines\x1b[31m\x9b\t<function f at 0x7f> end") == "two lines [31m end"
    assert len(one_line("long " * 1_000)) == LONGEST


def test_the_reasons_stand_behind_the_other_notes() -> None:
    notes = explained(Estimates(notes=("few",)), [failed("c0", "down")]).notes
    assert notes == ("few", "m: 1 of 1 failures: down")
    assert explained(Estimates(notes=("few",)), [record("c0", "hop1")]).notes == ("few",)
