"""Before anything is paid: what models cost, and whether the user wants to pay that."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from reasongap.errors import UsageError
from reasongap.models.litellm_model import count_tokens
from reasongap.models.seam import ModelSpec
from reasongap.runs.budget import FREE, Price
from reasongap.runs.lengths import Lengths
from reasongap.runs.plan import Plan, forecasts
from reasongap.runs.study import Study
from reasongap.runs.tasks import Tasks

Approve = Callable[[Plan], None]
"""Called with what must be paid before it is; raises to prevent it."""

ASK_ABOVE = 1.0
"""Dollars that are spent without being asked for."""
AT_HOME = frozenset(
    {
        "ollama",
        "ollama_chat",
        "lm_studio",
        "llamafile",
        "hosted_vllm",
        "vllm",
        "docker_model_runner",
    }
)
"""Providers whose servers are, unless an address says otherwise, the user's own."""


def approve_all(plan: Plan) -> None:
    """Pay whatever it takes."""


async def ask_approval(
    study: Study, parts: Sequence[Tasks], prices: Mapping[str, Price | None], approve: Approve
) -> None:
    """Let `approve` see the plan of what must be paid, if anything must.

    Raises what it and `check_budget` raise.
    """
    check_budget(study, {part.name: prices[part.name] for part in parts})
    if approve is approve_all:
        return
    own = {model.spec.name for model in study.models if not isinstance(model, str)}
    plan = Plan()
    for part in parts:
        price, spec = prices[part.name], part.repeats[0].spec
        if price == FREE or (price is None and (part.name in own or at_home(spec))):
            continue
        rows = await forecasts(part, price, count_tokens, Lengths())
        plan = Plan((*plan.forecasts, *rows))
    if plan.calls:
        approve(plan)


def check_budget(study: Study, prices: Mapping[str, Price | None]) -> None:
    """Raise `UsageError` where a budget cannot be kept for want of a price."""
    unpriced = [name for name, price in prices.items() if price is None]
    if study.budget is not None and unpriced and not study.accept_unknown_prices:
        raise UsageError(
            f"the price of {unpriced[0]} is unknown, so no budget can be kept. Give it in a study "
            f'file ([model."{unpriced[0]}"] price = [0.15, 0.60], dollars a million tokens of '
            "prompts and of replies), or leave its calls uncounted: --accept-unknown-prices"
        )


def at_home(spec: ModelSpec) -> bool:
    """Whether the model is served by the user: in this process, or in a network of theirs."""
    provider = spec.name.partition("/")[0]
    if spec.api_base is None:
        return provider in ("local", "hf") or provider in AT_HOME
    host = urlsplit(spec.api_base).hostname or ""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".localhost"))


def within(most: float, *, confirmed: bool, remedy: str) -> Approve:
    """An approval of what costs no more than `most` dollars, or of all where `confirmed`."""

    def approve(plan: Plan) -> None:
        if not confirmed and over(plan, most):
            raise UsageError(f"{estimate(plan)}. {remedy}")

    return approve


def over(plan: Plan, most: float) -> bool:
    """Whether a plan is expected to cost more than `most` dollars, or nobody knows."""
    return bool(plan.unpriced) or plan.dollars > most


def estimate(plan: Plan) -> str:
    """What a plan costs, in a sentence without its full stop."""
    cached = sum(row.cached for row in plan.forecasts)
    parts = [f"{plan.calls:,} calls to pay" + (f" and {cached:,} cached" if cached else "")]
    if any(row.calls and row.price for row in plan.forecasts):
        parts.append(f"about {dollars(plan.dollars)}, at most {dollars(plan.most_dollars)}")
    if plan.unpriced:
        parts.append(f"the price of {', '.join(plan.unpriced)} is unknown")
    return "This takes " + "; ".join(filter(None, [*parts, plan.listed]))


def dollars(amount: float | None) -> str:
    """An amount for people; what is unknown is never 0."""
    if amount is None:
        return "unknown"
    return f"${amount:.2f}" if amount >= 0.1 or not amount else f"${amount:.2g}"
