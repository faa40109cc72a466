"""Models that run in this process: their weights, their engine, and LiteLLM's way to it."""

from __future__ import annotations

from reasongap.models.local.weights import WEIGHTS, Weights, default_cache, installed, pull, remove

__all__ = ["WEIGHTS", "Weights", "default_cache", "installed", "pull", "remove"]
