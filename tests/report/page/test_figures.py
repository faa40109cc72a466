"""Figures enter the page as elements that its policy allows."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from reasongap.report.figures import svg
from reasongap.report.page.figures import inline
from tests.report.studies import full


def test_no_style_of_its_own_remains_and_every_reference_is_met() -> None:
    drawn = svg("size", full().findings)
    assert drawn is not None
    root = ET.fromstring(inline(drawn, "size", 'about "it" & more'))
    assert root.get("aria-label") == 'about "it" & more'
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(name and name.startswith("size-") for name in ids)
    for element in root.iter():
        assert element.tag != "style"
        assert "style" not in element.attrib
        for value in element.attrib.values():
            if value.startswith("url(#"):
                assert value[5:-1] in ids
        if "href" in element.attrib:
            assert element.attrib["href"][1:] in ids


def test_colours_and_dashes_are_kept() -> None:
    drawn = svg("product", full().findings)
    assert drawn is not None
    colours = {element.get("stroke") for element in ET.fromstring(inline(drawn, "p", "")).iter()}
    assert {"#222222", "#0072b2"} <= colours
