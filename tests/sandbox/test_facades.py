"""What is handed out, looked at piece by piece."""

from __future__ import annotations

import types

import pytest

from reasongap.sandbox.facades import STANDARD, standard_facades, wraps
from reasongap.sandbox.guards import Facade, Refused, is_special

CLOSED = (types.ModuleType, types.FrameType, types.CodeType, types.TracebackType)
LEFT_OUT = {
    "typing": {"get_type_hints", "ForwardRef"},
    "functools": {"singledispatch", "update_wrapper", "WRAPPER_ASSIGNMENTS"},
    "operator": {"methodcaller", "attrgetter"},
    "string": {"Formatter", "Template"},
    "random": {"SystemRandom"},
    "dataclasses": {"make_dataclass"},
    "json": {"load", "dump", "JSONEncoder", "JSONDecoder"},
}


@pytest.mark.parametrize("name", STANDARD)
def test_no_module_is_handed_out_whole(name: str) -> None:
    module = standard_facades()[name]
    for each in module.__all__:
        value = getattr(module, each)
        assert not isinstance(value, CLOSED), each
        assert not is_special(each), each


@pytest.mark.parametrize("name", STANDARD)
def test_the_public_attributes_of_what_is_handed_out_lead_nowhere(name: str) -> None:
    module = standard_facades()[name]
    for each in module.__all__:
        value = getattr(module, each)
        for attribute in (found for found in dir(value) if not found.startswith("_")):
            inner = getattr(value, attribute, None)
            assert not isinstance(inner, CLOSED), f"{each}.{attribute}"
            for deeper in (found for found in dir(inner) if not found.startswith("_")):
                reached = getattr(inner, deeper, None)
                assert not isinstance(reached, CLOSED), f"{each}.{attribute}.{deeper}"


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_evaluates_or_walks_is_left_out(name: str) -> None:
    assert not LEFT_OUT[name] & set(standard_facades()[name].__all__)


def test_a_facade_cannot_be_changed() -> None:
    facade = standard_facades()["math"]
    for name in ("pi", "_names", "__all__"):
        with pytest.raises(Refused, match="cannot be changed"):
            setattr(facade, name, 3)
        with pytest.raises(Refused, match="cannot be changed"):
            delattr(facade, name)
    assert not hasattr(facade, "__dict__")


def test_a_name_that_exists_is_refused_and_one_that_does_not_is_missing() -> None:
    facade = Facade("math", {"pi": 3}, ["pi", "sqrt"])
    with pytest.raises(Refused, match=r"math\.sqrt is not allowed"):
        _ = facade.sqrt
    with pytest.raises(AttributeError, match="no attribute 'sqroot'"):
        _ = facade.sqroot


def test_wraps_takes_over_names_and_nothing_else() -> None:
    def inner() -> None:
        """Its docstring."""

    inner.secret = 1  # type: ignore[attr-defined]
    outer = wraps(inner)(lambda: None)
    assert (outer.__name__, outer.__doc__) == ("inner", "Its docstring.")  # type: ignore[attr-defined]
    assert not hasattr(outer, "secret")
