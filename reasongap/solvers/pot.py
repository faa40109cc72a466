"""Program of thought: reply with a program, and let the sandbox answer (Chen et al. 2022)."""

from __future__ import annotations

from dataclasses import dataclass

from reasongap.answers import find_program, read_execution
from reasongap.domain import Program, Question, Solution
from reasongap.models.seam import Model
from reasongap.prompts import load_prompt
from reasongap.sandbox.seam import Sandbox
from reasongap.solvers.asking import ask


@dataclass(frozen=True)
class ProgramOfThought:
    """One call and one execution; the answer is the value that the program computes.

    A chain asks for one function a hop, as the paper does: `solve_q1()` … and
    `solution()`; the hops' answers are the values of those functions.
    """

    shots: int | None = None
    preamble: bool = True

    name = "pot"

    @property
    def prompt_digest(self) -> str:
        """Hash of the texts that the prompt is made of."""
        return load_prompt("pot").digest

    async def solve(self, question: Question, model: Model, sandbox: Sandbox) -> Solution:
        """The value of the program in the reply; no answer where there is no program."""
        prompt = load_prompt("pot")
        completion, text = await ask(
            prompt, question, model, shots=self.shots, preamble=self.preamble
        )
        opened = prompt.file.opened and model.spec.form == "base"
        source = find_program(text, opened=opened)
        if source is None:
            return Solution(answer=None, completions=(completion,))
        program = Program(
            source, hop_functions=tuple(f"solve_q{i}" for i in range(1, len(question.hops)))
        )
        execution = await sandbox.run(program)
        reading = read_execution(execution)
        return Solution(
            answer=reading.answer,
            strict_answer=reading.strict_answer,
            hop_answers=reading.hop_answers,
            rule=reading.rule,
            completions=(completion,),
            programs=(program,),
            executions=(execution,),
        )
