"""Compile a program under the policy: what may be written, and where the guards go.

The transformer of RestrictedPython is the base, with a closed table of syntax in front of
it. Attributes go through the guards `_getattr_`, `_write_` and `_alter_`, class bases
through `_base_`.
No name of a program begins and ends with an underscore unless it is listed, so none can
take a guard's place, whichever way it is bound.

Items, iteration, unpacking and calls stay Python's own: RestrictedPython's guards for them
protect objects that refuse some of their items. Ours hold none, and the rewriting would
change programs (`a, b = c = f()` would call `f` twice).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType
from typing import NoReturn, TypeVar

from RestrictedPython.transformer import (
    INSPECT_ATTRIBUTES,
    RestrictingNodeTransformer,
    copy_locations,
)

from reasongap.sandbox.guards import (
    FILENAME,
    OWN,
    READABLE,
    SETTER,
    SPECIAL,
    Refused,
    is_special,
)

DEEPEST = 20_000
"""Recursion limit while rewriting: a tree of the 3,000 levels that Python itself compiles
takes some five calls a level."""

SYNTAX: dict[type[ast.AST], tuple[str, ...]] = {
    **dict.fromkeys([ast.Module, ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign], ()),
    **dict.fromkeys([ast.Return, ast.Delete, ast.If, ast.For, ast.While, ast.Raise], ()),
    **dict.fromkeys([ast.Try, ast.Assert, ast.With, ast.withitem, ast.arguments], ()),
    **dict.fromkeys([ast.BinOp, ast.BoolOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.Call], ()),
    **dict.fromkeys([ast.Subscript, ast.Slice, ast.Starred, ast.NamedExpr, ast.Lambda], ()),
    **dict.fromkeys([ast.List, ast.Tuple, ast.Set, ast.Dict, ast.JoinedStr], ()),
    **dict.fromkeys([ast.FormattedValue, ast.ListComp, ast.SetComp, ast.DictComp], ()),
    **dict.fromkeys([ast.GeneratorExp, ast.comprehension, ast.Yield, ast.YieldFrom], ()),
    **dict.fromkeys([ast.Match, ast.match_case, ast.MatchValue, ast.MatchSingleton], ()),
    **dict.fromkeys([ast.MatchSequence, ast.MatchOr, ast.MatchClass], ()),
    **dict.fromkeys([ast.FunctionDef, ast.ClassDef, ast.ExceptHandler], ("name",)),
    **dict.fromkeys([ast.MatchAs, ast.MatchStar], ("name",)),
    **dict.fromkeys([ast.Global, ast.Nonlocal], ("names",)),
    ast.Name: ("id",),
    ast.arg: ("arg",),
    ast.keyword: ("arg",),
    ast.Attribute: ("attr",),
    ast.Import: (),
    ast.ImportFrom: (),
    ast.alias: ("name", "asname"),
    ast.MatchMapping: ("rest",),
}
"""The syntax that a program may use, with the fields of each node that hold identifiers."""

LEAVES = (
    ast.expr_context,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
    ast.boolop,
    ast.Constant,
    ast.Pass,
    ast.Break,
    ast.Continue,
)

ITSELF = frozenset({"bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple"})
"""Classes whose pattern's one inner pattern is matched with the whole subject."""

MODULE_MARKS = frozenset({"__all__", "__version__", "__author__"})
SLOTS = "__slots__"
PLAIN_SLOTS = frozenset({"__dict__", "__weakref__"})
"""Slots of special names that only bring back what every class without slots has."""

_Node = TypeVar("_Node", bound=ast.AST)


class RefusedSyntax(Refused):
    """The policy does not allow what stands in this line of the program."""

    def __init__(self, why: str, line: int) -> None:
        super().__init__(why)
        self.line = line


Adapt = Callable[[ast.Module], object]


def compile_program(source: str, adapt: Adapt | None = None) -> CodeType:
    """The source as guarded code; `adapt` may change the tree behind the policy's back.

    Raises `RefusedSyntax` where the policy forbids it, and what Python's own `compile`
    raises (SyntaxError, ValueError, RecursionError, MemoryError) where it cannot be code.
    """
    tree = ast.parse(source, FILENAME)
    with _deeply():
        Policy().visit(tree)
        if adapt is not None:
            adapt(tree)
        return compile(tree, FILENAME, "exec", dont_inherit=True)


def compile_plain(source: str, adapt: Adapt | None = None) -> CodeType:
    """The source as Python compiles it, or as `adapt` changes its tree. Raises the same."""
    if adapt is None:
        return compile(source, FILENAME, "exec", dont_inherit=True)
    tree = ast.parse(source, FILENAME)
    with _deeply():
        adapt(tree)
        return compile(tree, FILENAME, "exec", dont_inherit=True)


@contextmanager
def _deeply() -> Iterator[None]:
    """Trees of any depth that Python's parser makes."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


class Policy(RestrictingNodeTransformer):
    """Rewrites a syntax tree into its guarded form, or raises `RefusedSyntax`."""

    def __init__(self) -> None:
        super().__init__()
        self._classes: list[str] = []

    def visit(self, node: ast.AST) -> ast.AST:
        """The guarded form of any node: only what `SYNTAX` lists gets past here."""
        kind = type(node)
        identifiers = SYNTAX.get(kind)
        if identifiers is None:
            if isinstance(node, LEAVES):
                return node
            self.error(node, f"{_plain(kind)} is not allowed")
        for field in identifiers or ():
            self._check(node, getattr(node, field))
        visitor = getattr(self, f"visit_{kind.__name__}", self.node_contents_visit)
        guarded: ast.AST = visitor(node)
        return guarded

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """`a.b` becomes `_getattr_(a, "b")`; stored to or deleted, `_write_(a).b`."""
        node.value = self._visited(node.value)
        if isinstance(node.ctx, ast.Load):
            name = ast.Constant(self._mangled(node.attr))
            return _located(_call("_getattr_", node.value, name), node)
        node.value = _located(_call("_write_", node.value), node.value)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """`a[i]` stays; stored to or deleted, it becomes `_write_(a)[i]`."""
        node = self.node_contents_visit(node)
        if not isinstance(node.ctx, ast.Load):
            node.value = _located(_call("_write_", node.value), node.value)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AugAssign:
        """`a.b += c` becomes `_alter_(a, "b").b += c`: it reads what it changes."""
        if not isinstance(node.target, ast.Attribute):
            return self.node_contents_visit(node)
        target = node.target
        self._check(target, target.attr)
        name = ast.Constant(self._mangled(target.attr))
        target.value = _located(_call("_alter_", self._visited(target.value), name), target.value)
        node.value = self._visited(node.value)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        """`__slots__` is given as it stands, in plain names: a slot hides what a class inherits."""
        match node.targets:
            case [ast.Name(name)] if name == SLOTS:
                self._check_slots(node.value)
                return node
        return self.node_contents_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Bases go through `_base_`, and the class is marked as the program's own."""
        if any(keyword.arg != "total" for keyword in node.keywords):  # that of a TypedDict
            self.error(node, "a class with keywords, such as metaclass, is not allowed")
        node.keywords = [self._visited(each) for each in node.keywords]
        if getattr(node, "type_params", None):  # their bounds and defaults are expressions
            self.error(node, "a class with type parameters is not allowed")
        if any(isinstance(base, ast.Starred) for base in node.bases):
            self.error(node, "a class with starred bases is not allowed")
        node.decorator_list = [self._visited(each) for each in node.decorator_list]
        node.bases = [_located(_call("_base_", self._visited(each)), each) for each in node.bases]
        self._classes.append(node.name)
        node.body = [self._visited(each) for each in node.body]
        self._classes.pop()
        mark = ast.Assign(targets=[ast.Name(OWN, ast.Store())], value=ast.Constant(True))
        node.body.append(_located(mark, node))
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        """A comprehension that is not asynchronous."""
        if node.is_async:
            self.error(node.target, "async is not allowed")
        return self.node_contents_visit(node)

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.pattern:
        """`case int():`, and `case int(n):` as `case int() as n:`.

        Other patterns inside would read attributes past the guards.
        """
        match node:
            case ast.MatchClass(ast.Name(kind), [ast.MatchAs(None) as whole], _, []) if (
                kind in ITSELF
            ):
                node.patterns.clear()
                if whole.name is not None:
                    whole.pattern = node
                    return self._visited(whole)
        if node.patterns or node.kwd_patterns:
            self.error(node, "a class pattern with patterns inside is not allowed")
        for part in ast.walk(node.cls):  # a guard has no place there; only isinstance sees it
            if isinstance(part, ast.Attribute | ast.Name):
                self._check(part, part.attr if isinstance(part, ast.Attribute) else part.id)
        return node

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.MatchValue:
        """A literal, or a constant such as `Color.RED`."""
        self._check_constant(node.value)
        return node

    def visit_MatchMapping(self, node: ast.MatchMapping) -> ast.MatchMapping:
        """A dictionary's pattern: its keys are literals and constants."""
        for key in node.keys:
            self._check_constant(key)
        node.patterns = [self._visited(each) for each in node.patterns]
        return node

    # What RestrictedPython would rewrite or refuse and this policy leaves as it is; the
    # names in it are checked in `visit`.
    visit_Name = visit_Call = visit_AnnAssign = RestrictingNodeTransformer.node_contents_visit
    visit_For = visit_With = visit_Lambda = visit_NamedExpr = visit_Global = visit_Nonlocal = (
        RestrictingNodeTransformer.node_contents_visit
    )
    visit_Module = visit_FunctionDef = visit_Import = visit_ImportFrom = visit_ExceptHandler = (
        RestrictingNodeTransformer.node_contents_visit
    )

    def _visited(self, node: _Node) -> _Node:
        return self.visit(node)  # type: ignore[return-value]

    def _check(self, node: ast.AST, names: object) -> None:
        """Refuse an identifier that could stand for a guard, or reach past one."""
        for name in names if isinstance(names, list) else [names]:
            if not isinstance(name, str):
                continue
            if is_special(name) and not _is_listed(node, name):
                self.error(node, f"the name {name!r} is not allowed")
            if isinstance(node, ast.Attribute) and name in INSPECT_ATTRIBUTES:
                self.error(node, f"the attribute {name!r} is not allowed")

    def _check_constant(self, node: ast.expr) -> None:
        """Refuse what a pattern compares with where it needs a guard, which has no place there."""
        for part in ast.walk(node):
            if isinstance(part, ast.Attribute) and not part.attr.isupper():
                self.error(node, f"the attribute {part.attr!r} in a pattern is not allowed")
            if isinstance(part, ast.Name):
                self._check(part, part.id)

    def _check_slots(self, node: ast.expr) -> None:
        """Refuse slots that are no text or collection of texts, or that have special names."""
        try:
            slots = ast.literal_eval(node)
        except ValueError:
            self.error(node, f"{SLOTS} other than its names is not allowed")
        for name in (slots,) if isinstance(slots, str) else slots:
            if isinstance(name, str) and is_special(name) and name not in PLAIN_SLOTS:
                self.error(node, f"the name {name!r} is not allowed")

    def _mangled(self, name: str) -> str:
        """A private name as the compiler makes it inside a class, where `_getattr_` needs it."""
        owner = self._classes[-1].lstrip("_") if self._classes else ""
        private = name.startswith("__") and not name.endswith("__")
        return f"_{owner}{name}" if owner and private else name

    def error(self, node: ast.AST, info: str) -> NoReturn:
        """Refuse this node, at once."""
        raise RefusedSyntax(info, getattr(node, "lineno", 1))


def _is_listed(node: ast.AST, name: str) -> bool:
    """Whether this special name may stand in this place."""
    if isinstance(node, ast.FunctionDef):
        return name in SPECIAL
    if isinstance(node, ast.Name):
        reads_name = name == "__name__" and isinstance(node.ctx, ast.Load)
        return reads_name or name in SPECIAL or name in MODULE_MARKS
    match node:
        case ast.Attribute(ast.Name("object"), ctx=ast.Load()) if name == SETTER:
            return True
        case ast.Attribute(ctx=ast.Load()):
            return name in SPECIAL or name in READABLE
    return False


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(func=ast.Name(name, ast.Load()), args=list(arguments), keywords=[])


_Located = TypeVar("_Located", ast.Call, ast.Assign)


def _located(new: _Located, old: ast.AST) -> _Located:
    copy_locations(new, old)  # type: ignore[arg-type]
    return new


def _plain(kind: type[ast.AST]) -> str:
    """What people call a piece of syntax."""
    name = kind.__name__
    if name.startswith("Async") or name == "Await":
        return "async"
    return {"TryStar": "except*"}.get(name, name)
