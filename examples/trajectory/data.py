"""Two training sets from the same questions: solutions as written, and a model's own right ones.

Run it: python examples/trajectory/data.py hf/work/base --out work

The model is shown eight worked exemplars and sampled until it is right, at most `--samples`
times; reasongap's runner asks, its sandbox runs the programs, its graders say what is right.
A question that it never gets right is in neither set. Prompts in the sets hold no exemplar.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import anyio

from reasongap.domain import Key, Problem, Question, Record
from reasongap.models import open_model, spec_for
from reasongap.problems import open_source
from reasongap.prompts import load_prompt
from reasongap.runs.runner import Lane, Task, answer_all
from reasongap.sandbox import open_sandbox
from reasongap.solvers import open_solver
from reasongap.solvers.sampling import SampledModel

THEMES = "craft,garden,home,nature,school,sport,travel,work"
"""Those of the training; the evaluation takes its problems from the others."""
STRATEGIES = ("cot", "pot")
Pair = tuple[str, str]
"""A problem's id and a strategy."""


def question_of(problem: Problem) -> Question:
    return Question(problem.id, problem.id, "hop1", (problem.question,), (problem.answer,))


async def own_solutions(name: str, problems: list[Problem], samples: int) -> dict[Pair, str]:
    """The model's first right reply to each problem under each strategy that it solves it by."""
    model = open_model(replace(spec_for(name), form="base", seed=0, max_tokens=160))
    sandbox = open_sandbox("restricted")
    right: dict[Pair, str] = {}

    def keep(record: Record) -> None:
        if record.outcome == "correct":
            reply = record.solution.completions[0].text
            right[record.key.composition, record.key.strategy] = reply

    def tasks(sample: int) -> Iterator[Task]:
        sampled = SampledModel(model, sample, temperature=0.7)
        for solver in map(open_solver, STRATEGIES):
            for problem in problems:
                if (problem.id, solver.name) not in right:
                    key = Key(name, solver.name, problem.id, "hop1", sample)
                    yield Task(key, question_of(problem), solver, sampled)

    try:
        for sample in range(samples):
            await answer_all([Lane(tasks(sample), 16)], sandbox, keep)
            print(f"sample {sample + 1}: {len(right)} of {2 * len(problems)} are solved")
    finally:
        await sandbox.aclose()
        await model.aclose()
    return right


def row(problem: Problem, strategy: str, reply: str) -> str:
    """A line of a training set: what is asked without exemplars, and what is to be said."""
    prompt = load_prompt(strategy).request(
        question_of(problem), form="base", shots=0, preamble=False
    )
    whole = f"{reply.strip()}\n```" if strategy == "pot" else f" {reply.strip()}"
    return json.dumps({"prompt": prompt.prompt, "reply": whole})


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("model", help="hf/FOLDER, or any other that continues texts")
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("-n", type=int, default=120, help="problems")
    options.add_argument("--samples", type=int, default=4)
    given = options.parse_args()

    stream = open_source(f"minted:1:{THEMES}", seed=1).load()
    problems = [next(stream) for _ in range(given.n)]
    own = anyio.run(own_solutions, given.model, problems, given.samples)

    written, sampled = [], []
    for problem in problems:
        for strategy, solution in (("cot", problem.solution), ("pot", problem.program)):
            if (problem.id, strategy) in own:
                written.append(row(problem, strategy, solution or ""))
                sampled.append(row(problem, strategy, own[problem.id, strategy]))
    given.out.mkdir(parents=True, exist_ok=True)
    for name, rows in (("human", written), ("synthetic", sampled)):
        (given.out / f"{name}.jsonl").write_text("\n".join(rows) + "\n")
    print(f"{len(written)} solutions in each of {given.out}/human.jsonl and synthetic.jsonl")


if __name__ == "__main__":
    main()
