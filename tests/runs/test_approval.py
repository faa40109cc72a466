"""A run that costs money is shown to whoever pays, and one that is free never asks."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from reasongap.domain import Completion
from reasongap.errors import UsageError
from reasongap.models import ModelSpec, ScriptedModel
from reasongap.runs.approval import approve_all, at_home, estimate, over, within
from reasongap.runs.budget import Price
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.events import silent
from reasongap.runs.plan import Plan
from reasongap.runs.study import make_study
from tests.report.plans import PRICED, UNPRICED
from tests.runs.studies import calculator, compositions_file


def conducted(tmp_path: Path, price: Price | None, **given: object) -> tuple[list[Plan], int]:
    """The plans that were shown, and the calls that were made."""
    spec = ModelSpec("scripted", price=price, max_tokens=100)
    model = ScriptedModel(lambda request: Completion(request, calculator(request)), spec)
    source = str(compositions_file(tmp_path))
    study = make_study(models=(model,), problems=source, strategies=("cot",), **given)
    shown: list[Plan] = []

    async def work() -> None:
        places = Places(tmp_path / "run", tmp_path / "cache.sqlite")
        await conduct(study, places, silent, approve=shown.append)

    anyio.run(work)
    return shown, len(model.requests)


def test_what_must_be_paid_is_shown_before_it_is(tmp_path: Path) -> None:
    (plan,), asked = conducted(tmp_path, (1000.0, 1000.0))
    assert plan.calls == asked == 18
    assert plan.dollars > 1.8
    assert conducted(tmp_path, (1000.0, 1000.0)) == ([], 0), "all is answered"


@pytest.mark.parametrize("price", [(0.0, 0.0), None], ids=["free", "a model object says nothing"])
def test_what_costs_nothing_or_is_the_user_s_own_is_not_shown(
    tmp_path: Path, price: Price | None
) -> None:
    assert conducted(tmp_path, price)[0] == []


def test_what_is_not_approved_is_not_sent(tmp_path: Path) -> None:
    model = ScriptedModel([], ModelSpec("paid", price=(1e6, 1e6)))
    study = make_study(models=(model,), problems=str(compositions_file(tmp_path)))
    approve = within(1.0, confirmed=False, remedy="Pass confirm=True to pay it")

    async def work() -> None:
        places = Places(tmp_path / "run", tmp_path / "cache.sqlite")
        await conduct(study, places, silent, approve=approve)

    with pytest.raises(UsageError, match=r"36 calls to pay; about \$.* Pass confirm=True"):
        anyio.run(work)
    assert model.requests == []
    assert not (tmp_path / "run").exists()


def test_a_budget_needs_prices(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the price of scripted is unknown"):
        conducted(tmp_path, None, budget=1.0)
    _, asked = conducted(tmp_path, None, budget=1.0, accept_unknown_prices=True)
    assert asked == 18


@pytest.mark.parametrize(
    ("name", "base", "home"),
    [
        ("local/smollm2-135m", None, True),
        ("ollama/llama3", None, True),
        ("openai/gpt-4o", None, False),
        ("openai/m", "http://localhost:8000/v1", True),
        ("openai/m", "http://127.0.0.1:8000/v1", True),
        ("openai/m", "http://192.168.1.7/v1", True),
        ("openai/m", "http://[::1]:8000/v1", True),
        ("openai/m", "http://gpu-box:8000/v1", True),
        ("openai/m", "https://api.example.com/v1", False),
        ("ollama/m", "https://ollama.example.com", False),
    ],
)
def test_a_server_of_the_user_s_own_is_known_by_its_address(
    name: str, base: str | None, home: bool
) -> None:
    assert at_home(ModelSpec(name, api_base=base)) is home


def test_an_estimate_says_what_is_unknown() -> None:
    assert estimate(Plan((PRICED,))) == (
        "This takes 300 calls to pay and 20 cached; about $1.50, at most $4.00"
    )
    assert estimate(Plan((UNPRICED,))).endswith("the price of b is unknown")
    assert not over(Plan((PRICED,)), 2.0)
    assert over(Plan((PRICED,)), 1.0)
    assert over(Plan((UNPRICED,)), 1e9)
    approve_all(Plan((UNPRICED,)))
