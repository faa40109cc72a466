"""The reasoning gap of the embedded model, chain of thought against program of thought.

Run it: python examples/quickstart.py [N]
"""

import sys

import rich

from reasongap import compare

n = int(sys.argv[1]) if len(sys.argv) > 1 else 10
comparison = compare("local/smollm2-135m", ["cot", "pot"], n=n)
rich.print(comparison)

gap = comparison.gap("local/smollm2-135m", "pot")
low, high = gap.delta_ci
print(f"Δ of program of thought: {gap.delta:+.2f}, 95% interval {low:+.2f} to {high:+.2f}")
print(f"every answer: {comparison.folder}/records.jsonl")
