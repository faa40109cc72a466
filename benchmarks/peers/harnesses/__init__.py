"""The same questions through other harnesses, and through bare loops."""
