"""A report as one HTML file: no network, no library, nothing of a model's that could run."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from reasongap.errors import BadFile
from reasongap.report.analyses import Report
from reasongap.report.figures import svg
from reasongap.report.page.figures import inline
from reasongap.report.page.first import answer_grid, asked, example
from reasongap.report.page.items import items_of
from reasongap.report.page.links import linked
from reasongap.report.page.packing import ROOM, pack, shared_out
from reasongap.report.page.templates import environment
from reasongap.report.page.text import visible
from reasongap.report.sections import Section

if TYPE_CHECKING:
    from markupsafe import Markup

_STYLES = ("base", "tables", "figures", "items", "print")
_SCRIPTS = ("text", "python", "unpack", "index", "filters", "listing", "reading", "keys", "start")
_PLACES = 100
"""Bytes that the element around a chunk takes."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page, and what did not fit into it: texts of the files beside it by name."""

    html: str
    beside: dict[str, str]


def write_page(report: Report, path: Path, room: int = ROOM) -> list[Path]:
    """Write the page, and the folder of details beside it where there is one.

    Gives the paths written. Raises `BadFile`.
    """
    folder = path.with_suffix(".items")
    page = make_page(report, folder.name, room)
    texts = {path: page.html} | {folder / name: text for name, text in page.beside.items()}
    for place, text in texts.items():
        try:
            if place.parent == folder:
                folder.mkdir(exist_ok=True)
            place.write_text(text, encoding="utf-8")
        except OSError as error:
            raise BadFile(str(place), f"cannot be written ({error.strerror})") from error
    return list(texts)


def make_page(report: Report, folder: str = "items", room: int = ROOM) -> Page:
    """The page of a report; details that would make it larger than `room` bytes lie beside it.

    `folder` is the name of the folder beside the page that they are for.
    """
    items = items_of(report.evidence)
    render = _Template(report, pack(items.index))
    left = room - len(render(()).encode()) - _PLACES * len(items.chunks)
    packed = shared_out(items.chunks, left)
    numbered = enumerate(packed.beside, len(packed.within))
    return Page(
        render(packed.within, folder if packed.beside else ""),
        {f"{place}.js": f'reasongapItems({place},"{text}")\n' for place, text in numbered},
    )


class _Template:
    """The page but for its chunks of details."""

    def __init__(self, report: Report, index: str) -> None:
        evidence = report.evidence
        self._style, self._script = _joined("style", "css", _STYLES), _program()
        self._values = {
            "report": report,
            "index": index,
            "style": _markup(self._style),
            "script": _markup(self._script),
            "asked": len({record.key.composition for record in evidence.records}),
            "answer": answer_grid(report.findings.estimates.gaps),
            "ways": asked(evidence),
            "example": example(evidence),
            "lead": next((s for s in report.sections if s.key == "size"), None),
            # The first screen holds all of it but its tables.
            "shown": [s for s in report.sections if not s.missing and (s.grids or s.key != "size")],
            "missing": [s for s in report.sections if s.missing],
            "figures": {s.key: _figure(report, s) for s in report.sections},
        }
        made = environment(lambda grid: linked(grid, evidence))
        self._template = made.get_template("page.html.jinja")

    def __call__(self, chunks: tuple[str, ...], folder: str = "") -> str:
        """The page with these chunks inside; the others are in `folder`."""
        policy = _policy(self._style, self._script, beside=bool(folder))
        return self._template.render(**self._values, chunks=chunks, folder=folder, policy=policy)


def _figure(report: Report, section: Section) -> Markup | None:
    text = svg(section.figure, report.findings) if section.figure else None
    return None if text is None else inline(text, section.key, visible(report.caption(section)))


def _joined(folder: str, ending: str, names: tuple[str, ...]) -> str:
    here = files("reasongap.report.page") / folder
    parts = [(here / f"{name}.{ending}").read_text(encoding="utf-8") for name in names]
    return "\n".join(parts)


def _program() -> str:
    """The script's files as one function, so that no name is left on the window."""
    return f'(() => {{\n"use strict";\n{_joined("script", "js", _SCRIPTS)}}})();\n'


def _markup(text: str) -> Markup:
    from markupsafe import Markup

    return Markup(text)


def _policy(style: str, script: str, *, beside: bool) -> str:
    """What the page may do: run its one script, wear its one style, and nothing else.

    Files beside it cannot be named by hash, so then what that script loads may run too.
    """
    loads = " 'strict-dynamic'" if beside else ""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'{loads}; style-src '{_hash(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
