"""What a failed call means: the typed error for an exception of the provider library.

Works from what such exceptions carry (a status code, a class name, a message, the
response's headers), so that it needs no provider library itself.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime

from reasongap.errors import (
    AuthFailed,
    BadRequest,
    ContextTooLong,
    ModelError,
    QuotaGone,
    RateLimited,
    Transient,
    UnknownModel,
    Unreachable,
)

_QUOTA = re.compile(
    r"insufficient_quota|credit balance is too low|insufficient balance|billing.hard.limit", re.I
)
_CONTEXT = re.compile(
    r"context.length|context.window|context size|exceed_context_size|maximum.context|"
    r"prompt is too long|input token count .* exceeds",
    re.I,
)
_NO_KEY = re.compile(r"missing (?:credentials|\w+ api key)|no api key", re.I)
_NO_PROVIDER = re.compile(r"LLM Provider NOT provided|Unmapped LLM provider", re.I)
_WAIT = re.compile(r"(?:try again in|retryDelay\W+)\s*([\d.]+)\s*(ms|s)\b", re.I)

_NO_CONNECTION = frozenset({"ConnectError", "ConnectTimeout"})
_POLICY = frozenset({"content_filter", "content_policy_violation"})
_LONGEST = 500


def typed_error(error: BaseException, model: str, missing: tuple[str, ...] = ()) -> ModelError:
    """The member of the error tree that `error`, raised by a call to `model`, stands for.

    `missing` names the environment variables that the provider's key is looked for in and
    not found. A `ModelError` anywhere in the chain of causes is returned as it is, and httpx's
    failure to connect is `Unreachable`. What cannot be placed is `Transient`: a failure without
    a status comes from the line.
    """
    for cause in _causes(error):
        if isinstance(cause, ModelError):
            return cause
        if type(cause).__name__ in _NO_CONNECTION:
            return Unreachable(model, re.sub(r" ssl:<[^>]*>", "", _summary(cause)))
    why = _summary(error)
    return _by_words(error, model, why, missing) or _by_status(error, model, why, missing)


def _by_words(
    error: BaseException, model: str, why: str, missing: tuple[str, ...]
) -> ModelError | None:
    """Failures that providers report under several statuses, told by what they say."""
    text, kind = f"{error} {_code(error)}", type(error).__name__
    bad_request = getattr(error, "status_code", None) == 400
    if kind == "ContextWindowExceededError" or (bad_request and _CONTEXT.search(text)):
        return ContextTooLong(model, why)
    if _QUOTA.search(text):
        return QuotaGone(model, f"no credit left ({why}). Add some, then resume the run")
    if missing and _NO_KEY.search(text):
        return AuthFailed(model, _auth(why, missing))
    if _NO_PROVIDER.search(text):
        return UnknownModel(model, "no such provider; names look like openai/gpt-4o-mini")
    return None


def _by_status(error: BaseException, model: str, why: str, missing: tuple[str, ...]) -> ModelError:
    match getattr(error, "status_code", None):
        case 401 | 403:
            return AuthFailed(model, _auth(why, missing))
        case 402:
            return QuotaGone(model, f"payment is required ({why}). Resume the run after it")
        case 404:
            return UnknownModel(model, why)
        case 429:
            return RateLimited(model, why, retry_after(error))
        case 408 | 409 | 425:
            return Transient(model, why)
        case int(status) if 400 <= status < 500:
            return BadRequest(model, why)
    return Transient(model, why)


def is_refusal(error: BaseException) -> bool:
    """Whether the provider declined to answer this prompt, rather than failed to."""
    return type(error).__name__ == "ContentPolicyViolationError" or _code(error) in _POLICY


def unsupported_parameter(error: BaseException) -> str | None:
    """The parameter that the provider says it does not take, None for other errors."""
    body = _body(error)
    return str(body.get("param")) if _code(error).startswith("unsupported") else None


def retry_after(error: BaseException, now: float | None = None) -> float | None:
    """Seconds that the provider asks to wait, None where it names none.

    Read from the headers `retry-after-ms` and `retry-after` (seconds or a date), else from
    the message. `now` is Unix time, for dates.
    """
    headers = _headers(error)
    if (value := _number(headers.get("retry-after-ms"))) is not None:
        return value / 1000
    after = headers.get("retry-after")
    if (value := _number(after)) is not None:
        return value
    if after is not None:
        try:
            when = parsedate_to_datetime(after).timestamp()
        except ValueError:
            return None
        return max(0.0, when - (time.time() if now is None else now))
    if found := _WAIT.search(str(error)):
        return float(found[1].rstrip(".")) / (1000 if found[2].lower() == "ms" else 1)
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _body(error: BaseException) -> Mapping[str, object]:
    """What the provider wrote about the error: on one of the causes, or in the message."""
    for cause in _causes(error):
        body = getattr(cause, "body", None)
        if isinstance(body, Mapping):
            return body
    return _written(str(error))


def _written(text: str) -> Mapping[str, object]:
    """The JSON within a message; for many providers the library keeps it nowhere else."""
    try:
        body, _ = json.JSONDecoder().raw_decode(text, max(0, text.find("{")))
    except ValueError:
        return {}
    inner = body.get("error", body) if isinstance(body, dict) else {}
    return inner if isinstance(inner, dict) else {}


def _code(error: BaseException) -> str:
    """The provider's own word for the error, such as insufficient_quota; "" without one."""
    return str(_body(error).get("code") or _body(error).get("type") or "")


def _headers(error: BaseException) -> Mapping[str, str]:
    response = getattr(error, "response", None)
    of_library = getattr(error, "litellm_response_headers", None)
    for headers in (of_library, getattr(response, "headers", None)):
        if headers and any(str(name).lower().startswith("retry-after") for name in headers):
            return {str(name).lower(): str(value) for name, value in headers.items()}
    return {}


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    return value if value is None or 0 <= value < float("inf") else None


def _summary(error: BaseException) -> str:
    """The message on one line, without the library's own prefixes, cut to a length."""
    said = str(_written(str(error)).get("message") or error)
    text = " ".join(said.partition("Traceback (most")[0].split())
    text = re.sub(r"^(?:(?:litellm\.)?\w+(?:Error|Timeout): ?|\w+Exception - )*", "", text)
    return (text[:_LONGEST] + "…" if len(text) > _LONGEST else text) or type(error).__name__


def _auth(why: str, missing: tuple[str, ...]) -> str:
    if missing:
        return f"no key: set {', '.join(missing)} in the environment"
    return f"the key is refused ({why})"
