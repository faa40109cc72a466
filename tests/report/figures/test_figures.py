"""Figures draw what there is, the same each time, and can be told apart in grey."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest

from reasongap.analysis.findings import Findings
from reasongap.models.seam import ModelSpec
from reasongap.report.analyses import report_of
from reasongap.report.figures import FIGURES, svg
from reasongap.report.figures.style import COLUMN, PAGE, drawn, look, side_by_side, written
from tests.analysis.simulated import Habits, study
from tests.report.studies import bare, full

if TYPE_CHECKING:
    from reasongap.report.figures.style import Figure

NEEDED = {
    "size": ("cot", "S_comp hollow", "70B"),
    "gaps": ("five-70b", "published, CoT", "Gemma2-9B-IT"),
    "product": ("no gap", "accuracy on the chain", "five-70b"),
    "trajectory": ("human: chain", "training step"),
    "leakage": ("as published",),
    "distraction": ("hop 1 inside",),
    "second-hop": ("behind unrelated",),
    "attribution": ("X carried on, last hop wrong", "program ran too long"),
    "cost": ("dollars a composition", "five-70b"),
    "sensitivity": ("one-1b", "cot(prompt=terse)"),
}


def texts(image: str) -> str:
    found = ElementTree.fromstring(image).itertext()
    return " ".join(" ".join(found).split())


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_names_what_it_shows(name: str) -> None:
    image = svg(name, full().findings, about="n = 40")
    assert image is not None
    told = texts(image)
    assert all(part in told for part in NEEDED[name]), told
    assert "n = 40" in told
    assert "<script" not in image
    width = float(ElementTree.fromstring(image).attrib["width"].removesuffix("pt")) / 72
    assert width in (pytest.approx(COLUMN), pytest.approx(PAGE))


@cache
def lone() -> Findings:
    """One model with a long name under six strategies with long names."""
    spec = ModelSpec("hf/some-coder-0.5b-instruct-q4_k_m.gguf", size=5e8)
    names = ("cot", "pot", "self-debugging", "least-to-most(cot)", "least-to-most(pot)", "faithful")
    return report_of(study([(spec, name, Habits()) for name in names], 12)).findings


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("of", [lone, lambda: full().findings], ids=["lone", "full"])
def test_no_word_leaves_the_figure(name: str, of: Callable[[], Findings]) -> None:
    figure = FIGURES[name](of())
    if figure is None:
        return
    figure.draw_without_rendering()
    (left, bottom), (right, top) = figure.get_tightbbox().get_points()
    width, height = figure.get_size_inches()
    assert min(left, bottom) > -0.01
    assert right < width + 0.01
    assert top < height + 0.01


def test_a_lone_size_stands_in_the_middle_with_its_strategies_side_by_side() -> None:
    figure = FIGURES["size"](lone())
    assert figure is not None
    axes = figure.axes[0]
    low, high = axes.get_xlim()
    places = [float(x) for line in axes.get_lines() for x in np.asarray(line.get_xdata())]
    shares = [math.log(place / low, high / low) for place in places if low < place < high]
    assert len(set(shares)) > 1
    assert all(0.4 < share < 0.6 for share in shares)


def test_points_in_one_place_are_drawn_side_by_side() -> None:
    assert side_by_side([(0.5, 0.5), (0.9, 0.5)]) == [0, 0]
    left, alone, right = side_by_side([(0.5, 0.5), (0.1, 0.5), (0.51, 0.5)], (0.04, 0.05))
    assert (left, alone, right) == pytest.approx((-0.02, 0, 0.02))


@pytest.mark.parametrize("name", ["size", "attribution"])
def test_the_same_findings_give_the_same_file(name: str) -> None:
    assert svg(name, full().findings) == svg(name, full().findings)


def test_where_there_is_nothing_there_is_no_figure() -> None:
    nothing = {name for name in FIGURES if svg(name, bare().findings) is None}
    assert nothing == {"size", "trajectory", "leakage", "sensitivity"}


def test_files_carry_their_caption_and_no_date() -> None:
    def plot(figure: Figure) -> None:
        figure.subplots().plot([0, 1])

    figure = drawn(plot, COLUMN, 2)
    pdf = written(figure, "pdf", "A title", "what it says")
    assert b"what it says" in pdf
    assert b"CreationDate" not in pdf
    assert pdf == written(figure, "pdf", "A title", "what it says")
    assert written(figure, "png", "A title", "it says").startswith(b"\x89PNG")


def test_every_series_has_a_look_of_its_own() -> None:
    looks = [look(i) for i in range(8)]
    for part in ("color", "marker", "hatch"):
        assert len({getattr(one, part) for one in looks}) == 8
    assert len({str(one.dash) for one in looks}) == 8
    assert look(8).color == look(0).color
    assert look(8).hatch != look(0).hatch


def test_neighbouring_colours_differ_in_grey() -> None:
    def lightness(color: str) -> float:
        red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    greys = [lightness(look(i).color) for i in range(8)]
    assert all(abs(a - b) > 20 for a, b in pairwise(greys))


def test_no_two_of_many_series_look_alike() -> None:
    looks = [look(place) for place in range(24)]
    assert len({(each.color, each.marker) for each in looks}) == 24
    assert len({(each.color, each.hatch) for each in looks}) == 24
