"""What `doctor --parity` prints."""

from __future__ import annotations

import json

from reasongap.report.parity import LISTED, render_parity
from reasongap.sandbox.parity import Backend, Disagreement, Parity


def found(disagreements: int) -> Parity:
    return Parity(
        1_319,
        (
            Backend("docker", {"ok": 1_319}, (), (0.001, 0.0021, 0.03)),
            Backend(
                "restricted", {"ok": 1_318, "blocked": 1}, (("p7", "no"),), (0.002, 0.003, 0.04)
            ),
        ),
        tuple(Disagreement(f"p{n}", "value", ("18", "18.0")) for n in range(disagreements)),
    )


def test_the_table_names_what_differs_and_what_was_refused() -> None:
    text = render_parity(found(1), "table")
    assert "1,319 programs, one at a time: 1 end differently." in text
    assert "1,318 ok" in text
    assert "2.10" in text
    assert "! p0: value is '18' (docker), '18.0' (restricted)\n" in text
    assert "! p7: refused by restricted: no\n" in text


def test_agreement_is_said() -> None:
    assert "all end alike" in render_parity(found(0), "markdown")


def test_a_long_list_is_cut_and_says_so() -> None:
    text = render_parity(found(LISTED + 5), "table")
    assert text.count("! p") == LISTED + 1
    assert "! … and 5 more\n" in text


def test_json_holds_all_of_it() -> None:
    whole = json.loads(render_parity(found(LISTED + 5), "json"))
    assert (whole["schema"], whole["agrees"], whole["programs"]) == (1, False, 1_319)
    assert len(whole["disagreements"]) == LISTED + 5
    assert whole["backends"][1]["refusals"] == [["p7", "no"]]
