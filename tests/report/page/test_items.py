"""The page holds every answer, whole, at the place that its index names."""

from __future__ import annotations

import json
from typing import Any

from reasongap.analysis.attribution import cause_of
from reasongap.answers import format_number
from reasongap.domain import Record
from reasongap.report.page.items import LONGEST, items_of
from tests.report.page.hostile import HUGE, hostile
from tests.report.page.small import small


def found(record: Record, index: dict[str, Any], chunks: list[Any]) -> dict[str, Any]:
    """A record's line of the index, and its details, looked up as the page does."""
    columns, key = index["records"], record.key
    lines = [
        {name: column[i] for name, column in columns.items()} for i in range(len(columns["gold"]))
    ]
    ids = [item["id"] for item in index["compositions"]]
    same = [i for i, line in enumerate(lines) if ids[line["composition"]] == key.composition]
    (place,) = [
        i
        for i in same
        if index["models"][lines[i]["model"]] == key.model
        and index["strategies"][lines[i]["strategy"]] == key.strategy
        and index["settings"][lines[i]["setting"]] == key.setting
        and lines[i]["repeat"] == key.repeat
    ]
    item = index["compositions"][lines[place]["composition"]]
    details = chunks[item["chunk"]][item["at"]]
    asked = details["settings"][key.setting]
    return {**lines[place], **details["answers"][place - same[0]], "asked": asked}


def test_every_tenth_answer_is_found_with_all_that_it_says() -> None:
    evidence = small().evidence
    items = items_of(evidence)
    index, chunks = json.loads(items.index), [json.loads(chunk) for chunk in items.chunks]
    assert len(index["records"]["gold"]) == len(evidence.records)
    for record in list(evidence.records)[::97]:
        line = found(record, index, chunks)
        assert line["outcome"] == record.outcome
        assert line["gold"] == format_number(record.question.gold)
        assert line["rule"] == (record.solution.rule or "")
        assert line["asked"]["hops"] == list(record.question.hops)
        assert [r["text"] for r in line["replies"]] == [c.text for c in record.solution.completions]
        cause = cause_of(record) if record.key.setting == "composed" else None
        assert line["cause"] == (cause or "")
        for shown, program in zip(line["programs"], record.solution.programs, strict=True):
            if isinstance(shown, list):
                reply, start, length = shown
                shown = line["replies"][reply]["text"][start : start + length]  # noqa: PLW2901
            assert shown == program.source


def test_flips_are_those_against_the_baseline() -> None:
    index = json.loads(items_of(hostile().evidence).index)
    names = ("flip", "model", "strategy", "setting")
    rows = list(zip(*(index["records"][name] for name in names), strict=True))
    tests = hostile().findings.estimates.tests
    assert any(test.lost for test in tests)
    for test in tests:
        places = tuple(
            index[f"{name}s" if name != "strategy" else "strategies"].index(getattr(test, name))
            for name in names[1:]
        )
        flips = [flip for flip, *where in rows if tuple(where) == places]
        assert (flips.count("gained"), flips.count("lost")) == (test.gained, test.lost)


def test_a_huge_text_keeps_its_beginning_and_its_end() -> None:
    chunks = [json.loads(chunk) for chunk in items_of(hostile().evidence).chunks]
    replies = [r["text"] for c in chunks for d in c for a in d["answers"] for r in a["replies"]]
    cut = [text for text in replies if "characters left out" in text]
    assert cut
    assert all(len(text) < LONGEST + 100 and text.endswith(HUGE[-100:]) for text in cut)
