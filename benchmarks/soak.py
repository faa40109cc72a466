"""A long run against a server that fails in every way: what became of each question.

    python -m benchmarks.soak [questions] [faults]

asks the same questions twice, without faults and with them (a share of all answers, of every
kind that does not end a run), and holds every record of the second run against the first and
against the faults that the server counts for its prompt. Raises `AssertionError` where a
question is missing, is scored from a fault, or differs from the undisturbed run.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import anyio

from reasongap.domain import Composition, Hop, Key, Outcome, Question, Record
from reasongap.prompts import load_prompt
from reasongap.runs.calling import Places
from reasongap.runs.conduct import conduct
from reasongap.runs.events import Answered, Emit, Event, Retried, silent
from reasongap.runs.journal import read_records
from reasongap.runs.study import Study, make_study
from reasongap.testing import ODD, Faults, ServerProcess, even, prompt_key
from reasongap.testing.process import Counts

MODEL = "openai/gpt-4o-mini"
TRIES = 5
SCORED_AS: dict[str, Outcome] = {
    "null_content": "no_answer",
    "content_filter": "refused",
    "context_too_long": "context_too_long",
}
"""What each fault that is a reply must become; wrong usage leaves the answer as it is."""


@dataclass
class Report:
    """What a soak saw: outcomes, faults served, retries, seconds, memory on the way in MB."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    seconds: float = 0.0
    memory: list[float] = field(default_factory=list)


@dataclass
class Watch:
    """Counts retries, and looks at the memory after every tenth of the answers."""

    report: Report
    asked: int
    answered: int = 0

    def __call__(self, event: Event) -> None:
        """Take note of an event."""
        if isinstance(event, Retried):
            self.report.retries += 1
        elif isinstance(event, Answered):
            self.answered += 1
            if self.answered % max(1, self.asked // 10) == 0:
                self.report.memory.append(resident())


def resident() -> float:
    """Megabytes of this process in memory that are its own, not a file's (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    (own,) = (line for line in lines if line.startswith("RssAnon:"))
    return int(own.split()[1]) / 2**10


async def soak(questions: int, faults: float, folder: Path) -> Report:
    """Both runs and their comparison; `questions` is rounded to whole compositions."""
    compositions = [chain(i) for i in range(max(1, questions // 6))]
    report = Report()
    with ServerProcess() as server:
        calm = await records(study_of(server.url), compositions, folder / "calm", silent)
    with ServerProcess("--faults", faults, "--hang", 4) as server:
        study, watch = study_of(server.url), Watch(report, len(calm))
        began = time.monotonic()
        disturbed = await records(study, compositions, folder / "disturbed", watch)
        report.seconds = time.monotonic() - began
        counts = server.counts()
    report.outcomes.update(record.outcome for record in disturbed.values())
    report.faults.update(fault for met in counts.faults.values() for fault in met)
    assert calm.keys() == disturbed.keys(), "a question is missing"
    for place, record in disturbed.items():
        check(record, calm[place], counts, study, faults)
    return report


def chain(i: int) -> Composition:
    """Two hops whose sum the server gets right, and wrong in every third composition."""
    a, b, c = i + 2, i % 7 + 3, i % 5 + 2
    first = f"What is {a} plus {b}?" if i % 3 else f"What is left of {a + b} when {b} are gone?"
    gold = Fraction(a + b if i % 3 else a)
    return Composition(
        f"chain{i}",
        f"block{i}",
        (
            Hop(first, gold, f"plus{i}"),
            Hop(
                f"What is X times {c} in row {i}?",
                gold * c + i,
                f"times{i}",
                f"What is 1 times {c} in row {i}?",
                Fraction(c + i),
                "1",
            ),
        ),
        ("chain",),
    )


def study_of(url: str) -> Study:
    return make_study(
        models=(MODEL,),
        strategies=("cot", "pot"),
        api_base=url,
        connections=16,
        deadline=3.0,
    )


async def records(
    study: Study, compositions: list[Composition], folder: Path, emit: Emit
) -> dict[Key, Record]:
    await conduct(study, Places(folder, folder / "cache.sqlite"), emit, compositions)
    return read_records(folder)


def check(record: Record, calm: Record, counts: Counts, study: Study, faults: float) -> None:
    """Hold a record against the undisturbed one and against what its last call met.

    An odd reply ends the calls, unless a machine that stood still let it come too late.
    """
    prompt = key_of(record.question, record.key.strategy, study)
    where = f"{record.key}: {record.outcome}"
    last = Faults(even(faults)).drawn(0, prompt, counts.calls[prompt] - 1)
    odd = last if last in ODD else None
    if record.outcome == "model_error":
        assert counts.calls[prompt] == TRIES, f"{where}, given up too early"
        assert record.error, f"{where}, without a reason"
    elif odd in SCORED_AS:
        assert record.outcome == SCORED_AS[odd], f"{where} after {odd}"
        assert record.solution.answer is None, f"{where} scored from {odd}"
    else:
        assert reading(record) == reading(calm), f"{where} differs from the undisturbed run"
        known = odd is None
        assert all((reply.cost is not None) is known for reply in record.solution.completions)


def key_of(question: Question, strategy: str, study: Study) -> str:
    """The server's key of the call that asks this."""
    request = load_prompt(strategy).request(question, form="chat", shots=0, preamble=True)
    messages = [{"role": m.role, "content": m.content} for m in request.messages]
    name = MODEL.partition("/")[2]
    return prompt_key({"model": name, "messages": messages, "seed": study.seed})


def reading(record: Record) -> tuple[object, ...]:
    """What a record says, without its times."""
    solution = record.solution
    texts = [reply.text for reply in solution.completions]
    values = [(run.status, run.value, run.hop_values) for run in solution.executions]
    answers = (solution.answer, solution.strict_answer, solution.hop_answers, solution.rule)
    return record.outcome, record.strict, *answers, texts, values


def main(questions: int, faults: float) -> None:
    with tempfile.TemporaryDirectory() as place:
        report = anyio.run(soak, questions, faults, Path(place))
    print(f"{report.outcomes.total()} questions in {report.seconds:.0f} s: all as they must be")
    print("outcomes:", ", ".join(f"{n} {name}" for name, n in report.outcomes.most_common()))
    print(f"faults: {report.faults.total()},", f"retries: {report.retries}")
    print("  " + ", ".join(f"{n} {name}" for name, n in sorted(report.faults.items())))
    print("memory, MB, at each tenth:", " ".join(f"{size:.0f}" for size in report.memory))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak")
    parser.add_argument("questions", type=int, nargs="?", default=5000)
    parser.add_argument("faults", type=float, nargs="?", default=0.2, help="a share of answers")
    given = parser.parse_args()
    main(given.questions, given.faults)
