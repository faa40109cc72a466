"""Figures draw what there is, the same each time, and can be told apart in grey."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from reasongap.report.figures import FIGURES, svg
from reasongap.report.figures.style import COLUMN, PAGE, drawn, look, written
from tests.report.studies import bare, full

if TYPE_CHECKING:
    from reasongap.report.figures.style import Figure

NEEDED = {
    "size": ("cot", "S_comp, pot", "70B"),
    "gaps": ("five-70b", "published, CoT", "Gemma2-9B-IT"),
    "product": ("no gap", "accuracy on the chain"),
    "trajectory": ("human: chain", "training step"),
    "leakage": ("as published",),
    "distraction": ("hop 1 inside",),
    "second-hop": ("behind unrelated",),
    "attribution": ("X carried on, last hop wrong", "program ran too long"),
    "cost": ("dollars a composition", "front"),
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
