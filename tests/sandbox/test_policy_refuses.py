"""What the policy must not let through, each attempt refused for its own reason."""

from __future__ import annotations

import ast

import pytest

from reasongap.sandbox.policy import SYNTAX as ALLOWED_SYNTAX
from reasongap.sandbox.policy import Policy, RefusedSyntax, compile_program
from tests.sandbox.attacks import BINDINGS, GUARDS, RUNTIME, SYNTAX
from tests.sandbox.conftest import Execute


@pytest.mark.parametrize("guard", GUARDS)
@pytest.mark.parametrize("binding", BINDINGS)
def test_no_binding_takes_a_guards_place(binding: str, guard: str) -> None:
    with pytest.raises(RefusedSyntax, match=guard):
        compile_program(BINDINGS[binding].format(guard))


def test_a_guards_name_is_seen_in_any_spelling() -> None:
    with pytest.raises(RefusedSyntax, match="_getattr_"):
        compile_program("_\N{FULLWIDTH LATIN SMALL LETTER G}etattr_ = 1")


@pytest.mark.parametrize("attempt", SYNTAX)
def test_refused_before_it_runs(attempt: str) -> None:
    with pytest.raises(RefusedSyntax, match="not allowed") as refusal:
        compile_program(SYNTAX[attempt])
    assert 1 <= refusal.value.line <= SYNTAX[attempt].count("\n") + 1


def test_type_parameters_of_a_class_are_refused_where_python_has_them() -> None:
    tree = ast.parse("class A: pass")
    vars(tree.body[0])["type_params"] = [ast.Name("T", ast.Load())]
    with pytest.raises(RefusedSyntax, match="type parameters"):
        Policy().visit(tree)


def test_syntax_that_nobody_has_reviewed_is_refused() -> None:
    ordinary = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
    concrete = {kind for kind in _below(ast.AST) if not kind.__subclasses__()}
    refused = {
        kind.__name__ for kind in concrete - ALLOWED_SYNTAX.keys() if not issubclass(kind, ordinary)
    }
    assert {"AsyncFunctionDef", "AsyncFor", "AsyncWith", "Await", "TryStar"} <= refused


def _below(kind: type[ast.AST]) -> set[type[ast.AST]]:
    found = set(kind.__subclasses__())
    return found.union(*(_below(each) for each in found)) if found else found


@pytest.mark.parametrize("attempt", RUNTIME)
def test_blocked_when_it_happens(attempt: str, execute: Execute) -> None:
    execution = execute(RUNTIME[attempt])
    assert execution.status in ("blocked", "error")
    assert execution.value is None
    assert execution.error is not None
    assert "allowed" in execution.error or "attribute name must be string" in execution.error


def test_an_augmented_assignment_hands_out_no_attribute_of_what_it_cannot_change(
    execute: Execute,
) -> None:
    source = """
class Taken:
    form = None
    def __radd__(self, other): Taken.form = other
try: '{0.__class__}'.format += Taken()
except AttributeError: pass
ans = Taken.form is None
"""
    assert execute(source).value == "True"


def test_the_signature_that_a_docstring_gives_is_not_evaluated(execute: Execute) -> None:
    source = """
from dataclasses import dataclass
class A:
    "A(x=sys.executable)\\n--\\n\\n"
@dataclass(init=False)
class B(A): pass
ans = B.__doc__
"""
    assert execute(source).value == "B"


def test_a_hop_that_is_no_function_of_the_programs_shares_no_attributes(execute: Execute) -> None:
    source = """
from typing import Type
alias = solve_q1 = Type[int]
def solution():
    solve_q1._inst = True
    return alias('Made', (), {'__own__': True, '__getattr__': lambda self, name: name})().found
"""
    execution = execute(source, hop_functions=("solve_q1",))
    assert (execution.status, execution.value) == ("error", None)
    assert "Type cannot be instantiated" in (execution.error or "")
