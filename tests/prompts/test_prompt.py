"""What is sent: byte for byte what it was, in every shape that a model may want."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from reasongap.answers import read_text
from reasongap.domain import Form, Message, Question
from reasongap.prompts import DEFAULT, load_prompt, prompt_names
from reasongap.prompts.files import fill

SINGLE = Question("c", "b", "hop1", ("How many legs have 3 cats?",), (Fraction(12),))
CHAIN = replace(
    SINGLE,
    setting="composed",
    hops=(SINGLE.hops[0], "A box holds X pens. How many pens are in 2 boxes?"),
    hop_golds=(Fraction(12), Fraction(24)),
)


@pytest.mark.parametrize(
    ("name", "form", "shots", "digest"),
    [
        ("cot", "chat", 0, "5e650b350a05f7aa"),
        ("cot", "base", 8, "7d13a7b053731da8"),
        ("cot", "chat", 8, "4fbaa8300399cdac"),
        ("pot", "chat", 0, "4089a08aad294b4b"),
        ("pot", "base", 8, "91007f0054aa851d"),
        ("pot", "chat", 8, "1ead9b7d6dfac75c"),
    ],
)
def test_the_default_prompts_stay_as_they_are(
    name: str, form: Form, shots: int, digest: str
) -> None:
    """Replies are cached under what was sent: another byte would ask and pay for all again."""
    sent = hashlib.sha256()
    for question in (SINGLE, CHAIN):
        request = load_prompt(name).request(question, form=form, shots=shots, preamble=True)
        texts = [[m.content for m in request.messages], request.prompt, request.stop]
        sent.update(json.dumps(texts).encode())
    assert sent.hexdigest()[:16] == digest


UNRELATED = replace(
    CHAIN,
    setting="hop2-distracted",
    hops=(CHAIN.hops[0], CHAIN.hops[1].replace("X", "9")),
    hop_golds=(Fraction(12), Fraction(18)),
)


@pytest.mark.parametrize("wording", ["default", "terse", "detailed", "teacher"])
@pytest.mark.parametrize("name", prompt_names())
def test_unrelated_problems_are_not_said_to_need_each_other(name: str, wording: str) -> None:
    prompt = load_prompt(name, wording)
    told = [fill(prompt.file.instructions, hops=2, linked=linked) for linked in (True, False)]
    assert [re.search(r"\bX\b|build on|belong together", text) is None for text in told] == [
        False,
        True,
    ]
    given = dict.fromkeys(prompt.file.given, "as given")
    sent = prompt.request(UNRELATED, form="chat", shots=0, preamble=True, given=given)
    assert sent.messages[0].content.startswith(told[1].strip())


def test_exemplars_may_be_turns_and_instructions_a_system_message() -> None:
    prompt = load_prompt("pot")
    request = prompt.request(CHAIN, form="chat", shots=2, preamble=True, system=True, turns=True)
    roles = [message.role for message in request.messages]
    assert roles == ["system", "user", "assistant", "user", "assistant", "user"]
    assert request.messages[2].content.startswith("```python\ndef solve_q1():")
    assert request.messages[-1].content == "\n".join(
        f"Q{i}: {h}" for i, h in enumerate(CHAIN.hops, 1)
    )
    told = prompt.request(CHAIN, form="chat", shots=2, preamble=True, turns=True).messages
    assert [message.role for message in told] == roles[1:]
    assert told[0].content == f"{request.messages[0].content}\n\n{request.messages[1].content}"


def test_without_preamble_or_exemplars_the_question_stands_alone() -> None:
    for system, turns in ((True, True), (False, False)):
        request = load_prompt("cot").request(
            SINGLE, form="chat", shots=0, preamble=False, system=system, turns=turns
        )
        assert request.messages == (Message("user", "Question: How many legs have 3 cats?"),)


@pytest.mark.parametrize("name", [name for name in prompt_names() if name != "plan"])
def test_every_wording_asks_for_the_form_that_is_read(name: str) -> None:
    for wording in prompt_names()[name]:
        prompt = load_prompt(name, wording)
        given = dict.fromkeys(prompt.file.given, "…")
        for question in (SINGLE, CHAIN):
            asked = prompt.request(question, form="chat", shots=0, preamble=True, given=given)
            text = asked.messages[0].content
            if name in ("cot", "explain", "direct"):
                assert "Final answer: N" in text
                assert ("Answer to Q1: N" in text) is (question.chained and name != "direct")
            elif name == "equations":
                assert "`answer`" in text
                assert ("answer_q1" in text) is question.chained
            else:
                assert "`solution()`" in text
                assert ("X = solve_q1()" in text) is question.chained


def test_each_prompt_has_four_wordings_with_a_digest_of_its_own() -> None:
    digests = {load_prompt(n, w).digest for n, words in prompt_names().items() for w in words}
    assert all(len(words) >= 4 for words in prompt_names().values())
    assert len(digests) == sum(map(len, prompt_names().values()))
    assert load_prompt("cot", DEFAULT, "second").digest not in digests


@pytest.mark.parametrize(("hops", "shown"), [(3, 3), (5, 3)])
def test_longer_chains_are_shown_exemplars_of_as_many_hops_as_there_are(
    hops: int, shown: int
) -> None:
    longer = replace(CHAIN, hops=(CHAIN.hops[0], *["Twice X?"] * (hops - 1)))
    request = load_prompt("cot").request(longer, form="base", shots=8, preamble=False)
    examples = (request.prompt or "").split("\n\n")[:-1]
    assert len(examples) == 8
    for example in examples:
        asked, _, answer = example.partition("\nAnswer: ")
        assert asked.count("\nQ") == shown - 1
        reading = read_text(answer, hops=shown)
        assert reading.strict_answer is not None
        assert None not in reading.hop_answers
