"""The command that asks a file of questions, for each harness."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.environments import python_of
from benchmarks.peers.harnesses.asked import CONNECTIONS

MODEL = "gpt-4o-mini"
TASK = "chained_questions"


@dataclass(frozen=True)
class Job:
    """What to ask of the server at a URL: so many compositions, in a file as we ask them.

    A composition is three questions, both hops and the chain, which others find in a file of
    theirs. The folder is the job's own.
    """

    compositions: int
    chains: Path
    file: Path
    url: str
    folder: Path


Command = Callable[[Job], Sequence[str]]


def ours(job: Job) -> Sequence[str]:
    """All of our run: estimate, asking, grading, records, table."""
    chains = ["-p", str(job.chains), "-n", str(job.compositions)]
    asking = ["-m", f"openai/{MODEL}", "-s", "cot", *chains, "--yes"]
    where = ["--api-base", job.url, "--max-connections", str(CONNECTIONS)]
    command = [sys.executable, "-m", "reasongap", "run", *asking, *where]
    return [*command, "--out", str(job.folder / "run"), "--format", "json"]


def loop(name: str) -> Command:
    """A bare loop, in our environment."""

    def command(job: Job) -> Sequence[str]:
        module = f"benchmarks.peers.harnesses.{name}"
        return [sys.executable, "-m", module, str(job.file), job.url]

    return command


def inspect(job: Job) -> Sequence[str]:
    """`inspect eval`, with the logs that it keeps as it comes."""
    task = f"{Path(__file__).parent / 'inspect_task.py'}@questions"
    model = ["--model", f"openai/{MODEL}", "--model-base-url", job.url, "--temperature", "0"]
    limits = ["--max-connections", str(CONNECTIONS), "--max-tokens", "1024", "--seed", "0"]
    command = [str(python_of("inspect-ai").with_name("inspect")), "eval", task, "-T"]
    logs = ["--display", "none", "--log-dir", str(job.folder / "logs")]
    return [*command, f"file={job.file}", *model, *limits, *logs]


def lm_eval(job: Job) -> Sequence[str]:
    """`lm_eval run` with its model for chat servers, and the samples that it keeps on demand."""
    task = {
        "task": TASK,
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": {"test": str(job.file)}},
        "test_split": "test",
        "output_type": "generate_until",
        "doc_to_text": "{{question}}",
        "doc_to_target": "{{answer}}",
        "generation_kwargs": {"until": [], "max_gen_toks": 1024, "do_sample": False},
        "filter_list": [{"name": "last", "filter": [{"function": "take_first"}]}],
        "metric_list": [{"metric": "exact_match"}],
    }
    (job.folder / f"{TASK}.yaml").write_text(json.dumps(task), encoding="utf-8")
    server = f"base_url={job.url}/chat/completions,model={MODEL},num_concurrent={CONNECTIONS}"
    model = ["--model", "local-chat-completions", "--model_args"]
    settings = f"{server},tokenizer_backend=None,tokenized_requests=False"
    command = [str(python_of("lm-eval").with_name("lm_eval")), "run", *model, settings]
    tasks = ["--apply_chat_template", "--tasks", TASK, "--include_path", str(job.folder)]
    return [*command, *tasks, "--output_path", str(job.folder / "out"), "--log_samples"]


COMMANDS: Mapping[str, Command] = {
    "aiohttp loop": loop("aiohttp_loop"),
    "litellm loop": loop("litellm_loop"),
    "reasongap": ours,
    "lm-evaluation-harness": lm_eval,
    "Inspect AI": inspect,
}
