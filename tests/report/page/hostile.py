"""A study whose model, questions and replies try everything on the page that shows them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from reasongap.analysis.evidence import Evidence
from reasongap.domain import Record
from reasongap.models.seam import ModelSpec
from reasongap.report.analyses import Report, report_of
from tests.analysis.simulated import Habits, study

NAME = 'evil/<img src=x onerror="document.title=1">'
SCRIPT = "</script><script>document.title = 'run'</script>"
ATTRIBUTE = '"><img src="http://127.0.0.1:9/x" onerror="document.title = \'run\'"> onclick=x'
COLOURS = "\x1b[31mred\x1b[0m \x1b]0;title\x07"
TURNED = "\u202eright to left\u2066"
HALF = "\ud800"
HUGE = "nine " * 40_000
REPLIES = (SCRIPT, ATTRIBUTE, COLOURS, TURNED, HALF, HUGE, "<!--", "{{ 7 * 7 }}")


@cache
def hostile() -> Report:
    """Two models under two strategies on ten compositions; each reply ends with an attempt."""
    ways = [
        (ModelSpec(name, size=size), strategy, Habits(broken=0.3))
        for name, size in ((NAME, 1e9), ("good/two", 2e9))
        for strategy in ("cot", "pot")
    ]
    plain = study(ways, 10)
    records = [_attempt(place, record) for place, record in enumerate(plain.records)]
    items = {
        name: replace(item, hops=tuple(replace(h, question=h.question + SCRIPT) for h in item.hops))
        for name, item in plain.compositions.items()
    }
    evidence: Evidence = replace(plain, records=records, compositions=items, notes=(SCRIPT,))
    return report_of(evidence, f"reasongap report {SCRIPT}")


def _attempt(place: int, record: Record) -> Record:
    solution = record.solution
    tried = REPLIES[place % len(REPLIES)]
    completions = tuple(replace(c, text=f"{c.text}\n{tried}") for c in solution.completions)
    programs = tuple(replace(p, source=f"{p.source}# {tried}\n") for p in solution.programs)
    executions = tuple(replace(e, stdout=tried, error=tried) for e in solution.executions)
    solution = replace(
        solution, completions=completions, programs=programs, executions=executions,
        rule=SCRIPT if place % 3 == 0 else solution.rule,
    )  # fmt: skip
    return replace(record, solution=solution, error=tried)
