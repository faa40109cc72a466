"""The weights that `reasongap models pull` brings, as a folder that transformers can train.

Run it: python examples/trajectory/base.py work/base
"""

import sys
from pathlib import Path

from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from reasongap.models.local.weights import pull

folder = Path(sys.argv[1])
weights = pull("smollm2-135m")
model = AutoModelForCausalLM.from_pretrained(
    weights.parent,
    gguf_file=weights.name,
    quantization_config=GgufConfig(dequantize=True),
    dtype="bfloat16",
)
model.save_pretrained(folder)
AutoTokenizer.from_pretrained(weights.parent, gguf_file=weights.name).save_pretrained(folder)
print(f"{weights} is now {folder}")
