"""Published holes of RestrictedPython and smolagents, each tried with a program of our own."""

from __future__ import annotations

import subprocess
import sys

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


SMOLAGENTS = {
    "CVE-2025-5120, modules inside allowed modules": """
import random
ans = random._os.getcwd()
""",
    "CVE-2025-5120, two modules down": """
import statistics
ans = statistics.random._os.getcwd()
""",
    "CVE-2025-9959, the classes below object": """
shells = [kind for kind in ().__class__.__base__.__subclasses__() if kind.__name__ == 'Popen']
ans = len(shells)
""",
    "CVE-2025-9959, by special methods called, not read": """
look = object.__getattribute__
ans = look(look((), '__class__'), '__base__').__name__
""",
    "CVE-2025-9959, names made at run time": """
name = '__sub' + 'classes__'
ans = len(getattr(int, name)())
""",
    "CVE-2026-4963, an attribute read by an augmented assignment": """
def f(): pass
f.__dict__ |= {'x': 1}
ans = f.x
""",
    "CVE-2026-4963, code given to a function": """
def f(): return 1
def g(): return 2
setattr(f, '__code__', getattr(g, '__code__'))
ans = f()
""",
    "CVE-2026-4963, code given by an assignment": """
def f(): return 1
f.__code__ = (lambda: 2).__code__
ans = f()
""",
    "builtins by their module": "ans = print.__self__.eval('1 + 1')",
    "a class that looks in on every attribute": """
class A:
    def __getattribute__(self, name): return 1
ans = A().x
""",
    "a class that acts when it is collected": """
class A:
    def __del__(self): print('late')
ans = 1
""",
    "ctypes, which a list of dangerous modules forgot": """
import ctypes
ans = ctypes.CDLL(None).getpid()
""",
    "a module inside another that looks harmless": """
import queue
ans = queue.threading.get_ident()
""",
    "an unpickled call": """
import pickle
ans = pickle.loads(b'cbuiltins\\nint\\n(S"4"\\ntR.')
""",
}


@pytest.mark.parametrize("advisory", [*PAYLOADS, *SMOLAGENTS])
def test_the_hole_is_closed(advisory: str, execute: Execute) -> None:
    execution = execute((PAYLOADS | SMOLAGENTS)[advisory])
    assert (execution.status, execution.value) == ("blocked", None)


def test_what_hasattr_says_of_special_names_tells_nothing(execute: Execute) -> None:
    names = "('__subclasses__', '__globals__', '__code__', 'gi_frame')"
    source = f"ans = [hasattr(each, name) for each in (int, print) for name in {names}]"
    assert execute(source).value == str([False] * 8)


@pytest.mark.parametrize("kind", SMOLAGENTS)
def test_the_payload_does_something_where_nothing_stops_it(kind: str) -> None:
    command = [sys.executable, "-I", "-c", f"{SMOLAGENTS[kind]}\nprint('ans:', ans)"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "ans:" in done.stdout
