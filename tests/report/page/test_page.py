"""The page is one file that holds the report, and nothing that a model wrote acts in it."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reasongap.errors import BadFile
from reasongap.report.page import make_page, write_page
from tests.report.page.hostile import hostile
from tests.report.page.small import hostile_page, small, small_page
from tests.report.studies import bare


class Parsed(HTMLParser):
    """What a page is made of: its elements, their attributes, the text outside of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.parts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.parts).split())


def test_it_tells_the_headline_every_section_and_every_caveat() -> None:
    report = small()
    text = Parsed(small_page().html).text
    for sentence in (*report.headline, *report.notes):
        assert sentence in text
    for section in report.sections:
        assert section.title in text
        assert " ".join((section.missing or section.how).split()) in text
        for grid in section.grids:
            assert " ".join(grid.caption.split()) in text


def test_what_the_first_screen_holds_is_not_told_again() -> None:
    lead = next(section for section in small().sections if section.key == "size")
    assert lead.grids == ()
    assert Parsed(small_page().html).text.count(lead.how) == 1


def test_the_smallest_study_makes_a_page() -> None:
    text = Parsed(make_page(bare()).html).text
    assert "How much does m lose by chaining?" in text
    assert "needs two strategies" in text


def test_no_element_comes_from_a_model() -> None:
    tame, wild = (Parsed(page.html) for page in (small_page(), hostile_page()))
    assert set(wild.tags) <= set(tame.tags) | {"noscript"}
    assert wild.tags["script"] == 2 + len(re.findall('id="chunk-', hostile_page().html))
    assert not [name for _, name, _ in wild.attributes if name.startswith("on")]
    assert "style" not in {name for _, name, _ in wild.attributes}
    sources = [value for _, name, value in wild.attributes if name in ("src", "srcset", "action")]
    assert sources == []
    links = {value or "" for tag, name, value in wild.attributes if name == "href"}
    assert all(link.startswith("#") or link == "data:," for link in links)


def test_the_policy_allows_its_one_script_and_its_one_style() -> None:
    html = hostile_page().html
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    told = policy[1].replace("&#39;", "'")
    assert told.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in told
    assert "strict-dynamic" not in told
    assert "http" not in told


def test_the_same_report_makes_the_same_page() -> None:
    assert make_page(bare()).html == make_page(bare()).html


def test_what_finds_no_room_lies_beside_it(tmp_path: Path) -> None:
    page, *beside = write_page(small(), tmp_path / "gap.html", room=0)
    assert beside
    assert {path.parent for path in beside} == {tmp_path / "gap.items"}
    text = page.read_text(encoding="utf-8")
    assert 'id="chunk-' not in text
    assert len(text) < len(small_page().html)
    assert "strict-dynamic" in text


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"nowhere.*cannot be written"):
        write_page(bare(), tmp_path / "nowhere" / "gap.html")


def test_a_notebook_gets_tables_that_are_escaped() -> None:
    parsed = Parsed(hostile()._repr_html_())
    assert parsed.tags["table"] >= 2
    assert parsed.tags["p"] >= len(hostile().headline)
    assert set(parsed.tags).isdisjoint({"script", "style", "img", "a"})
    assert "Reasoning gap" in parsed.text
