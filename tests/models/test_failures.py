"""What a failed call means, from the exception's status, words and headers."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest

from reasongap.errors import (
    AuthFailed,
    BadRequest,
    ContextTooLong,
    ModelError,
    QuotaGone,
    RateLimited,
    Transient,
    UnknownModel,
)
from reasongap.models.failures import (
    is_refusal,
    retry_after,
    typed_error,
    unsupported_parameter,
)


class FailedError(Exception):
    def __init__(self, text: str = "words", status: int | None = None, **more: Any) -> None:
        super().__init__(text)
        self.status_code = status
        for name, value in more.items():
            setattr(self, name, value)


class ContextWindowExceededError(FailedError):
    pass


class ContentPolicyViolationError(FailedError):
    pass


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (FailedError(status=401), AuthFailed),
        (FailedError(status=403), AuthFailed),
        (FailedError(status=402), QuotaGone),
        (FailedError(status=404), UnknownModel),
        (FailedError(status=429), RateLimited),
        (FailedError(status=408), Transient),
        (FailedError(status=400), BadRequest),
        (FailedError(status=422), BadRequest),
        (FailedError(status=500), Transient),
        (FailedError(status=529), Transient),
        (FailedError(status=None), Transient),
        (FailedError(status=429, body={"code": "insufficient_quota"}), QuotaGone),
        (FailedError(status=429, body={"type": "insufficient_quota"}), QuotaGone),
        (FailedError("You exceeded your current quota", 429), RateLimited),
        (FailedError("Your credit balance is too low to access", 400), QuotaGone),
        (FailedError("maximum context length is 4096 tokens", 400), ContextTooLong),
        (FailedError("maximum context length is 4096 tokens", 500), Transient),
        (ContextWindowExceededError(), ContextTooLong),
        (FailedError("LLM Provider NOT provided", 400), UnknownModel),
    ],
)
def test_an_exception_becomes_the_error_it_stands_for(
    error: FailedError, kind: type[ModelError]
) -> None:
    assert type(typed_error(error, "m")) is kind


def test_a_model_error_among_the_causes_is_returned_as_it_is() -> None:
    own = ContextTooLong("m", "too long")
    try:
        try:
            raise own
        except ContextTooLong:
            raise FailedError("wrapped", 500)  # noqa: B904 (the library does not say `from` either)
    except FailedError as error:
        assert typed_error(error, "m") is own


def test_a_missing_key_names_the_variable_to_set() -> None:
    refused = typed_error(FailedError("Incorrect API key", 401), "m", ("OPENAI_API_KEY",))
    unsent = typed_error(FailedError("Missing credentials.", 500), "m", ("OPENAI_API_KEY",))
    assert str(refused) == str(unsent) == "m: no key: set OPENAI_API_KEY in the environment"
    assert type(refused) is type(unsent) is AuthFailed


def test_a_refused_key_says_so_where_one_is_set() -> None:
    assert "the key is refused (bad key)" in str(typed_error(FailedError("bad key", 401), "m"))


def test_the_message_is_one_short_line_without_the_library_s_prefixes() -> None:
    text = "litellm.BadRequestError: OpenAIException - too\nbad" + " x" * 600
    why = typed_error(FailedError(text + " Traceback (most recent call last): …", 400), "m").why
    assert why.startswith("too bad x")
    assert len(why) <= 501
    assert "\n" not in why


class Response:
    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (FailedError(response=Response({"Retry-After": "7"})), 7.0),
        (FailedError(response=Response({"retry-after": "0.5"})), 0.5),
        (FailedError(litellm_response_headers={"Retry-After-Ms": "250", "Retry-After": "9"}), 0.25),
        (FailedError(response=Response({"Retry-After": formatdate(1_000_030, usegmt=True)})), 30.0),
        (FailedError(response=Response({"Retry-After": formatdate(999_000, usegmt=True)})), 0.0),
        (FailedError(response=Response({"Retry-After": "soon"})), None),
        (FailedError(response=Response({"Retry-After": "nan"})), None),
        (FailedError("Please try again in 7.66s. Visit"), 7.66),
        (FailedError("try again in 20ms."), 0.02),
        (FailedError('"retryDelay": "17s"'), 17.0),
        (FailedError("slow down", response=Response({})), None),
    ],
)
def test_the_wait_is_read_from_headers_and_words(error: FailedError, seconds: float | None) -> None:
    assert retry_after(error, now=1_000_000) == seconds


def test_a_policy_violation_is_a_refusal_and_a_bad_request_is_not() -> None:
    assert is_refusal(ContentPolicyViolationError())
    assert is_refusal(FailedError(status=400, body={"code": "content_filter"}))
    assert not is_refusal(FailedError(status=400, body={"code": "invalid_value"}))


def test_what_the_provider_wrote_is_read_from_the_message_where_it_stands_nowhere_else() -> None:
    wrote = (
        'litellm.BadRequestError: FooException - {"error": {"message": "no %s", "code": "%s"%s}}'
    )
    assert is_refusal(FailedError(wrote % ("way", "content_filter", ""), 400))
    refused = FailedError(wrote % ("stop", "unsupported_parameter", ', "param": "stop"'), 400)
    assert unsupported_parameter(refused) == "stop"
    assert str(typed_error(refused, "m")) == "m: no stop"
    assert not is_refusal(FailedError('FooException - {"error": {"code": "content_fil', 400))


def test_the_provider_s_refusal_of_a_parameter_names_it() -> None:
    refused = FailedError(status=400, body={"code": "unsupported_parameter", "param": "stop"})
    assert unsupported_parameter(refused) == "stop"
    assert (
        unsupported_parameter(FailedError(status=400, body={"code": "x", "param": "stop"})) is None
    )
    assert unsupported_parameter(FailedError(status=400, body="text")) is None
