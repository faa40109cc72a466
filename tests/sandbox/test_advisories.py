"""RestrictedPython's published holes, each tried with a program of our own."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import Execute

PAYLOADS = {
    "CVE-2023-37271, frames of generators": """
def climb():
    yield walker.gi_frame.f_back.f_back.f_globals
walker = climb()
ans = next(walker)
""",
    "CVE-2023-37271, by another name": """
walker = (getattr(walker, 'gi_' + 'frame').f_back for _ in [1])
ans = next(walker)
""",
    "CVE-2023-41039, str.format": """
def f(): pass
ans = '{0.__globals__[__builtins__]}'.format(f)
""",
    "CVE-2023-41039, str.format_map": "ans = str.format_map('{f.__self__}', {'f': [].append})",
    "CVE-2023-41039, through a class derived from str": """
from enum import Enum
S = Enum('S', {'A': '{0.__class__.__mro__}'}, type=str)
ans = S.A.format(1)
""",
    "CVE-2023-41039, through super": """
from enum import Enum
S = Enum('S', {'A': '{0.__class__.__mro__}'}, type=str)
ans = super(S, S.A).format(1)
""",
    "CVE-2024-47532, the object of an AttributeError": """
import string
try:
    string.nothing
except AttributeError as error:
    ans = str(error.obj)
""",
    "CVE-2025-22153, except*": """
try:
    raise ValueError
except* ValueError as group:
    ans = 1
""",
    "CVE-2026-55830, positional-only parameters": """
def f(_getattr_, /):
    return ().__class__
ans = f(lambda subject, name: subject)
""",
    "CVE-2026-55830, of a lambda": "ans = (lambda _write_, /: 1)(1)",
    "CVE-2026-76825, string.Formatter": """
import string
ans = string.Formatter().vformat('{0.__class__}', (1,), {})
""",
}


@pytest.mark.parametrize("advisory", PAYLOADS)
def test_the_hole_is_closed(advisory: str, execute: Execute) -> None:
    execution = execute(PAYLOADS[advisory])
    assert (execution.status, execution.value) == ("blocked", None)
