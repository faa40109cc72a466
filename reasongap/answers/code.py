"""The program in a reply, wherever the model put it.

Blocks of code are the fenced ones, else the runs of lines in prose that look like Python.
The last block that parses and defines a `solution` that returns something is the program, joined
with the blocks that define what it uses; without any `solution`, the last block that parses (a
script). A program that does not parse is still handed over: its failure is the model's, and must
be seen.
"""

from __future__ import annotations

import ast
import builtins
import html
import re
import symtable
import textwrap
import warnings
from dataclasses import dataclass

from reasongap.answers.reply import Part, parts, without_thinking

_MAX_SOURCE = 64 * 2**10
_SOLUTION = re.compile(r"^(?:async )?def solution\b", re.MULTILINE)
_CODE_LINE = re.compile(
    r"[ \t]+\S|[ \t\r]*$|[)\]}]|\#|@\w|>>> |\.\.\. |(?:def|class) \w+.*:|(?:import|from) \w"
    r"|(?:for|while|if|with) .*:|(?:else|try|finally):|(?:elif|except)\b.*:"
    r"|return\b|[a-z_][\w.]*\(.*\)\s*$|[A-Za-z_]\w*(?:, ?\w+)*(?:: ?\w+)? ?[-+*/%]?=(?!=)"
)
_SUBSTANCE = re.compile(
    r"^[ \t]*+(?:>>> )?(?:def |class |import |from \w|print\(|for \w+ in "
    r"|\w+(?:, ?\w+)*(?:: ?\w+)? ?[-+*/%]?=(?!=))",
    re.MULTILINE,
)
_RETURN = re.compile(r"^[ \t]++return\b", re.MULTILINE)
_TOP_LEVEL = re.compile(r"^\S", re.MULTILINE)
_OTHER_TEXT = frozenset({"output", "text", "plaintext", "console", "latex", "math", "json"})


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of code: its source, and the global names that it sets and that it needs.

    Source that does not parse sets and needs nothing.
    """

    source: str
    parses: bool = False
    sets: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()

    @property
    def tries(self) -> bool:
        """Whether it begins to define `solution`."""
        return _SOLUTION.search(self.source) is not None

    @property
    def solves(self) -> bool:
        """Whether it defines a `solution` that returns something, and parses."""
        return self.parses and self.tries and _RETURN.search(self.source) is not None


def find_program(reply: str, *, opened: bool = False) -> str | None:
    """The Python source in a reply, None where there is none. Nothing is run.

    `opened` says that the prompt ended with an opened fence, so that the reply begins with
    code: then the program is what precedes the closing fence, and what a base model writes
    behind it (the next question, often) is left alone.
    """
    text = without_thinking(reply)
    found = list(parts(f"```python\n{text}" if opened else text))
    sources = [part.text for part in found if _may_be_program(part)][: 1 if opened else None]
    prose = [part.text for part in found if part.info is None]
    fenced = [block for source in sources for block in _blocks(source)]
    return _choose(fenced or [run for text in prose for run in _runs(text)])


def lacks_solution(source: str, function: str) -> bool:
    """Whether a program sets no `solution`, and has this function, which needs no arguments."""
    block = _outlined(source)
    if function not in block.sets or "solution" in block.sets:
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        body = ast.parse(source).body
    taken = [d.args for d in body if isinstance(d, ast.FunctionDef) and d.name == function]
    return bool(taken) and _optional(taken[-1])


def _optional(taken: ast.arguments) -> bool:
    """Whether a function can be called without any argument."""
    places = len(taken.posonlyargs) + len(taken.args)
    return len(taken.defaults) == places and None not in taken.kw_defaults


def _may_be_program(part: Part) -> bool:
    """Whether a part is a block of code that does something: more than an output, or a value."""
    if part.info is None or not _SUBSTANCE.search(part.text):
        return False
    return part.is_program or part.info not in _OTHER_TEXT


def _blocks(source: str) -> list[_Block]:
    """The block of a fenced source; where it does not parse, the lines in it that solve.

    A base model may run on in prose behind its program without closing the fence.
    """
    block = _block(source)
    if block.parses:
        return [block]
    runs = [run for run in _runs(source) if run.parses]
    return runs if any(run.solves for run in runs) else [block]


def _runs(text: str) -> list[_Block]:
    """The runs of lines that look like Python, as blocks: those that parse or try to solve."""
    runs: list[list[str]] = [[]]
    for line in text.split("\n"):
        if _CODE_LINE.match(line):
            runs[-1].append(line)
        elif runs[-1]:
            runs.append([])
    sources = ("\n".join(run) for run in runs)
    blocks = [_block(source) for source in sources if _SUBSTANCE.search(source)]
    return [block for block in blocks if block.parses or block.tries]


def _block(source: str) -> _Block:
    """The block of a source, without its indentation, prompts and HTML escapes.

    A last statement that was cut short (by the reply's length limit) is dropped where
    the statements before it solve.
    """
    source = textwrap.dedent(source).strip("\n")
    if source.startswith(">>> "):
        lines = source.split("\n")
        source = "\n".join(line[4:] for line in lines if line[:3] in (">>>", "..."))
    block = _outlined(source)
    if block.parses:
        return block
    unescaped = _outlined(html.unescape(source))
    if unescaped.parses:
        return unescaped
    last = max((line.start() for line in _TOP_LEVEL.finditer(source)), default=0)
    whole = _outlined(source[:last].rstrip())
    return whole if whole.solves else block


def _outlined(source: str) -> _Block:
    """The block with its names, from the compiler's symbol table."""
    if len(source) > _MAX_SOURCE:
        return _Block(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = symtable.symtable(source, "<program>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _Block(source)
    symbols = module.get_symbols()
    sets = {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    needs, tables = set[str](), [module]
    while tables:
        table = tables.pop()
        needs |= {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
        tables += table.get_children()
    return _Block(source, True, frozenset(sets), frozenset(needs - sets - set(dir(builtins))))


def _choose(blocks: list[_Block]) -> str | None:
    """The program among the blocks, with the blocks that it needs, in the reply's order."""
    candidates = [block for block in blocks if block.tries] or blocks
    if not candidates:
        return None
    parsing = [block for block in candidates if block.parses]
    solving = [block for block in parsing if block.solves]
    chosen = (solving or parsing or candidates)[-1]
    place = next(i for i, block in enumerate(blocks) if block is chosen)
    taken, needs = {place}, chosen.needs
    for i in (*reversed(range(place)), *range(place + 1, len(blocks))):
        if needs & blocks[i].sets:
            taken.add(i)
            needs = (needs | blocks[i].needs) - blocks[i].sets
    return "\n\n".join(blocks[i].source for i in sorted(taken))
