"""An extraction rule: a line such as "RESULT> 18"."""

from __future__ import annotations

import re
from fractions import Fraction

from reasongap.answers import Rule, parse_number

LINE = re.compile(r"^RESULT>(.*)$", re.MULTILINE)


def read(reply: str, hops: int) -> Fraction | None:
    """The number on the last such line."""
    lines = LINE.findall(reply)
    return parse_number(lines[-1]) if lines else None


rule = Rule("result_line", read)
