"""Everything that reasongap raises on purpose, in one tree.

    ReasongapError                 exit 5
    ├── UsageError                 exit 2   what the user asked for cannot be done
    │   ├── UnknownName                     no such model, strategy, sandbox, source …
    │   │   └── NotCompared                 a comparison holds no such model or strategy
    │   ├── BadRow                          a row of a file that cannot be read
    │   ├── BadFile                         a file that is missing, empty or unwritable
    │   ├── BadPlugin                       another package's part that cannot be loaded
    │   ├── BadSpecification                a composed strategy name that cannot be read
    │   ├── ConditionsChanged               a run folder made under other conditions
    │   └── SolverFailed                    a strategy raised what it should not
    ├── NoGap                      exit 4   no composition was answered in full
    ├── BudgetStop                 exit 3   the next call would pass a limit of the user's
    ├── Interrupted                exit 130 the user stopped the run: it can be resumed
    ├── EnvironmentBroken          exit 5   this machine lacks something
    │   ├── MissingExtra                    an optional dependency is not installed
    │   ├── DownloadFailed                  weights or data cannot be fetched
    │   ├── DiskFailed                      a file fails while the work is under way
    │   ├── WorkerGone                      what a worker was doing is lost with it
    │   └── SandboxUnavailable              the sandbox is broken (never: the program failed)
    └── ModelError                 exit 5   a call to a model failed
        ├── RateLimited                     retry after a while
        ├── Transient                       the server or the line failed; retry
        │   └── Unreachable                 no connection came about: nothing was sent
        ├── EndpointDead                    no call has reached it: stops the run, resumable
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
from typing import Literal


class ReasongapError(Exception):
    """Root of the tree; `exit_code` is what the command line ends with."""

    exit_code = 5

    def __reduce__(self) -> tuple[object, ...]:
        # By its values: to be made anew, a member would need its own arguments.
        return _unpickled, (type(self), self.args, self.__dict__)


def _unpickled(
    kind: type[ReasongapError], args: tuple[object, ...], values: dict[str, object]
) -> ReasongapError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(values)
    return error


class UsageError(ReasongapError):
    """The request itself is wrong: an argument, a file, a combination."""

    exit_code = 2


class UnknownName(UsageError):
    """`name` is not one of the `known` names of its `kind`."""

    def __init__(self, kind: str, name: str, known: Iterable[str], remedy: str = "") -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        near = difflib.get_close_matches(name, self.known, n=1, cutoff=0.5)
        hint = (
            f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(self.known) or 'none'}."
        )
        super().__init__(f"unknown {kind} {name!r}.{hint}{' ' + remedy if remedy else ''}")


class NotCompared(UnknownName, KeyError):
    """A comparison was asked for what it does not hold; a `KeyError` too."""

    __str__ = Exception.__str__  # that of KeyError puts the message in quotes


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


class BadPlugin(UsageError):
    """The part `name` that `origin` brings cannot be used; `error` says why."""

    def __init__(self, name: str, origin: str, error: Exception | str) -> None:
        self.name, self.origin = name, origin
        why = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
        super().__init__(f"{name!r} of {origin} cannot be used: {why}. Mend or uninstall it")


class BadSpecification(UsageError):
    """The strategy `text` cannot be read; `position` counts characters from 1."""

    def __init__(self, text: str, position: int, why: str) -> None:
        self.text, self.position, self.why = text, position, why
        super().__init__(f"strategy {text!r}, character {position}: {why}")


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


class NoGap(ReasongapError):
    """No composition of the run in `folder` was answered in full; `notes` say why."""

    exit_code = 4

    def __init__(self, folder: str, notes: Iterable[str]) -> None:
        self.folder, self.notes = folder, tuple(notes)
        why = "; ".join(self.notes) or "nothing was asked"
        super().__init__(
            f"{folder} holds no composition that was answered in full, so there is no gap: {why}. "
            "The same call with this folder as `out` asks again what failed"
        )


class BudgetStop(ReasongapError):
    """The next call might pass a `limit` of which `spent` is gone: it may take `most`.

    `unit` is "$" or "tokens", `option` the command line's name for the limit.
    """

    exit_code = 3

    def __init__(
        self, unit: Literal["$", "tokens"], limit: float, spent: float, most: float
    ) -> None:
        self.unit, self.limit, self.spent, self.most = unit, limit, spent, most
        if unit == "$":
            self.option, gone, needed = "--budget", f"${spent:.4g}", f"${most:.4g}"
        else:
            self.option, gone = "--max-output-tokens-total", f"{spent:,.0f} tokens of replies"
            needed = f"{most:,.0f}"
        super().__init__(
            f"{self.option} {limit:g} allows no further call: {gone} are spent, and the next call "
            f"may take {needed}. What was answered is kept. Raise the limit to go on"
        )


class Interrupted(ReasongapError):
    """The user stopped the run; what was answered is in its folder."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__("stopped; what was answered is kept")


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


class DiskFailed(EnvironmentBroken):
    """The file `path` failed while the work was under way, on a full disk say; `why` says how."""

    def __init__(self, path: str, why: str, remedy: str) -> None:
        self.path, self.why = path, why
        super().__init__(f"{path}: {why}. {remedy}")


class WorkerGone(EnvironmentBroken):
    """A worker of the engine is gone, and with it whatever it was doing. It may be done again."""


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


class Unreachable(Transient):
    """No connection to the server came about: nothing was sent."""


class EndpointDead(ModelError):
    """A call used up its tries without a connection, and none before it had one.

    Stops the run; it can be resumed.
    """


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
