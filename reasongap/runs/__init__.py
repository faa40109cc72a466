"""Runs: a study carried out, its replies kept, its records in a folder."""
