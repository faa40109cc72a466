"""Checkpoints that transformers runs in this process: found, hashed, loaded, asked in batches."""
