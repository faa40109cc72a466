"""The small grammar of composed strategies: `self-consistency(pot, n=5)`.

    strategy  = name [ "(" [ argument { "," argument } ] ")" ]
    argument  = [ setting "=" ] value
    value     = strategy | number | true | false | "text" | 'text'

A name is whatever holds no blank, quote, comma, parenthesis or equals sign, so that a path
is one; other paths go into quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reasongap.errors import BadSpecification

_TOKEN = re.compile(r"""(?P<sign>[(),=])|(?P<quoted>"[^"]*"|'[^']*')|(?P<word>[^\s(),="']+)""")
_BLANK = re.compile(r"\s*")
DEEPEST = 20
"""Strategies within strategies."""


@dataclass(frozen=True, slots=True)
class Node:
    """A name or a value of a specification, with the arguments in its parentheses.

    `position` counts characters from 1; `called` tells that there were parentheses.
    """

    text: str
    position: int
    quoted: bool = False
    called: bool = False
    inner: tuple[Node, ...] = ()
    settings: tuple[tuple[str, int, Node], ...] = ()


def parse(text: str) -> Node:
    """The tree of a specification. Raises `BadSpecification` with the position."""
    reader = _Reader(text)
    node = reader.value(0)
    if reader.at < len(text):
        raise BadSpecification(text, reader.at + 1, f"{text[reader.at :]!r} is left over")
    return node


class _Reader:
    """Where the reading stands in the text."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self._skip()

    def value(self, depth: int) -> Node:
        """A name or a value, with its arguments."""
        position = self.at + 1
        if depth > DEEPEST:
            raise BadSpecification(self.text, position, "strategies are nested too deep")
        token = self._take("word", "quoted")
        if token is None:
            raise BadSpecification(self.text, position, f"a name is expected, not {self._next()}")
        quoted = token[0] in "\"'"
        name = token[1:-1] if quoted else token
        if not self._sign("("):
            return Node(name, position, quoted)
        return self._arguments(name, position, quoted, depth + 1)

    def _arguments(self, name: str, position: int, quoted: bool, depth: int) -> Node:
        inner: list[Node] = []
        settings: list[tuple[str, int, Node]] = []
        while not self._sign(")"):
            if (inner or settings) and not self._sign(","):
                why = f"a comma or a closing parenthesis is expected, not {self._next()}"
                raise BadSpecification(self.text, self.at + 1, why)
            value = self.value(depth)
            if self._sign("="):
                if any(value.text == known for known, _, _ in settings):
                    raise BadSpecification(self.text, value.position, f"{value.text} is set twice")
                settings.append((value.text, value.position, self.value(depth)))
            elif settings:
                why = "inner strategies come before settings"
                raise BadSpecification(self.text, value.position, why)
            else:
                inner.append(value)
        return Node(name, position, quoted, True, tuple(inner), tuple(settings))

    def _take(self, *kinds: str) -> str | None:
        match = _TOKEN.match(self.text, self.at)
        if match is None or match.lastgroup not in kinds:
            return None
        self.at = match.end()
        self._skip()
        return match[0]

    def _sign(self, sign: str) -> bool:
        return self.text.startswith(sign, self.at) and self._take("sign") is not None

    def _skip(self) -> None:
        blank = _BLANK.match(self.text, self.at)
        assert blank is not None, "the empty text matches"
        self.at = blank.end()

    def _next(self) -> str:
        return repr(self.text[self.at]) if self.at < len(self.text) else "the end"
