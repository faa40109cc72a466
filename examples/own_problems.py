"""Problems of one's own: a JSON-lines file in GSM8K's form, chained and asked.

Run it: python examples/own_problems.py
"""

import json
import tempfile
from pathlib import Path

import rich

from reasongap import ScriptedModel, compare

THINGS = ["pens", "cups", "nails", "stamps", "coins", "shells", "beads", "seeds"]
folder = Path(tempfile.mkdtemp())
problems = folder / "problems.jsonl"
with problems.open("w") as file:
    for i, things in enumerate(THINGS):
        boxes, each = i + 3, i + 12
        total = boxes * each
        row = {
            "question": f"Each of {boxes} boxes holds {each} {things}. How many {things} is that?",
            "answer": f"There are {boxes} * {each} = <<{boxes}*{each}={total}>>{total} {things}.\n"
            f"#### {total}",
        }
        file.write(json.dumps(row) + "\n")

# Any LiteLLM name goes here; this model stands for one that always says 42.
model = ScriptedModel(lambda request: "Final answer: 42")
comparison = compare(model, ["cot"], str(problems), n=4, out=folder / "run")
rich.print(comparison)
