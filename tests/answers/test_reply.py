from __future__ import annotations

import pytest

from reasongap.answers.reply import Part, parts, without_thinking


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("plain", "plain"),
        ("<think>a</think>b", "b"),
        ("a<think>b</think>c<thinking>d</thinking>e", "ace"),
        ("thought that the prompt opened</think>b", "b"),
        ("a<think>never closed", "a"),
        ("<think>a<think>b</think>c", "c"),
        ("a < think > b", "a < think > b"),
        ("[THINK]a[/THINK]b", "b"),
        ("[THINK]never closed", ""),
        ("<seed:think>a</seed:think>b", "b"),
        (
            "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b",
            "b",
        ),
        ("<|channel|>final <|constrain|>json<|message|>a<|return|>", "a"),
        ("<|channel|>analysis<|message|>cut in its thoughts", ""),
        ("a<|im_end|>\n<|im_start|>user\nb", "a"),
        ("<|eot_id|>a<|eot_id|>b", "a"),
        ("a<end_of_turn>\n", "a"),
        ("a <|user|> b", "a <|user|> b"),
        ("", ""),
    ],
)
def test_thinking_is_no_part_of_the_answer(reply: str, kept: str) -> None:
    assert without_thinking(reply) == kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a", [Part("a")]),
        ("a\n```python\nb\n```\nc", [Part("a\n"), Part("\nb\n", "python"), Part("\nc")]),
        ("```\nb", [Part(""), Part("\nb", "")]),
        ("a ```b``` is c", [Part("a ```b``` is c")]),
        (
            "```py\nb\n```json\nc\n```",
            [Part(""), Part("\nb\n", "py"), Part("\nc\n", "json"), Part("")],
        ),
        ("x: ```py\nb```", [Part("x: "), Part("\nb", "py"), Part("")]),
        ("~~~\nb\n~~~", [Part(""), Part("\nb\n", ""), Part("")]),
        ("a ~~~", [Part("a ~~~")]),
    ],
)
def test_a_reply_is_split_at_its_fences(text: str, found: list[Part]) -> None:
    assert list(parts(text)) == found


@pytest.mark.parametrize(
    ("part", "program"),
    [
        (Part("x = 1", "python"), True),
        (Part("def f():\n    return 1", ""), True),
        (Part("print(1)", "text"), True),
        (Part("def f():\n    return 1"), False),
        (Part("X = 7", ""), False),
        (Part("class size: 18\nreturn trips: 2", ""), False),
        (Part("18", "output"), False),
    ],
)
def test_a_block_of_code_is_told_from_a_block_of_text(part: Part, program: bool) -> None:
    assert part.is_program == program
