"""Answers: the numbers and programs in replies, equality, and the outcome of an attempt."""

from reasongap.answers.code import find_program, lacks_solution
from reasongap.answers.execution import EXECUTION_RULES, read_execution
from reasongap.answers.numbers import TOLERANCE, format_number, parse_number, same
from reasongap.answers.outcome import Grade, Scored, grade, score_response
from reasongap.answers.reading import Reading
from reasongap.answers.reply import parts, without_thinking
from reasongap.answers.rules import Rule, open_rule, read_with, rule_names
from reasongap.answers.text import TEXT_RULES, read_text

__all__ = [
    "EXECUTION_RULES",
    "TEXT_RULES",
    "TOLERANCE",
    "Grade",
    "Reading",
    "Rule",
    "Scored",
    "find_program",
    "format_number",
    "grade",
    "lacks_solution",
    "open_rule",
    "parse_number",
    "parts",
    "read_execution",
    "read_text",
    "read_with",
    "rule_names",
    "same",
    "score_response",
    "without_thinking",
]
