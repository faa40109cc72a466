"""Attacks on the sandboxes: see `catalogue` for what they are, `ground` for how they are tried."""
