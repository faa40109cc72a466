"""Attacks on the sandboxes: see `catalogue` for what they are, `range` for how they are tried."""
