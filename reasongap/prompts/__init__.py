"""What models are asked: prompts and exemplars as text files, and their loader."""

from reasongap.prompts.files import DEFAULT, Exemplar, PromptFile, WorkedHop
from reasongap.prompts.loader import (
    Texts,
    exemplar_sets,
    load_prompt,
    prompt_names,
    read_folder,
)
from reasongap.prompts.prompt import Prompt

__all__ = [
    "DEFAULT",
    "Exemplar",
    "Prompt",
    "PromptFile",
    "Texts",
    "WorkedHop",
    "exemplar_sets",
    "load_prompt",
    "prompt_names",
    "read_folder",
]
