"""What models are asked: prompts and exemplars as text files, and their loader."""

from reasongap.prompts.loader import Exemplar, Prompt, PromptFile, WorkedHop, load_prompt

__all__ = ["Exemplar", "Prompt", "PromptFile", "WorkedHop", "load_prompt"]
