"""The standard modules that a program may import, name by name.

A module object is never handed out: from its public names alone most modules reach `sys`
or `os`. Left out on purpose, though harmless to look at: what evaluates strings
(`typing.get_type_hints`, `functools.singledispatch`) and what copies attributes by name
(`functools.update_wrapper`).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Mapping

from reasongap.sandbox.guards import Facade, Guards, RefusedImport
from reasongap.sandbox.makers import MAKERS

STANDARD: Mapping[str, str] = {
    "__future__": "annotations division print_function absolute_import unicode_literals "
    "generator_stop nested_scopes generators with_statement",
    "abc": "ABC abstractmethod",
    "array": "array",
    "bisect": "bisect bisect_left bisect_right insort insort_left insort_right",
    "calendar": "monthrange isleap leapdays weekday monthcalendar timegm day_name day_abbr "
    "month_name month_abbr MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY",
    "cmath": "acos acosh asin asinh atan atanh cos cosh exp inf infj isclose isfinite isinf "
    "isnan log log10 nan nanj phase pi polar rect sin sinh sqrt tan tanh tau e",
    "collections": "ChainMap Counter OrderedDict defaultdict deque namedtuple",
    "collections.abc": "Callable Collection Container Generator Hashable ItemsView Iterable "
    "Iterator KeysView Mapping MutableMapping MutableSequence MutableSet Reversible Sequence "
    "Set Sized ValuesView",
    "contextlib": "contextmanager nullcontext suppress",
    "copy": "copy deepcopy",
    "dataclasses": "MISSING FrozenInstanceError InitVar KW_ONLY asdict astuple dataclass field "
    "fields is_dataclass replace",
    "datetime": "MAXYEAR MINYEAR UTC date datetime time timedelta timezone tzinfo",
    "decimal": "BasicContext Clamped Context ConversionSyntax Decimal DecimalException "
    "DecimalTuple DefaultContext DivisionByZero DivisionImpossible DivisionUndefined "
    "ExtendedContext FloatOperation Inexact InvalidContext InvalidOperation MAX_EMAX MAX_PREC "
    "MIN_EMIN MIN_ETINY Overflow ROUND_05UP ROUND_CEILING ROUND_DOWN ROUND_FLOOR "
    "ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP Rounded Subnormal Underflow "
    "getcontext localcontext setcontext",
    "enum": "Enum Flag IntEnum IntFlag auto unique",
    "fractions": "Fraction",
    "functools": "cache cached_property cmp_to_key lru_cache partial reduce total_ordering",
    "heapq": "heapify heappop heappush heappushpop heapreplace merge nlargest nsmallest",
    "itertools": "accumulate batched chain combinations combinations_with_replacement compress "
    "count cycle dropwhile filterfalse groupby islice pairwise permutations product repeat "
    "starmap takewhile tee zip_longest",
    "json": "dumps loads JSONDecodeError",
    "math": "acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees "
    "dist e erf erfc exp exp2 expm1 fabs factorial floor fma fmod frexp fsum gamma gcd hypot "
    "inf isclose isfinite isinf isnan isqrt lcm ldexp lgamma log log10 log1p log2 modf nan "
    "nextafter perm pi pow prod radians remainder sin sinh sqrt sumprod tan tanh tau trunc ulp",
    "numbers": "Complex Integral Number Rational Real",
    "operator": "abs add and_ concat contains countOf eq floordiv ge getitem gt index indexOf "
    "inv invert is_ is_not itemgetter le lshift lt matmul mod mul ne neg not_ or_ pos pow "
    "rshift sub truediv truth xor",
    "pprint": "pformat pp pprint",
    "random": "Random betavariate choice choices expovariate gammavariate gauss getrandbits "
    "lognormvariate normalvariate paretovariate randbytes randint random randrange sample seed "
    "shuffle triangular uniform vonmisesvariate weibullvariate",
    "re": "A ASCII DOTALL I IGNORECASE M MULTILINE Match NOFLAG Pattern S U UNICODE VERBOSE X "
    "compile error escape findall finditer fullmatch match search split sub subn",
    "statistics": "NormalDist StatisticsError correlation covariance fmean geometric_mean "
    "harmonic_mean linear_regression mean median median_grouped median_high median_low mode "
    "multimode pstdev pvariance quantiles stdev variance",
    "string": "ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits "
    "octdigits printable punctuation whitespace",
    "textwrap": "dedent fill indent shorten wrap",
    "time": "gmtime localtime mktime monotonic monotonic_ns perf_counter perf_counter_ns "
    "process_time sleep strftime strptime struct_time time time_ns",
    "types": "SimpleNamespace",
    "typing": "TYPE_CHECKING Any AnyStr Callable ClassVar Collection Counter DefaultDict Deque "
    "Dict Final FrozenSet Generator Generic Hashable Iterable Iterator List Literal Mapping "
    "MutableMapping MutableSequence NamedTuple Never NewType NoReturn Optional OrderedDict "
    "Protocol Self Sequence Set Sized SupportsFloat SupportsInt Text Tuple Type TypeAlias "
    "TypeVar TypedDict Union cast final overload runtime_checkable",
    "warnings": "filterwarnings simplefilter warn",
    "_strptime": "",  # imported by strptime, in C
}
"""Module → the names of it that a program sees, where this Python has them."""


def facade(name: str, names: str, more: Mapping[str, object] | None = None) -> Facade:
    """The facade of an importable module, from names separated by blanks."""
    module = importlib.import_module(name)
    offered = {each: getattr(module, each) for each in names.split() if hasattr(module, each)}
    return Facade(name, {**offered, **(more or {})}, dir(module))


def wraps(wrapped: object) -> Callable[[object], object]:
    """`functools.wraps` for its one common use: it keeps the name and the docstring."""

    def decorate(wrapper: object) -> object:
        for name in ("__name__", "__qualname__", "__doc__"):
            if isinstance(getattr(wrapped, name, None), str):
                setattr(wrapper, name, getattr(wrapped, name))
        return wrapper

    return decorate


def standard_facades() -> dict[str, Facade]:
    """The facades of `STANDARD` by module name, a package's with its submodules in it."""
    made: dict[str, Facade] = {}
    for name in sorted(STANDARD, key=len, reverse=True):
        below = {child.rpartition(".")[2]: it for child, it in made.items() if _under(child, name)}
        own = {"wraps": wraps} if name == "functools" else MAKERS.get(name, {})
        made[name] = facade(name, STANDARD[name], {**below, **own})
    return made


def with_guards(facades: Mapping[str, Facade], guards: Guards) -> dict[str, Facade]:
    """The facades with those names that only exist guarded."""
    getter = {"attrgetter": guards.attribute_getter}
    return {**facades, "operator": facade("operator", STANDARD["operator"], getter)}


def importer(
    facades: Mapping[str, Facade], packages: Collection[str] = (), allowable: Collection[str] = ()
) -> Callable[..., Facade]:
    """The `__import__` of a program that sees these modules and no others.

    `allowable` names packages that could have been allowed, for the message.

    Code in C imports through it too, takes the module itself from `sys.modules`, and needs
    no more than not to be refused: hence the empty facades for modules inside `packages`.
    """
    offered = ", ".join(sorted(name for name in facades if not name.startswith("_")))

    def guarded_import(
        name: str, scope: object = None, local: object = None, wanted: object = (), level: int = 0
    ) -> Facade:
        module = facades.get(name) if level == 0 else None
        first = name.partition(".")[0]
        if module is None and first in packages:
            module = Facade(name, {}, ())
        if module is None:
            remedy = f" (--allow-import {first} allows it)" if first in allowable else ""
            raise RefusedImport(f"import of {name!r} is not allowed{remedy}. Allowed: {offered}")
        for each in wanted if isinstance(wanted, (tuple, list)) else ():
            if each != "*" and each not in module.__all__:
                raise RefusedImport(f"import of {each!r} from {name!r} is not allowed")
        return module if wanted else facades[first]

    return guarded_import


def _under(child: str, parent: str) -> bool:
    return child.rpartition(".")[0] == parent
