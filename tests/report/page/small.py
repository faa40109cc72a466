"""A study of two models under two strategies, and its page; each made once."""

from __future__ import annotations

from functools import cache

from reasongap.models.seam import ModelSpec
from reasongap.report.analyses import Report, report_of
from reasongap.report.page import Page, make_page
from tests.analysis.simulated import Habits, study
from tests.report.page.hostile import hostile


@cache
def small() -> Report:
    """Forty compositions, two repeats."""
    ways = [
        (ModelSpec(name, size=size), strategy, Habits(broken=0.1, stop=0.1))
        for name, size in (("acme/one-1b", 1e9), ("acme/two-3b", 3e9))
        for strategy in ("cot", "pot")
    ]
    return report_of(study(ways, 40, repeats=2), "reasongap report runs/a")


@cache
def small_page() -> Page:
    """The page of the small study."""
    return make_page(small())


@cache
def hostile_page() -> Page:
    """The page of the hostile study."""
    return make_page(hostile())
