"""numpy and sympy for the programs that a user lets import them.

Each is a facade of explicit names, loaded once by the worker. Their objects are opened
whole, so the policy is thinner where they are allowed: the jail is what holds then.
"""

from __future__ import annotations

import importlib
import pkgutil
import warnings
from collections.abc import Mapping
from typing import NoReturn

from reasongap.errors import UnknownName
from reasongap.sandbox.facades import facade
from reasongap.sandbox.guards import Facade, Refused

PACKAGES: Mapping[str, Mapping[str, str]] = {
    "numpy": {
        "numpy": "abs absolute add all allclose amax amin any append arange arccos arcsin arctan "
        "arctan2 argmax argmin argsort argwhere around array array_equal asarray average bincount "
        "bool_ ceil clip column_stack concatenate convolve copy corrcoef cos cosh count_nonzero "
        "cov cross cumprod cumsum deg2rad degrees delete diag diff digitize divide divmod dot e "
        "empty equal exp expm1 eye fill_diagonal flatnonzero flip float32 float64 floor "
        "floor_divide fmod full gcd greater histogram hsplit hstack hypot identity inf insert "
        "int32 int64 interp intersect1d isclose isfinite isin isinf isnan kron lcm less linspace "
        "log log10 log1p log2 logical_and logical_not logical_or logspace matmul max maximum mean "
        "median meshgrid min minimum mod multiply nan nan_to_num nanmax nanmean nanmin nansum "
        "ndarray ndim newaxis nonzero ones ones_like outer percentile pi poly1d polyfit polyval "
        "power prod quantile rad2deg radians ravel reciprocal remainder repeat reshape rint roll "
        "roots rot90 round searchsorted setdiff1d shape sign sin sinh size sort split sqrt square "
        "squeeze stack std subtract sum swapaxes take tan tanh tensordot tile trace transpose "
        "trapezoid tril triu true_divide trunc uint64 union1d unique vander var vdot vsplit vstack "
        "where zeros zeros_like",
        "numpy.linalg": "LinAlgError cond det eig eigh eigvals inv lstsq matrix_power matrix_rank "
        "norm pinv qr solve svd",
        "numpy.random": "choice default_rng normal permutation rand randint randn random seed "
        "shuffle uniform",
    },
    "sympy": {
        "sympy": "Abs Add And E Eq Expr FiniteSet Float Function Ge Gt I Integer Integral "
        "Interval Le Limit Lt Matrix Max Min Mod Mul N Ne Not Number Or Piecewise Poly Pow "
        "Product Range Rational Reals S Sum Symbol acos apart asin atan atan2 binomial cancel "
        "ceiling collect cos cosh degree denom diff div divisors exp expand factor factorial "
        "factorint fibonacci floor fraction gamma gcd igcd ilcm im integrate isprime lcm limit "
        "linsolve ln log nan nextprime nonlinsolve npartitions nroots nsimplify nsolve numer oo "
        "pi prevprime prime primefactors primepi primerange product radsimp rad re real_roots "
        "reduce_inequalities roots rsolve series sign simplify sin sinh solve solve_linear_system "
        "solveset sqrt sqrt_mod summation symbols tan tanh together totient trigsimp zeta zoo",
    },
}
"""Package → its modules → the names of each that a program sees."""


LATE: Mapping[str, str] = {
    "numpy": "_core fft lib linalg ma matrixlib polynomial random",
    "sympy": "assumptions calculus concrete core discrete functions geometry integrals logic "
    "matrices ntheory physics.units polys printing series sets simplify solvers tensor utilities",
}
"""Package → the parts whose every module is loaded, for they import each other when used."""

UNLOADED = frozenset({"tests", "benchmarks", "cversions", "compatibility", "trace", "runtests"})


def package_facades(packages: tuple[str, ...]) -> dict[str, Facade]:
    """The facades of these packages by module name; they are imported here.

    Raises `UnknownName` for a package that has no list of names, ImportError for one that
    is not installed.
    """
    made: dict[str, Facade] = {}
    for package in check_packages(packages):
        _load(package)
        modules = PACKAGES[package]
        below: dict[str, object] = {
            name.rpartition(".")[2]: facade(name, names)
            for name, names in modules.items()
            if name != package
        }
        made |= {f"{package}.{name}": it for name, it in below.items() if isinstance(it, Facade)}
        made[package] = facade(package, modules[package], below)
        if package == "sympy":
            _close_parser()
    return made


def check_packages(packages: tuple[str, ...]) -> tuple[str, ...]:
    """The same packages; `UnknownName` where one cannot be allowed."""
    for package in packages:
        if package not in PACKAGES:
            raise UnknownName("package to allow", package, PACKAGES)
    return packages


def _load(package: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of modules that are there for old programs only
        for part in LATE[package].split():
            _load_below(f"{package}.{part}")


def _load_below(name: str) -> None:
    try:
        module = importlib.import_module(name)
    except ImportError:  # needs something that is not installed
        return
    for found in pkgutil.iter_modules(getattr(module, "__path__", ())):
        if found.name not in UNLOADED:
            _load_below(f"{name}.{found.name}")


def _close_parser() -> None:
    """Keep sympy from evaluating strings: `sympify("…")` is Python's `eval`."""

    def refuse(*arguments: object, **settings: object) -> NoReturn:
        raise Refused("sympy reading an expression from a string is not allowed")

    parser = importlib.import_module("sympy.parsing.sympy_parser")
    for name in ("parse_expr", "eval_expr", "stringify_expr"):
        setattr(parser, name, refuse)
