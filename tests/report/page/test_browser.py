"""The page as a reader uses it, in a headless Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from reasongap.report.page import write_page
from tests.report.page.browser import Tab, chromium
from tests.report.page.hostile import NAME, hostile
from tests.report.page.small import hostile_page, small, small_page

pytestmark = pytest.mark.needs("browser")

ITEM = "#item?" + urlencode(
    {"composition": "c0001", "setting": "composed", "model": "acme/one-1b", "repeat": "0"}
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with chromium(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a whole page, one with details beside it, and one of hostile replies."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "whole.html").write_text(small_page().html, encoding="utf-8")
    (folder / "hostile.html").write_text(hostile_page().html, encoding="utf-8")
    write_page(small(), folder / "beside it.html", room=0)
    return folder


@pytest.fixture
def tab(browser: Tab) -> Iterator[Tab]:
    """The tab, which must not have complained nor asked for anything but files when done."""
    browser.complaints.clear()
    browser.asked.clear()
    browser.size(1200)
    yield browser
    browser.js("0")
    assert browser.complaints == []
    assert not [url for url in browser.asked if not url.startswith(("file:", "data:", "about:"))]


def opened(tab: Tab, page: Path, address: str = "") -> Tab:
    tab.go(page.as_uri() + address)
    tab.until("document.getElementById('count').textContent !== ''")
    return tab


def rows(tab: Tab) -> int:
    found = tab.js("document.getElementById('count').textContent")
    return int(found.split(" of ")[0].replace(",", ""))


def choose(tab: Tab, name: str, value: str) -> None:
    """Set a filter as a user does, and wait for the list."""
    tab.js(
        f"{{ const field = document.forms.filters.elements.{name}; field.value = {value!r};"
        "field.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    tab.until(f"new URLSearchParams(location.hash.split('?')[1]).get({name!r}) === {value!r}")


def test_filters_narrow_the_list_and_the_address_says_so(tab: Tab, pages: Path) -> None:
    opened(tab, pages / "whole.html")
    records = small().evidence.records
    assert rows(tab) == len(records)
    choose(tab, "model", "acme/one-1b")
    choose(tab, "outcome", "wrong")
    wanted = [r for r in records if r.key.model == "acme/one-1b" and r.outcome == "wrong"]
    assert rows(tab) == len(wanted)
    address = tab.js("location.hash")
    opened(tab, pages / "whole.html", address)
    assert rows(tab) == len(wanted)
    tab.js("document.forms.filters.querySelector('button').click()")
    tab.until("location.hash === '#items?'")
    assert rows(tab) == len(records)


def test_failed_leaves_out_what_is_right(tab: Tab, pages: Path) -> None:
    opened(tab, pages / "whole.html", "#items?outcome=failed")
    assert rows(tab) == sum(r.outcome != "correct" for r in small().evidence.records)


def test_search_reads_the_replies(tab: Tab, pages: Path) -> None:
    opened(tab, pages / "whole.html")
    choose(tab, "search", "Final answer: 4374")
    texts = [c.text for r in small().evidence.records for c in r.solution.completions]
    assert 0 < rows(tab) == sum("final answer: 4374" in text.lower() for text in texts)


def test_a_number_leads_to_its_answers(tab: Tab, pages: Path) -> None:
    opened(tab, pages / "whole.html")
    link = "document.querySelector('#attribution td a')"
    count = int(tab.js(f"{link}.textContent"))
    tab.js(f"{link}.click()")
    tab.until("location.hash.startsWith('#items?')")
    tab.until(f"document.getElementById('count').textContent.startsWith('{count} of')")


def test_an_item_opens_from_its_address_with_everything_to_read(tab: Tab, pages: Path) -> None:
    opened(tab, pages / "whole.html", ITEM)
    tab.until("document.getElementById('item').open")
    body = tab.js("document.getElementById('item-body').textContent")
    for text in ("There are 4 boxes of 12 pens", "Final answer:", "def solution", "status", "ok"):
        assert text in body
    assert tab.js("document.querySelector('#item-body mark').textContent") == "X"
    assert tab.js("document.querySelectorAll('#item-body article').length") == 2
    assert tab.js("document.querySelector('#item-body .py-keyword').textContent") == "def"
    shown = tab.js("document.querySelector('#item-body pre.program').textContent")
    sources = [p.source.strip() for r in small().evidence.records for p in r.solution.programs]
    assert shown in sources


def test_keys_move_open_and_close(tab: Tab, pages: Path) -> None:
    opened(tab, pages / "whole.html")
    tab.press("j")
    tab.press("j")
    places = "[...document.querySelectorAll('#list tbody a')].indexOf(document.activeElement)"
    assert tab.js(places) == 1
    tab.press("k")
    assert tab.js(places) == 0
    tab.press("Enter")
    tab.until("document.getElementById('item').open")
    first = tab.js("location.hash")
    tab.press("j")
    tab.until(f"location.hash !== {first!r}")
    tab.until("document.getElementById('place').textContent.startsWith('2 of')")
    tab.press("Escape")
    tab.until("!document.getElementById('item').open")
    tab.until("location.hash.startsWith('#items?')")
    tab.press("/")
    assert tab.js("document.activeElement.name") == "search"
    tab.press("Escape")
    tab.press("?")
    assert tab.js("document.getElementById('help').open")


def test_an_item_that_is_not_there_is_said(tab: Tab, pages: Path) -> None:
    opened(tab, pages / "whole.html", "#item?composition=none&setting=x&model=y&repeat=0")
    tab.until("!document.getElementById('trouble').hidden")
    assert "no such item" in tab.js("document.getElementById('trouble').textContent")


def test_details_beside_the_page_load_when_they_are_opened(tab: Tab, pages: Path) -> None:
    opened(tab, pages / "beside it.html")
    assert not [url for url in tab.asked if url.endswith(".js")]
    last = small().evidence.records[-1]
    address = urlencode(
        {
            "composition": last.key.composition,
            "setting": last.key.setting,
            "model": last.key.model,
            "repeat": last.key.repeat,
        }
    )
    tab.js(f"location.hash = '#item?{address}'")
    tab.until("document.getElementById('item').open")
    body = tab.js("document.getElementById('item-body').textContent")
    assert last.solution.completions[0].text.split("\n")[0] in body
    assert len([url for url in tab.asked if url.endswith(".js")]) == 1


def test_details_that_went_missing_are_said(tab: Tab, pages: Path, tmp_path: Path) -> None:
    alone = tmp_path / "beside it.html"
    alone.write_bytes((pages / "beside it.html").read_bytes())
    opened(tab, alone)
    key = small().evidence.records[-1].key
    address = urlencode(
        {
            "composition": key.composition, "setting": key.setting, "model": key.model,
            "repeat": key.repeat,
        }
    )  # fmt: skip
    tab.js(f"location.hash = '#item?{address}'")
    tab.until("!document.getElementById('trouble').hidden")
    assert "is not beside this page" in tab.js("document.getElementById('trouble').textContent")
    tab.complaints = [told for told in tab.complaints if "ERR_FILE_NOT_FOUND" not in told]


def test_nothing_that_a_model_wrote_acts(tab: Tab, pages: Path) -> None:
    opened(tab, pages / "hostile.html")
    title = tab.js("document.title")
    for record in hostile().evidence.records[:24:3]:
        key = record.key
        wanted = {
            "composition": key.composition, "setting": key.setting, "model": key.model,
            "repeat": key.repeat,
        }  # fmt: skip
        tab.js(f"location.hash = '#item?{urlencode(wanted)}'")
        tab.until(
            "document.getElementById('item').open && document.getElementById('item-title')"
            f".textContent.startsWith({key.setting!r})"
        )
        assert tab.js("document.querySelectorAll('#item img, #item script').length") == 0
        body = tab.js("document.getElementById('item-body').textContent")
        assert "\x1b" not in body
        assert "\u202e" not in body
    assert tab.js("document.title") == title
    assert NAME.split("/")[0] in title


def test_no_width_scrolls_sideways_and_both_schemes_have_contrast(tab: Tab, pages: Path) -> None:
    for scheme in ("light", "dark"):
        tab.scheme(scheme)
        for width in (400, 900, 1400):
            tab.size(width)
            opened(tab, pages / "whole.html")
            assert tab.js("document.documentElement.scrollWidth") <= width
            captions = "[...document.querySelectorAll('figcaption, .caption')]"
            assert tab.js(f"{captions}.length") > 5
            assert tab.js(f"Math.max(...{captions}.map((c) => c.scrollWidth))") <= width
        for name in ("ink", "faint", "accent", "good", "bad"):
            assert tab.js(CONTRAST % (name, "paper")) >= 4.5
            assert tab.js(CONTRAST % (name, "raised")) >= 4.5


CONTRAST = """(() => {
  const probe = document.body.appendChild(document.createElement("i"));
  const light = (name) => {
    probe.setAttribute("class", "");
    probe.style.color = `var(--${name})`;
    const parts = getComputedStyle(probe).color.match(/[0-9.]+/g).slice(0, 3).map((part) => {
      const c = part / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const both = [light("%s"), light("%s")].sort((a, b) => b - a);
  probe.remove();
  return (both[0] + 0.05) / (both[1] + 0.05);
})()"""


def test_every_field_has_a_label_and_every_table_a_caption(tab: Tab, pages: Path) -> None:
    opened(tab, pages / "whole.html")
    fields = "[...document.querySelectorAll('input, select')]"
    assert tab.js(f"{fields}.every((field) => field.labels.length === 1)")
    assert tab.js("[...document.querySelectorAll('table')].every((table) => table.caption)")
    assert tab.js("[...document.querySelectorAll('th')].every((th) => th.scope)")
    assert tab.js(
        "[...document.querySelectorAll('svg')].every((s) => s.getAttribute('aria-label'))"
    )


def test_the_theme_turns(tab: Tab, pages: Path) -> None:
    tab.scheme("light")
    opened(tab, pages / "whole.html")
    paper = "getComputedStyle(document.body).backgroundColor"
    before = tab.js(paper)
    tab.js("document.getElementById('theme').click()")
    assert tab.js(paper) != before
    assert tab.js("document.getElementById('theme').textContent") == "Light"


def test_it_prints(tab: Tab, pages: Path) -> None:
    opened(tab, pages / "whole.html")
    printed = tab.pdf()
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") > 3
