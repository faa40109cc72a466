"""Figures inside the page: SVG without inline styles, which the page's policy forbids."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from markupsafe import Markup

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_LEFT_OUT = ("metadata", "title", "style")
_URL = re.compile(r"url\(#([^)]+)\)")


def inline(svg: str, name: str, label: str) -> Markup:
    """A figure as an element of the page: styles as attributes, ids under `name`, a label.

    The page's own style sheet then gives it the colours of light or dark.
    """
    root = ET.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.removeprefix(_SVG) in _LEFT_OUT:
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        attributes = dict(_attributes(element, name))
        element.attrib.clear()
        element.attrib.update(attributes)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    width = root.get("viewBox", "0 0 0 0").split()[2]
    told = {"role": "img", "aria-label": label, "data-wide": str(float(width) > 300).lower()}
    # What matplotlib sets for every element; as attributes they are inherited, and give way.
    round_off = {"stroke-linejoin": "round", "stroke-linecap": "butt"}
    root.attrib.update(told | round_off)
    return Markup(ET.tostring(root, encoding="unicode"))


def _attributes(element: ET.Element, name: str) -> list[tuple[str, str]]:
    found = []
    for key, value in element.attrib.items():
        if key == "style":
            pairs = (part.split(":", 1) for part in value.split(";") if ":" in part)
            found += [(k.strip(), v.strip()) for k, v in pairs if k.strip() != "font-family"]
        elif key == "id":
            found.append((key, f"{name}-{value}"))
        elif key == _HREF:
            found.append(("href", f"#{name}-{value.removeprefix('#')}"))
        else:
            found.append((key, value))
    return [(key, _URL.sub(rf"url(#{name}-\1)", value)) for key, value in found]
