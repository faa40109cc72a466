"""The parts of a model's reply: thinking, prose, and fenced blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FINAL = re.compile(r"<\|channel\|>final\b[^\n]{0,60}?<\|message\|>")
_TURN_END = re.compile(
    r"<\|(?:endoftext|end_of_text|eot_id|eom_id|im_end|end|return)\|>|<end_of_turn>"
)
_THINKING = re.compile(
    r"<(/?)(?:seed:)?(?:think|thinking|thought)>|\[(/?)(?-i:THINK)\]", re.IGNORECASE
)
_FENCE = re.compile(
    r"(?:(?<!`)`{3,}+|^[ \t]*+~{3,}+)[ \t]*+\{?\.?(?P<language>[\w+#-]*+)\}?[ \t\r]*+$",
    re.MULTILINE,
)
_PROGRAM_LINE = re.compile(
    r"^[ \t]*+(?:>>> |def \w+\(|class \w+(?:\(.*\))?:\s*$|print\(|from \w+ import "
    r"|import \w+(?: as \w+)?\s*$)|^[ \t]++return\b",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a reply. `info` is the language of a fenced block ("" if unnamed).

    In prose, `info` is None.
    """

    text: str
    info: str | None = None

    @property
    def is_program(self) -> bool:
        """Whether this is a fenced block of code: it says so, or a line of it gives it away."""
        if self.info is None:
            return False
        return self.info.startswith("py") or _PROGRAM_LINE.search(self.text) is not None


def without_thinking(reply: str) -> str:
    """The reply without the thoughts of a reasoning model, which are not its answer.

    Drops `<think>…</think>`, or `[THINK]…[/THINK]`, everything before a `</think>` that nothing
    opened (chat templates often open it in the prompt), and everything after a `<think>` that
    nothing closes: a model cut off while it thinks has not answered. Of a reply in channels only
    the final one speaks. Some servers leave such tokens in the text: behind one that ends a turn
    another turn begins, which is no part of the reply; `<|python_tag|>` opens a block of code.
    """
    reply = _own_turn(reply).replace("<|python_tag|>", "\n```python\n")
    kept: list[str] = []
    start, thinking = 0, False
    for tag in _THINKING.finditer(reply):
        if tag[1] or tag[2]:
            if not thinking:
                kept.clear()
            start, thinking = tag.end(), False
        elif not thinking:
            kept.append(reply[start : tag.start()])
            thinking = True
    if not thinking:
        kept.append(reply[start:])
    return "".join(kept)


def _own_turn(reply: str) -> str:
    """What is said in the first turn that says something; of channels, in the last final one."""
    if "<|channel|>" in reply:
        finals = list(_FINAL.finditer(reply))
        reply = reply[finals[-1].end() :] if finals else ""
    return next((turn for turn in _TURN_END.split(reply) if turn.strip()), "")


def parts(text: str) -> Iterator[Part]:
    """The prose and the fenced blocks (``` or ~~~) of a text, in order.

    As models write them: a fence may follow prose or code on its line, name another language
    to open the next block before it closed this one, or never come.
    """
    start, info = 0, None
    for fence in _FENCE.finditer(text):
        yield Part(text[start : fence.start()], info)
        start, language = fence.end(), fence["language"].lower()
        info = language if info is None or language else None
    yield Part(text[start:], info)
