"""Parts for reasongap, each under its entry point in pyproject.toml."""
