"""Two forecasts: one with a price and one without."""

from __future__ import annotations

from dataclasses import replace

from reasongap.runs.plan import Forecast

PRICED = Forecast(
    model="a",
    strategy="cot",
    answered=0,
    questions=320,
    tried=320,
    calls=300,
    cached=20,
    prompt_tokens=30_000,
    reply_tokens=60_000,
    most_tokens=160_000,
    price=(0.0, 25.0),
    dollars=1.5,
    most_dollars=4.0,
    piloted=False,
)
UNPRICED = replace(PRICED, model="b", price=None, dollars=None, most_dollars=None)
