"""Programs such as models write: each leaves its answer in `ans`, and must run as in CPython."""

from __future__ import annotations

ORDINARY: dict[str, str] = {
    "augmented item": "a = [1, 2]\ni = 0\na[i] += 5\nans = a",
    "augmented item with a key that counts": """
calls = []
def key():
    calls.append(1)
    return 0
a = [1]
a[key()] += 1
ans = (a, len(calls))
""",
    "augmented attribute": """
class Tank:
    def __init__(self):
        self.litres = 3
    def fill(self):
        self.litres += 4
        self.litres *= 2
t = Tank()
t.fill()
t.litres -= 1
ans = t.litres
""",
    "augmented attribute reads before its right side": """
class Box:
    n = 1
b = Box()
def double():
    b.n = 10
    return 5
b.n += double()
ans = b.n
""",
    "nonlocal": """
def counter():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    step()
    return step()
ans = counter()
""",
    "global": "total = 0\ndef add(n):\n    global total\n    total += n\nadd(3)\nadd(4)\nans = total",
    "annotated names": "x: int = 4\ny: 'float' = 2.5\nz: list[int]\nans = x * y",
    "annotated attribute": """
class P:
    def __init__(self) -> None:
        self.x: int = 3
        self.y: float
        self.y = 2.0
ans = P().x * P().y
""",
    "private names": "_x = 2\ndef _twice(_n): return _n * 2\n_, b = _twice(_x), 3\nans = _twice(b)",
    "private attributes": """
class Account:
    _rate = 2
    def __init__(self):
        self._sum = 5
        self.__pin = 7
    def __grow(self):
        self.__pin += self._rate
        return self.__pin
    def total(self):
        return self.__grow() + self._sum
ans = Account().total() + Account()._sum
""",
    "main guard": "ans = 1\nif __name__ == '__main__':\n    ans = 2",
    "main function": "def main():\n    global ans\n    ans = 9\nif __name__ == '__main__':\n    main()",
    "special methods": """
class V:
    def __init__(self, *xs): self.xs = list(xs)
    def __add__(self, o): return V(*[a + b for a, b in zip(self.xs, o.xs)])
    def __mul__(self, k): return V(*[a * k for a in self.xs])
    __rmul__ = __mul__
    def __iadd__(self, o): return self + o
    def __repr__(self): return f"V{tuple(self.xs)}"
    def __str__(self): return 'v' + repr(self)
    def __len__(self): return len(self.xs)
    def __hash__(self): return hash(tuple(self.xs))
    def __eq__(self, o): return self.xs == o.xs
    def __getitem__(self, i): return self.xs[i]
    def __setitem__(self, i, v): self.xs[i] = v
    def __iter__(self): return iter(self.xs)
    def __contains__(self, v): return v in self.xs
    def __call__(self, v): return v + self.xs[0]
    def __bool__(self): return bool(self.xs)
v = 2 * (V(1, 2) + V(3, 4))
v += V(1, 1)
v[0] = 100
ans = (str(v), repr(v), len(v), v[1], list(v), 100 in v, v(1), v == V(100, 13), len({v, v}), bool(v))
""",
    "inheritance and super": """
class Shape:
    kind = 'shape'
    def __init__(self, n): self.n = n
    def area(self): return 0
    def __repr__(self): return self.kind
class Square(Shape):
    kind = 'square'
    def __init__(self, n):
        super().__init__(n)
    def area(self): return self.n ** 2 + super().area()
    @property
    def side(self): return self.n
    @side.setter
    def side(self, n): self.n = n
    @staticmethod
    def unit(): return Square(1)
    @classmethod
    def of(cls, n): return cls(n)
s = Square.of(4)
s.side = 5
ans = (s.area(), repr(s), isinstance(s, Shape), type(s).__name__, s.__class__.__name__,
       Square.unit().area(), Square.__name__)
""",
    "match": """
def what(x):
    match x:
        case 0: return 'zero'
        case int(): return 'int'
        case [a, b, *rest]: return a + b + len(rest)
        case {'k': v, **more}: return (v, more)
        case 'a' | 'b': return 'letter'
        case None: return 'none'
        case _: return 'other'
ans = [what(x) for x in (0, 5, [1, 2, 3, 4], {'k': 1, 'm': 2}, 'b', None, 2.5)]
""",
    "match on a constant": """
from enum import Enum
class Color(Enum):
    RED = 1
    BLUE = 2
def value(c):
    match c:
        case Color.RED: return 10
        case Color.BLUE: return 20
ans = value(Color.BLUE)
""",
    "enum with fields": """
from enum import Enum, IntEnum, auto
class Coin(Enum):
    DIME = (10, 'd')
    CENT = (1, 'c')
    def __init__(self, cents, letter):
        self.cents = cents
        self.letter = letter
    def worth(self, n): return self.cents * n
class Day(IntEnum):
    MON = auto()
    TUE = auto()
ans = (Coin.DIME.worth(3), [c.letter for c in Coin], Day.TUE + 1, Coin['CENT'].name, Coin((1, 'c')).value)
""",
    "star import": "from math import *\nans = (floor(sqrt(17)), pi, comb(5, 2))",
    "import as": "import math as m\nimport collections.abc\nfrom itertools import chain as c\n"
    "ans = (m.gcd(12, 18), list(c([1], [2])), isinstance([], collections.abc.Sequence))",
    "format method": "ans = ('{} {:>5} {0!r}'.replace('{0!r}', '').format(1, 2), '{0}-{1}'.format(3, 4),"
    " '{n:.2f}'.format(n=2.5), '{:,}'.format(1234567), '{a[0]} {b[k]}'.format(a=[7], b={'k': 8}),"
    " '{:{w}d}'.format(5, w=4), '{x}'.format_map({'x': 1}), '{{}}'.format())",
    "format method with an attribute": """
class P:
    x = 3
ans = '{p.x} {0.real}'.format(5, p=P())
""",
    "percent format": "ans = ('%d of %s at %.2f%%' % (3, 'four', 75.0), '%(a)s' % {'a': 1})",
    "f-strings": "x = 3.14159\nn = 12\nans = (f'{x:.2f}', f'{n:>6}|{n:<6}|{n:^6}|{n:06d}', f'{n!r} {x=}',"
    " f'{1234567:,}', f'{0.25:.1%}', f'{n:{8}}', f'{\"a\" + str(n)}')",
    "printed is a name like any other": "printed = 4\nprint(printed)\nans = printed",
    "dataclass": """
from dataclasses import dataclass, field, asdict, replace
@dataclass(order=True)
class Item:
    price: float
    name: str = 'x'
    tags: list = field(default_factory=list)
    def cost(self, n): return self.price * n
@dataclass(frozen=True)
class Point:
    x: int
    y: int = 2
    def __post_init__(self):
        assert self.x < 100
a, b = Item(2.5, 'a'), Item(1.5)
a.tags.append('t')
ans = (a.cost(4), a > b, asdict(a), replace(Point(1), y=5).y, Point(1) == Point(1, 2), repr(Point(3)))
""",
    "dataclass with future annotations": """
from __future__ import annotations
from dataclasses import dataclass
from typing import Optional
@dataclass
class Node:
    value: int
    next: Optional[Node] = None
ans = Node(1, Node(2)).next.value
""",
    "fractions": "from fractions import Fraction\nf = Fraction(3, 4) + Fraction('1/6')\n"
    "ans = (f, f.numerator, f.denominator, f.limit_denominator(5), float(f), Fraction(0.5))",
    "decimal": "from decimal import Decimal, getcontext, ROUND_HALF_UP, localcontext\n"
    "getcontext().prec = 30\nx = Decimal(1) / Decimal(3)\nwith localcontext() as c:\n    c.prec = 5\n"
    "    y = Decimal(2) / 3\nans = (x, y, x.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP))",
    "collections": """
from collections import defaultdict, Counter, deque, OrderedDict, namedtuple
d = defaultdict(int)
for w in 'a b a'.split():
    d[w] += 1
c = Counter('banana')
c['a'] += 1
c.update('b')
q = deque([1, 2, 3], maxlen=3)
q.appendleft(0)
q.rotate(1)
P = namedtuple('P', 'x y')
p = P(1, y=2)
o = OrderedDict(a=1)
o.move_to_end('a')
ans = (dict(d), c.most_common(2), list(q), p.x + p.y, p._replace(x=9).x, p._asdict(), list(o), p._fields)
""",
    "caches": """
from functools import lru_cache, cache, reduce, partial, wraps
@lru_cache(maxsize=None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
@cache
def fact(n): return 1 if n == 0 else n * fact(n - 1)
def loud(f):
    @wraps(f)
    def inner(*a, **k): return f(*a, **k) + 1
    return inner
@loud
def seven(): return 7
ans = (fib(80), fact(20), reduce(lambda a, b: a * b, [1, 2, 3]), partial(pow, 2)(5), seven(),
       seven.__name__, fib.cache_info().hits > 0)
""",
    "itertools": "from itertools import *\nans = (list(permutations([1, 2, 3], 2)), list(product('ab', repeat=2)),"
    " list(combinations(range(4), 2))[-1], list(accumulate([1, 2, 3])), list(islice(count(5), 3)),"
    " list(chain.from_iterable([[1], [2]])), [(k, len(list(g))) for k, g in groupby('aab')])",
    "generators": """
def squares(n):
    for i in range(n):
        got = yield i * i
        if got: yield got
def both(n):
    yield from squares(n)
    return 5
g = squares(5)
ans = (next(g), g.send(9), list(g), sum(x for x in both(4)), next(iter([]), 'none'), g.close())
""",
    "datetime": "from datetime import datetime, timedelta, date\nimport datetime as dt\nimport calendar\n"
    "d = datetime(2024, 2, 28) + timedelta(days=2, hours=3)\n"
    "ans = (str(d), (date(2024, 3, 1) - date(2024, 1, 1)).days, d.strftime('%Y-%m-%d %A'), d.weekday(),"
    " dt.datetime.strptime('2024-05-06', '%Y-%m-%d').month, calendar.monthrange(2024, 2)[1],"
    " dt.date(2024, 1, 1).isoformat(), timedelta(hours=5).total_seconds())",
    "typing": """
from typing import List, Dict, Optional, Union, Tuple, Callable, Any, TypeVar, Generic, NamedTuple
T = TypeVar('T')
class Stack(Generic[T]):
    def __init__(self) -> None: self.items: List[T] = []
    def push(self, x: T) -> None: self.items.append(x)
class Pair(NamedTuple):
    a: int
    b: int = 2
def f(x: Optional[int] = None, *ys: int, k: Dict[str, Tuple[int, ...]] = {}, **more: Any) -> Union[int, None]:
    return x
s: Stack[int] = Stack()
s.push(3)
ans = (s.items, f(4), Pair(1).b, Pair(1) + (3,))
""",
    "math": "import math\nans = (math.ceil(2.1), math.isclose(0.1 + 0.2, 0.3), math.factorial(10), math.prod([2, 3]),"
    " math.lcm(4, 6), math.perm(5, 2), math.dist((0, 0), (3, 4)), math.inf, math.log2(8), math.trunc(-2.5))",
    "print with settings": "print(*[1, 2], sep='-', end='!\\n')\nprint('a', 'b')\nprint()\nans = 1",
    "walrus": "xs = [y for x in range(5) if (y := x * x) > 3]\nwhile (n := len(xs)) > 2:\n    xs.pop()\nans = (xs, n)",
    "comprehensions": "ans = ([i * j for i in range(3) for j in range(i)], {i: i ** 2 for i in range(3)},"
    " sorted({c.upper() for c in 'aab'}), [a for a, (b, *c) in [(1, (2, 3, 4))]])",
    "lambda": "f = lambda x, *a, k=2, **m: x + k\nans = (f(1), list(map(lambda p: p[1], [(1, 2)])), (lambda: 5)())",
    "try except else finally": """
log = []
class MyError(ValueError):
    def __init__(self, code):
        super().__init__(f'code {code}')
        self.code = code
for value in (0, 1, 'x'):
    try:
        if value == 1: raise MyError(7)
        log.append(10 / value)
    except ZeroDivisionError as e:
        log.append(str(e))
    except (MyError, KeyError) as e:
        log.append((e.code, e.args, type(e).__name__))
    except TypeError:
        log.append('type')
    else:
        log.append('else')
    finally:
        log.append('f')
try:
    try: {}['k']
    except KeyError as e: raise ValueError('bad') from e
except ValueError as e:
    log.append(repr(e))
ans = log
""",
    "with": """
from contextlib import contextmanager, suppress
class Timer:
    def __enter__(self): return self
    def __exit__(self, kind, error, trace): return kind is ValueError
with Timer() as t, suppress(KeyError):
    {}['x']
with Timer(): raise ValueError('swallowed')
@contextmanager
def doubled(x):
    yield x * 2
with doubled(4) as (y): pass
ans = y
""",
    "star arguments": "def f(a, b=2, /, c=3, *rest, d, **more): return (a, b, c, rest, d, more)\n"
    "args = [1, 2, 3, 4]\nans = (f(*args, d=5, **{'e': 6}), f(1, d=0), [*args, *range(2)], {**{'a': 1}, 'b': 2})",
    "unpacking": "a, *b = [1, 2, 3]\n(c, d), e = (4, 5), 6\nf = g, h = 7, 8\n[i, j] = 'xy'\na, c = c, a\n"
    "ans = (a, b, c, d, e, f, g, h, i, j)",
    "one call for several targets": """
calls = []
def pair():
    calls.append(1)
    return len(calls), 0
a, b = c = pair()
ans = (a, c, len(calls))
""",
    "too many values to unpack": """
from itertools import count
try: a, b = count()
except ValueError as e: ans = 'ValueError'
""",
    "builtins": "ans = (abs(-2), pow(2, 5, 7), divmod(17, 5), round(2.675, 2), round(5.5), sum([1, 2], 3), min(3, 1),"
    " max('ab', 'c', key=len), sorted([3, 1, 2], key=lambda x: -x, reverse=True), list(enumerate('ab', 1)),"
    " list(zip([1], [2])), list(filter(None, [0, 1])), all([]), any([0, 1]), isinstance(1, (int, str)),"
    " list(reversed([1, 2])), hex(255), bin(5), oct(8), chr(97), ord('a'), int('ff', 16), float('1e3'),"
    " complex(1, 2), bytes([65]).decode(), callable(len), hash(5), tuple('ab'), slice(1, 2).start,"
    " str(1.0), bool([]), len(range(0, 10, 3)), ascii('é'), format(3.14159, '.2f'), issubclass(bool, int),"
    " getattr('a', 'upper')(), hasattr([], 'sort'), getattr(1, 'nope', 'default'), frozenset([1]) | {2}, 7 // 2,"
    " type(3) == int, type('a') is str, type(None) is type(None))",
    "strings": "s = ' Ab,c '\nans = (s.strip().lower().split(','), '-'.join(['a', 'b']), s.replace('A', 'x'), s.find('b'),"
    " 'abc'[::-1], 'ab' * 2, 'abc'.startswith('a'), 'a1'.isalnum(), '7'.zfill(3), 'x'.center(5, '*'), 'aXb'.partition('X'),"
    " '12'.isdigit(), 'abc'.translate(str.maketrans('a', 'b')), 'a b'.title(), ','.join(map(str, [1, 2])), str.upper('q'))",
    "lists, sets and dicts": "a = [3, 1]\na.append(2)\na.sort()\na.extend([9])\na.insert(0, 5)\ndel a[1]\na[1:2] = [7, 8]\n"
    "d = {'x': 1}\nd['y'] = 2\nd.setdefault('z', []).append(3)\nd.pop('x')\nd |= {'w': 4}\ns = {1, 2} & {2, 3}\ns.add(5)\n"
    "ans = (a, d, sorted(d.items(), key=lambda kv: str(kv[1])), s - {5}, {1} <= {1, 2}, list(d.keys()), d.get('q', 0))",
    "statistics": "import statistics\nans = (statistics.mean([1, 2, 3]), statistics.median([1, 2, 9]), statistics.stdev([1, 2, 4]),"
    " statistics.mode('aab'))",
    "random from a fixed state": "import random\nrandom.seed(4)\nans = (random.randint(1, 6), random.choice('abc'), random.random())",
    "heap and bisect": "import heapq, bisect\nh = [3, 1, 2]\nheapq.heapify(h)\nans = (heapq.heappop(h), heapq.nlargest(1, h),"
    " bisect.bisect_left([1, 3, 5], 3))",
    "json and re": "import json, re\nans = (json.loads('{\"a\": [1, 2.5]}'), json.dumps({'k': 1}), re.findall(r'\\d+', 'a1b22'),"
    " re.match(r'(?P<n>\\d)', '7x').group('n'), re.sub('a', 'b', 'aa'), re.compile('x').pattern)",
    "operator": "import operator\nfrom operator import itemgetter, attrgetter\nclass P:\n    x = 2\n"
    "ans = (operator.mul(3, 4), sorted([(2, 'a'), (1, 'b')], key=itemgetter(0)), attrgetter('x')(P()))",
    "abc": "from abc import ABC, abstractmethod\nclass A(ABC):\n    @abstractmethod\n    def f(self): ...\n"
    "class B(A):\n    def f(self): return 4\ntry:\n    A()\nexcept TypeError:\n    ans = B().f()",
    "slots": "class P:\n    __slots__ = ('x',)\n    def __init__(self): self.x = 1\np = P()\np.x += 1\nans = p.x",
    "singleton": "class S:\n    _one = None\n    def __new__(cls):\n        if cls._one is None:\n"
    "            cls._one = super().__new__(cls)\n        return cls._one\nans = S() is S()",
    "function attributes": "def f():\n    f.calls += 1\nf.calls = 0\nf()\nf()\nans = f.calls",
    "setattr and delattr": "class P: pass\np = P()\nsetattr(p, 'x', 3)\np.y = p.x\ndel p.y\nans = (getattr(p, 'x'), hasattr(p, 'y'))",
    "sys": "import sys\nsys.setrecursionlimit(5000)\ndef f(n): return 0 if n == 0 else 1 + f(n - 1)\n"
    "ans = (f(3000), sys.maxsize > 10)\nsys.stdout.write('x\\n')\nsys.stdout.flush()",
    "long sum": "ans = " + " + ".join(str(n) for n in range(1_000)),
    "long elif": "x = 399\nif x == -1: ans = 0\n"
    + "".join(f"elif x == {n}: ans = {n}\n" for n in range(400)),
    "matrix multiplication": "class M:\n    def __matmul__(self, o): return 6\nans = M() @ M()",
    "chained comparison": "x = 5\nans = 1 < x <= 5 != 6",
    "assert": "assert 1 + 1 == 2, 'never'\nans = 1",
    "delete": "x = 1\ny = [1, 2]\ndel x, y[0]\nans = y",
    "while else": "n = 3\nwhile n:\n    n -= 1\nelse:\n    ans = 'done'",
    "docstring": "def f():\n    '''What it does.'''\nclass C:\n    '''A class.'''\nans = (f.__doc__, C.__doc__)",
    "unicode names": "größe = 3\nπ = 3.14\nans = größe * π",
    "numbers written oddly": "ans = (1_000, 0xFF, 0b11, 1e3, .5, 2j * 2j, 10 ** 30)",
}
