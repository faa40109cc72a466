"""Attempts to get past the policy: source → what must come of it.

Each would leave a value in `ans` if it got through.
"""

from __future__ import annotations

GUARDS = ("_getattr_", "_write_", "_alter_", "_base_", "__own__", "__builtins__", "__import__")

BINDINGS: dict[str, str] = {
    "assignment": "{} = 1",
    "augmented assignment": "{} += 1",
    "annotated assignment": "{}: int = 1",
    "walrus": "print(({} := 1))",
    "delete": "del {}",
    "global": "def f():\n    global {}",
    "nonlocal": "def f():\n    x = 1\n    def g():\n        nonlocal {}",
    "for": "for {} in [1]: pass",
    "for with unpacking": "for a, (b, {}) in []: pass",
    "starred": "a, *{} = [1]",
    "with": "with x as {}: pass",
    "except": "try: pass\nexcept ValueError as {}: pass",
    "import": "import {}",
    "import as": "import math as {}",
    "import from": "from math import {}",
    "import from as": "from math import pi as {}",
    "function": "def {}(): pass",
    "class": "class {}: pass",
    "class attribute": "class A:\n    {} = 1",
    "method": "class A:\n    def {}(self, *a): return 1",
    "argument": "def f({}): pass",
    "positional-only argument": "def f({}, /): pass",
    "keyword-only argument": "def f(*, {}): pass",
    "rest": "def f(*{}): pass",
    "keywords": "def f(**{}): pass",
    "lambda argument": "f = lambda {}: 1",
    "lambda positional-only argument": "f = lambda {}, /: 1",
    "list comprehension": "[1 for {} in [1]]",
    "dict comprehension": "{{1: 2 for {} in [1]}}",
    "generator expression": "(1 for {} in [1])",
    "match capture": "match 1:\n    case {}: pass",
    "match as": "match 1:\n    case int() as {}: pass",
    "match star": "match [1]:\n    case [*{}]: pass",
    "match rest": "match {{}}:\n    case {{**{}}}: pass",
    "keyword": "print({}=1)",
    "reading": "ans = {}",
}
"""Every way to bind a name (or read it), with a gap for the name of a guard."""

_METHODS = [
    *["__getattr__", "__getattribute__", "__setattr__", "__delattr__", "__del__", "__class__"],
    *["__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__copy__", "__deepcopy__"],
    *["__init_subclass__", "__class_getitem__", "__set_name__", "__get__", "__set__", "__dir__"],
    *["__instancecheck__", "__subclasshook__", "__mro_entries__", "__prepare__", "__await__"],
]

SYNTAX: dict[str, str] = {
    "async function": "async def f(): pass",
    "async comprehension": "async def f():\n    return [x async for x in y]",
    "await": "async def f():\n    await x",
    "except star": "try: pass\nexcept* ValueError: pass",
    "metaclass": "class A(metaclass=int): pass",
    "class keyword": "class A(x=1): pass",
    "starred base": "class A(*[int]): pass",
    "class pattern with attributes": "match 'a':\n    case str(format=f): ans = f",
    "class pattern with positions": "class A: x = 1\nmatch 1:\n    case A(x): pass",
    "match arguments": "class A:\n    __match_args__ = ('x',)",
    "attribute in a pattern": "match 1:\n    case math.pi: pass",
    "guard in a pattern": "match 1:\n    case __builtins__.X: pass",
    "dunder attribute": "ans = ().__class__.__base__",
    "subclasses": "ans = int.__subclasses__()",
    "globals of a function": "def f(): pass\nans = f.__globals__",
    "code of a function": "ans = (lambda: 0).__code__",
    "closure of a function": "ans = (lambda: 0).__closure__",
    "dict of an object": "class A: pass\nans = A.__dict__",
    "frame of a generator": "g = (x for x in [1])\nans = g.gi_frame",
    "code of a generator": "ans = (x for x in [1]).gi_code",
    "traceback of an exception": "try: 1/0\nexcept Exception as e: ans = e.__traceback__",
    "context of an exception": "try: 1/0\nexcept Exception as e: ans = e.__context__",
    "frame of a traceback": "ans = x.tb_frame",
    "self of a method": "ans = [].append.__self__",
    "module of a class": "class A: pass\nans = A.__module__",
    "reduce": "ans = (1).__reduce_ex__(2)",
    "set class": "class A: pass\nA().__class__ = int",
    "private attribute of a package": "import math\nans = math.__loader__",
    **{f"defining {name}": f"class A:\n    def {name}(self, *a): return 1" for name in _METHODS},
}
"""Refused before anything runs."""

RUNTIME: dict[str, str] = {
    "a field of a dataclass that is code": """
from dataclasses import dataclass
from typing import TypedDict
T = TypedDict('T', {"__class__,print(__import__('os').getpid())": int})
ans = dataclass(init=False, repr=False)(T)
""",
    "such a field, derived": """
from dataclasses import dataclass
from typing import TypedDict
class T(TypedDict('T', {"a=1,b": int})): pass
ans = dataclass(T)
""",
    "a field that names itself": """
from dataclasses import dataclass, fields
@dataclass
class D: x: int
class Named(type(fields(D)[0])):
    name = property(lambda self: "a=print(__import__('os').getpid())", lambda self, name: None)
ans = 1
""",
    "a field renamed": """
from dataclasses import dataclass, fields
@dataclass
class D: x: int
fields(D)[0].name = '__dict__'
ans = 1
""",
    "a dataclass of what is no class": """
from dataclasses import dataclass
from types import SimpleNamespace
ans = dataclass(SimpleNamespace(__mro__=(), __annotations__={"a=1,b": int}))
""",
    "special methods of an enumeration": "from enum import Enum\nans = Enum('E', '__getattr__')",
    "special methods in pairs": "from enum import Flag\nans = Flag('F', [('__reduce_ex__', len)])",
    "special methods by name": "from enum import IntEnum\nans = IntEnum('E', names={'_a_': 1})",
    "a type for an enumeration": "from enum import Enum\nans = Enum('E', 'A', type=str)",
    "a refusal passed over": "try: n = eval('3')\nexcept: n = 0\nans = n",
    "a refusal suppressed": """
from contextlib import suppress
ans = 1
with suppress(BaseException):
    ans = open('x')
""",
    "a refusal returned over": """
def f():
    try: return vars(int)
    finally: return 0
ans = f()
""",
    "a refusal that hasattr passes over": """
class A:
    seen = 0
    @property
    def x(self):
        try: A.seen = eval('3')
        except: A.seen = 2
        raise AttributeError
hasattr(A(), 'x')
ans = A.seen
""",
    "a refusal that hasattr runs into": """
class A:
    @property
    def x(self): return eval('3')
ans = hasattr(A(), 'x')
""",
    "a refusal that hasattr runs into through an alias": """
from typing import Generic, TypeVar
def refused():
    try: eval('3')
    except BaseException: return 5
class A(Generic[TypeVar('T')]):
    x = classmethod(property(lambda cls: refused()))
hasattr(A[int], 'x')
ans = 1
""",
    "a namespace that says how it is copied": """
from copy import deepcopy
from types import SimpleNamespace
class A: pass
how = (lambda: A), (), (None, {'__subclasshook__': print})
deepcopy(SimpleNamespace(**{'__reduce_ex__': lambda version: how}))
ans = isinstance(1, A)
""",
    "a namespace that is told later": """
from types import SimpleNamespace
n = SimpleNamespace()
bases = iter([(object,), (str,)])
n.__init__(**{'__mro_entries__': lambda given: next(bases)})
class A(n): pass
ans = A('{0.__class__}')
""",
    "a cached property of another name": """
from functools import cached_property
class Named(cached_property): pass
class A:
    x = Named(lambda self: 1)
A.x.attrname = '__deepcopy__'
A().x
ans = 1
""",
    "a copy that is another object": """
from copy import copy
from dataclasses import dataclass, fields
@dataclass
class D: x: int
class A:
    __slots__ = ('name',)
    def __new__(cls, *first): return object.__new__(cls) if first else fields(D)[0]
a = A(1)
a.name = '__dict__'
copy(a)
ans = 1
""",
    "the guards' own state, in the memo of a copy": """
from copy import deepcopy
from statistics import mean
memo = {}
deepcopy(getattr, memo)
for kept in memo.values():
    for each in kept if isinstance(kept, list) else [kept]:
        if isinstance(each, dict): each['_vetted'].add((type(mean), '__globals__'))
ans = str(getattr(mean, '__globals__')['sys'])
""",
    "a copy whose state is the program's": """
from copy import deepcopy
from random import Random
class R(Random):
    def __new__(cls, *first): return Random.__new__(cls) if first else A
    def getstate(self): return None, {'__subclasshook__': print}
class A: pass
deepcopy(R(1))
ans = isinstance(1, A)
""",
    "a slot that hides how a copy gets its state": """
from copy import copy
from random import Random
class R(Random):
    __slots__ = ('__setstate__',)
    def getstate(self): return {'__mro_entries__': print}
ans = str(copy(R()))
""",
    "slots that are worked out": "class A:\n    __slots__ = tuple(['__reduce__'])\nans = 1",
    "slots by another assignment": "class A:\n    a = __slots__ = ['__reduce__']\nans = 1",
    "getattr with a dunder": "ans = getattr(int, '__subclasses__')()",
    "getattr with a frame": "ans = getattr((x for x in [1]), 'gi_' + 'frame')",
    "object's own setting of a dunder": """
class A: pass
object.__setattr__(A(), '__class__', A)
ans = 1
""",
    "object's own setting of what is no object of the program's": """
from dataclasses import dataclass, fields
@dataclass
class D: x: int
object.__setattr__(fields(D)[0], 'name', 'y')
ans = 1
""",
    "setting by another that is called object": """
object = super
object.__setattr__
ans = 1
""",
    "setattr of a dunder": "class A: pass\nsetattr(A, '__getattr__', lambda s, n: 1)\nans = A().x",
    "delattr of a dunder": "class A: pass\ndelattr(A, '__own__')\nans = 1",
    "format string with a dunder": "ans = '{0.__subclasses__}'.format(int)",
    "format string, late": "ans = '{0[0].__globals__}'.format([print])",
    "format string in a width": "ans = '{0:{1.__init__.__globals__}}'.format(1, print)",
    "format_map": "ans = '{a.__globals__}'.format_map({'a': len})",
    "str.format unbound": "ans = str.format('{0.__mro__}', 1)",
    "map over str.format": "ans = list(map(str.format, ['{0.__mro__}'], [1]))",
    "format through getattr": "ans = getattr('{0.__mro__}', 'format')(1)",
    "string.Formatter": "import string\nans = string.Formatter().format('{0.__class__}', 1)",
    "string.Formatter imported": "from string import Formatter\nans = Formatter()",
    "a class derived from str": "class S(str): pass\nans = S('{0.__class__}').format(1)",
    "a class derived from type": "class M(type(int)): pass\nans = M",
    "a class derived from str by another name": """
from typing import Text
class S(Text): pass
ans = 1
""",
    "type with three arguments": "ans = type('A', (), {})",
    "type of a class": "ans = type(int)",
    "type of a module": "import math\nans = type(math)",
    "type of a generator": "ans = type(x for x in [1])",
    "an attribute behind a method of one's own making": """
from typing import Type
class A:
    def method(self): pass
ans = str(type(A().method)(Type[int], 1).copy_with)
""",
    "a dataclass's own setting of what is not the program's": """
from dataclasses import dataclass
from typing import Type
@dataclass
class D:
    _inst: bool
alias = Type[int]
D.__init__(alias, True)
ans = str(alias('Made', (), {}))
""",
    "a frozen dataclass's own setting of a module's names": """
import math
from dataclasses import dataclass
@dataclass(frozen=True)
class D:
    _names: dict
list(map(D.__init__, [math], [{'sqrt': 5}]))
ans = math.sqrt
""",
    "a dataclass's own text of a frame": """
from dataclasses import dataclass
@dataclass
class D:
    gi_frame: int
ans = D.__repr__(n for n in [1])
""",
    "a namespace's own setting of what is no namespace": """
from types import SimpleNamespace
from typing import Type
alias = Type[int]
SimpleNamespace.__init__(alias, _inst=True)
ans = str(alias('Made', (), {}))
""",
    "a library's method of what is not its class's": """
from fractions import Fraction
class Own:
    pass
own = Own()
own._numerator = own._denominator = 7
ans = str(Fraction.limit_denominator(own, 9))
""",
    "a method of a class that another was registered with": """
from abc import ABC
from dataclasses import dataclass
from typing import TypeVar
@dataclass
class D(ABC):
    _name: str
D.register(TypeVar)
D.__init__(TypeVar('T'), 'x')
ans = 1
""",
    "a base that says itself what it stands for": """
class Own:
    pass
class Derived(Own()):
    pass
ans = 1
""",
    "mro": "ans = int.mro()",
    "mro, read by an augmented assignment": """
class Taken:
    def __radd__(self, other): print(other())
class A: pass
A.mro += Taken()
ans = 1
""",
    "the frame of a generator, read by an augmented assignment": """
class Taken:
    def __radd__(self, other): Taken.code = other
g = (n for n in [1])
g.cr_frame += Taken()
ans = 1
""",
    "obj of an exception": "try:\n    ''.nope\nexcept AttributeError as e:\n    ans = e.obj",
    "eval": "ans = eval('1')",
    "exec": "exec('ans = 1')",
    "compile": "ans = compile('1', '', 'eval')",
    "eval by another name": "e = eval\nans = e('1')",
    "globals": "ans = globals()",
    "locals": "ans = locals()",
    "vars": "ans = vars(int)",
    "dir": "ans = dir(int)",
    "open": "ans = open('/etc/passwd').read()",
    "memoryview": "ans = memoryview(b'a')",
    "breakpoint": "breakpoint()\nans = 1",
    "import os": "import os\nans = 1",
    "import of a submodule": "import os.path\nans = 1",
    "relative import": "from . import worker\nans = 1",
    "import sys's modules": "import sys\nans = sys.modules",
    "import a hidden name": "from statistics import sys\nans = sys",
    "hidden name of a module": "import statistics\nans = statistics.sys",
    "hidden submodule": "import fractions\nans = fractions.sys",
    "a module's loader": "import json\nans = json.codecs",
    "ctypes": "import ctypes\nans = 1",
    "pickle": "import pickle\nans = 1",
    "inspect": "import inspect\nans = 1",
    "subprocess": "import subprocess\nans = 1",
    "socket": "import socket\nans = 1",
    "builtins": "import builtins\nans = 1",
    "importlib": "import importlib\nans = 1",
    "get_type_hints": "from typing import get_type_hints\nans = 1",
    "singledispatch": "from functools import singledispatch\nans = 1",
    "update_wrapper": "from functools import update_wrapper\nans = 1",
    "methodcaller": "from operator import methodcaller\nans = 1",
    "attrgetter": "from operator import attrgetter\nans = attrgetter('__globals__')(print)",
    "a module changed": "import math\nmath.sqrt = lambda x: 0\nans = math.sqrt(4)",
    "a module changed by name": "import math\nsetattr(math, 'pi', 3)\nans = math.pi",
    "a module's name deleted": "import math\ndel math.pi\nans = 1",
    "a builtin class changed": "from fractions import Fraction\nFraction.limit = 1\nans = 1",
    "a module's names changed": "import math\nmath._names['pi'] = 3\nans = math.pi",
    "reading the facade's insides": "import math\nans = math._names",
    "a private attribute of a stranger": """
from fractions import Fraction
ans = Fraction(1)._numerator
""",
    "a name that is not quite a str": """
class N(int):
    def __eq__(self, o): return True
    def __hash__(self): return 1
ans = getattr((), N())
""",
    "a super object's frame": """
class A: pass
ans = getattr(super(A, A()), 'gi_frame')
""",
    "the exit handler's traceback": """
class W:
    def __enter__(self): return self
    def __exit__(self, kind, error, trace):
        self.frame = getattr(trace, 'tb_' + 'frame')
        return True
w = W()
with w: 1 / 0
ans = w.frame
""",
    "the frame through the trace's next": """
class W:
    def __enter__(self): return self
    def __exit__(self, kind, error, trace):
        self.lasti = trace.tb_lineno
        return True
w = W()
with w: 1 / 0
ans = w.lasti
""",
}
"""Refused when it happens: the status is "blocked"."""
