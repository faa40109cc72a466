"""Everything that reasongap raises on purpose, in one tree.

    ReasongapError                 exit 5
    ├── UsageError                 exit 2   what the user asked for cannot be done
    │   ├── UnknownName                     no such model, strategy, sandbox, source …
    │   ├── BadRow                          a row of a file that cannot be read
    │   ├── BadFile                         a file that is missing, empty or unwritable
    │   ├── ConditionsChanged               a run folder made under other conditions
    │   └── SolverFailed                    a strategy raised what it should not
    ├── EnvironmentBroken          exit 5   this machine lacks something
    │   ├── MissingExtra                    an optional dependency is not installed
    │   ├── DownloadFailed                  weights or data cannot be fetched
    │   └── SandboxUnavailable              the sandbox is broken (never: the program failed)
    └── ModelError                 exit 5   a call to a model failed
        ├── RateLimited                     retry after a while
        ├── Transient                       the server or the line failed; retry
        ├── ContextTooLong                  the prompt does not fit: an outcome, not a fault
        ├── AuthFailed                      wrong or missing key: stops the run
        ├── QuotaGone                       no credit left: stops the run, resumable
        ├── UnknownModel                    the provider has no such model: stops the run
        └── BadRequest                      the provider refuses the request as it stands

Each carries the offending values as attributes and says what to do next.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ReasongapError(Exception):
    """Root of the tree; `exit_code` is what the command line ends with."""

    exit_code = 5


class UsageError(ReasongapError):
    """The request itself is wrong: an argument, a file, a combination."""

    exit_code = 2


class UnknownName(UsageError):
    """`name` is not one of the `known` names of its `kind`."""

    def __init__(self, kind: str, name: str, known: Iterable[str], remedy: str = "") -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        near = difflib.get_close_matches(name, self.known, n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(self.known)}."
        super().__init__(f"unknown {kind} {name!r}.{hint}{' ' + remedy if remedy else ''}")


class BadRow(UsageError):
    """Row `line` (from 1) of `path` cannot be read; `why` says what is wrong with it."""

    def __init__(self, path: str, line: int, why: str, remedy: str = "") -> None:
        self.path, self.line, self.why = path, line, why
        super().__init__(f"{path}, row {line}: {why}{'. ' + remedy if remedy else ''}")


class BadFile(UsageError):
    """The file or folder `path` cannot be used; `why` says what is wrong with it."""

    def __init__(self, path: str, why: str, remedy: str = "") -> None:
        self.path, self.why = path, why
        super().__init__(f"{path}: {why}{'. ' + remedy if remedy else ''}")


class ConditionsChanged(UsageError):
    """The run folder `path` was made under other conditions: `differences` by name."""

    def __init__(self, path: str, differences: dict[str, tuple[object, object]]) -> None:
        self.path, self.differences = path, differences
        listed = "; ".join(
            f"{name}: there {old!r}, now {new!r}" for name, (old, new) in differences.items()
        )
        super().__init__(
            f"{path} holds a run under other conditions ({listed}). "
            "Use the same settings to go on with it, or another --out folder."
        )


class SolverFailed(UsageError):
    """The strategy `solver` raised something of its own; `question` names where."""

    def __init__(self, solver: str, question: str, error: Exception) -> None:
        self.solver, self.question = solver, question
        super().__init__(
            f"strategy {solver!r} failed on {question}: {type(error).__name__}: {error}. "
            "Mend it and run the same command again: the records so far are kept"
        )


class EnvironmentBroken(ReasongapError):
    """What the request needs is lacking on this machine."""

    exit_code = 5


class MissingExtra(EnvironmentBroken):
    """The optional dependency group `extra` is needed for `purpose` and not installed."""

    def __init__(self, extra: str, purpose: str) -> None:
        self.extra, self.purpose = extra, purpose
        super().__init__(f"{purpose} needs the extra {extra!r}: pip install 'reasongap[{extra}]'")


class DownloadFailed(EnvironmentBroken):
    """Something could not be fetched; the message gives the steps to do by hand."""


class SandboxUnavailable(EnvironmentBroken):
    """The sandbox itself is broken. A program's failure is an `Execution`, not this."""


class ModelError(ReasongapError):
    """A call to a model failed. `model` is its name."""

    def __init__(self, model: str, why: str) -> None:
        self.model, self.why = model, why
        super().__init__(f"{model}: {why}")


class RateLimited(ModelError):
    """Too many requests; `retry_after` is in seconds, None where the provider named none."""

    def __init__(self, model: str, why: str, retry_after: float | None = None) -> None:
        super().__init__(model, why)
        self.retry_after = retry_after


class Transient(ModelError):
    """The server, the line or the clock failed; the same call may succeed later."""


class ContextTooLong(ModelError):
    """The prompt does not fit the model's context. Graded as an outcome of its own."""


class AuthFailed(ModelError):
    """The key is wrong or missing. Stops the run at once."""


class QuotaGone(ModelError):
    """The account has no credit left. Stops the run; it can be resumed."""


class UnknownModel(ModelError):
    """The provider has no such model. Stops the run at once."""

    exit_code = 2


class BadRequest(ModelError):
    """The provider refuses the request as it stands; sending it again will not help."""
