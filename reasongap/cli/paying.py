"""Options about what a run may cost, and whether the user is asked."""

from __future__ import annotations

from typing import Annotated

import typer

from reasongap.cli.ranges import between

PAYING = "Paying"

Budget = Annotated[
    float | None,
    typer.Option(
        metavar="USD",
        help="Dollars that the folder's calls may cost in all; then the run stops, resumable.",
        rich_help_panel=PAYING,
    ),
]
MostTokens = Annotated[
    int | None,
    typer.Option(
        "--max-output-tokens-total",
        metavar="N",
        help="Tokens of replies that the folder's calls may take in all.",
        callback=between(1),
        rich_help_panel=PAYING,
    ),
]
UnknownPrices = Annotated[
    bool | None,
    typer.Option(
        "--accept-unknown-prices",
        help="Under a budget, leave calls uncounted whose price nobody knows.",
        rich_help_panel=PAYING,
    ),
]
Yes = Annotated[
    bool,
    typer.Option("--yes", "-y", help="Pay what the estimate says.", rich_help_panel=PAYING),
]
ConfirmAbove = Annotated[
    float,
    typer.Option(
        metavar="USD",
        help="Ask before a run estimated above that.",
        callback=between(0),
        rich_help_panel=PAYING,
    ),
]

PAID: dict[str, object] = {
    "budget": Budget,
    "max_output_tokens_total": MostTokens,
    "accept_unknown_prices": UnknownPrices,
}
"""Those that are fields of `runs.study.Study`."""
