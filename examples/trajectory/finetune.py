"""LoRA on a CPU with transformers' own Trainer, which leaves a checkpoint-N at chosen steps.

Run it: python examples/trajectory/finetune.py work/base work/human.jsonl --out work/human
"""

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    DataCollatorForSeq2Seq,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)


class SaveAt(TrainerCallback):  # type: ignore[misc] # transformers is not type-checked
    """Saves at these steps."""

    def __init__(self, steps: list[int]) -> None:
        self.steps = steps

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Ask for a checkpoint where this step is one of them."""
        control.should_save = state.global_step in self.steps


def tokens(tokenizer: Any, line: str) -> dict[str, list[int]]:
    """A row as tokens; only those of the reply, and the end after it, are to be learned."""
    row = json.loads(line)
    prompt = tokenizer(row["prompt"])["input_ids"]
    reply = [*tokenizer(row["reply"], add_special_tokens=False)["input_ids"]]
    reply.append(tokenizer.eos_token_id)
    return {
        "input_ids": prompt + reply,
        "attention_mask": [1] * len(prompt + reply),
        "labels": [-100] * len(prompt) + reply,
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("base", type=Path)
    options.add_argument("data", type=Path)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--steps", type=int, nargs="+", default=[4, 8, 16, 32, 64])
    options.add_argument("--batch", type=int, default=8)
    options.add_argument("--rate", type=float, default=5e-4)
    options.add_argument("--threads", type=int, default=1)
    given = options.parse_args()

    torch.set_num_threads(given.threads)
    tokenizer: Any = AutoTokenizer.from_pretrained(given.base)
    base: Any = AutoModelForCausalLM.from_pretrained(given.base.resolve())
    lora = LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM")
    rows: Any = [tokens(tokenizer, line) for line in given.data.read_text().splitlines()]
    Trainer(
        model=get_peft_model(base, lora),
        args=TrainingArguments(
            output_dir=str(given.out),
            max_steps=max(given.steps),
            save_strategy="no",
            per_device_train_batch_size=given.batch,
            learning_rate=given.rate,
            lr_scheduler_type="constant",
            logging_steps=max(1, min(given.steps)),
            report_to="none",
            dataloader_pin_memory=False,
            seed=0,
        ),
        train_dataset=rows,
        data_collator=DataCollatorForSeq2Seq(tokenizer),
        processing_class=tokenizer,
        callbacks=[SaveAt(given.steps)],
    ).train()


if __name__ == "__main__":
    main()
