"""Awkward replies that hold a program, written as models write them, and what it evaluates to."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """A reply, the program in it, and whether the prompt had opened the fence."""

    reply: str
    program: str | None
    opened: bool = False


GOOD = "def solution():\n    eggs = 16 - 7\n    return eggs * 2"
ONE = "def solution():\n    return 18"
CLASS = "class Shop:\n    eggs = 9\n\nprint(Shop.eggs * 2)"
HOP = "def solve_q1():\n    return 7"
CHAIN = "def solution():\n    X = solve_q1()\n    return X * 2"
BROKEN = "def solution():\n    eggs = 9\nThat is it.\n    return eggs * 2"
CUT = "def solution():\n    eggs = 16 - (7"

FENCES = [
    Case(f"```python\n{GOOD}\n```", GOOD),
    Case(f"```py\n{GOOD}\n```", GOOD),
    Case(f"```Python3\r\n{GOOD}\n```", GOOD),
    Case(f"```\n{GOOD}\n```", GOOD),
    Case(f"~~~python\n{GOOD}\n~~~", GOOD),
    Case(f"````python\n{GOOD}\n````", GOOD),
    Case(f"``` {{.python}}\n{GOOD}\n```", GOOD),
    Case(f"Here is the code: ```python\n{GOOD}\n```\nIt returns 18.", GOOD),
    Case(f"```python\n{GOOD}```", GOOD),
    Case(f"```python\n{GOOD}\n``` This returns 18.", GOOD),
    Case(f"```python\n{GOOD}", GOOD),
    Case(f"```python\n{GOOD}\n```\nOr so:\n```python\ndef solution():\n    re", GOOD),
    Case(f"```python\n{GOOD}\n\nprint(solution())\n```", f"{GOOD}\n\nprint(solution())"),
    Case("1. The code:\n   ```python\n   def solution():\n       return 18\n   ```", ONE),
    Case("```python\n    def solution():\n        return 18\n```", ONE),
    Case(
        "```python\n>>> def solution():\n...     return 18\n...\n>>> solution()\n18\n```",
        f"{ONE}\n\nsolution()",
    ),
    Case(
        "```python\ndef solution():\n    return 18 if 3 &gt; 2 else 0\n```",
        f"{ONE} if 3 > 2 else 0",
    ),
    Case(f"<think>```python\nwrong = 1\n```</think>```python\n{GOOD}\n```", GOOD),
    Case(f"<think>I could write\n```python\n{GOOD}\n```", None),
    Case(f"<|python_tag|>{GOOD}<|eom_id|>", GOOD),
    Case(f"I call Python.<|python_tag|>{GOOD}", GOOD),
    Case(f"{GOOD}<|im_end|>\n<|im_start|>user\nx = 3", GOOD),
    Case(f"```python\n{CUT}", CUT),
    Case("```python\ndef solution(:\n    return 18\n```", "def solution(:\n    return 18"),
]

SEVERAL = [
    Case(f"```python\n{HOP}\n```\nand then\n```python\n{CHAIN}\n```", f"{HOP}\n\n{CHAIN}"),
    Case(f"```python\n{CHAIN}\n```\nwhere\n```python\n{HOP}\n```", f"{CHAIN}\n\n{HOP}"),
    Case(f"```python\n{GOOD}\n```\nThis prints\n```\n18\n```", GOOD),
    Case(f"```python\n{GOOD}\n```\nRun it:\n```bash\npython solution.py\n```", GOOD),
    Case(f"```python\n{GOOD}\n```\nUse it:\n```python\nprint(solution())\n```", GOOD),
    Case(f"```python\n{CHAIN}\n```\nBetter:\n```python\n{GOOD}\n```", GOOD),
    Case(f"```python\n{GOOD}\n```\nOr else:\n```python\n{CUT}", GOOD),
    Case(f"```python\neggs = 5\nprint(eggs)\n```\nAs a function:\n```python\n{GOOD}\n```", GOOD),
    Case(f"```python\nimport math\n```\n```python\n{GOOD}\n```", GOOD),
    Case(
        "```python\nfrom math import ceil\n```\nNow:\n"
        "```python\ndef solution():\n    return ceil(1.5)\n```",
        "from math import ceil\n\ndef solution():\n    return ceil(1.5)",
    ),
    Case(
        "Eggs:\n```python\neggs = 16\n```\nLeft:\n```python\nleft = eggs - 7\n```\n"
        "Income:\n```python\nans = left * 2\nprint(ans)\n```\nIt prints\n```\n18\n```",
        "eggs = 16\n\nleft = eggs - 7\n\nans = left * 2\nprint(ans)",
    ),
]

SCRIPTS = [
    Case("```python\nans = 9 * 2\n```", "ans = 9 * 2"),
    Case("```\nans = 9 * 2\n```", "ans = 9 * 2"),
    Case("```python\nprint(9 * 2)\n```", "print(9 * 2)"),
    Case(f"```python\n{CLASS}\n```", CLASS),
    Case("ans = 9 * 2", "ans = 9 * 2"),
    Case("```python\nprint(9 * 2)\n```\nprints\n```python\n18\n```", "print(9 * 2)"),
    Case("```python\n>>> print(9 * 2)\n18\n```", "print(9 * 2)"),
    Case("```\nx: int = 9\nprint(x)\n```", "x: int = 9\nprint(x)"),
    Case("The income:\n\neggs = 16 - 7\nprint(eggs * 2)\n", "eggs = 16 - 7\nprint(eggs * 2)"),
]

BARE = [
    Case(GOOD, GOOD),
    Case(f"Here is the program:\n\n{GOOD}\n\nIt multiplies the eggs by 2.", GOOD),
    Case(f"{GOOD}\n\nThis function returns the income, 18.", GOOD),
    Case(
        f"import math\n\n{GOOD}\n\nprint(solution())", f"import math\n\n{GOOD}\n\nprint(solution())"
    ),
    Case(f"First hop:\n\n{HOP}\n\nSecond hop:\n\n{CHAIN}", f"{HOP}\n\n{CHAIN}"),
    Case(f"Sure!\n\n{CUT}", CUT),
]

OPENED = [
    Case(f"{GOOD}\n```", GOOD, opened=True),
    Case(f"\n{GOOD}\n```\n\nQuestion: next\n```python\n{CHAIN}\n```", GOOD, opened=True),
    Case(f"```python\n{GOOD}\n```", GOOD, opened=True),
    Case(GOOD, GOOD, opened=True),
    Case(f"{GOOD}\n\nQuestion: A shop sells 5 pens. How many?", GOOD, opened=True),
    Case(CUT, CUT, opened=True),
    Case(f"{HOP}\nNow the second hop.\n{CHAIN}\nDone.", f"{HOP}\n\n{CHAIN}", opened=True),
    Case(BROKEN, BROKEN, opened=True),
    Case(f"{GOOD}\n\n\ndef solve_q2():\n    x = 1 + (", GOOD, opened=True),
    Case(f"{HOP}\n\n{CHAIN}\n\nprint('The ans", f"{HOP}\n\n{CHAIN}", opened=True),
    Case("```", None, opened=True),
]

NOTHING = [
    Case("", None),
    Case("The answer is 18.", None),
    Case("```\n18\n```", None),
    Case("```output\nx = 18\n```", None),
    Case("For each day, she sells 9 eggs: that makes 18.", None),
    Case("# Step 1\n\nShe sells 9 eggs.\n\n# Step 2\n", None),
]

CASES = FENCES + SEVERAL + SCRIPTS + BARE + OPENED + NOTHING
