"""Errors with an HTTP status, and how every error becomes a JSON answer."""

from typing import ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException


class AgentError(Exception):
    """A refusal with its reason; `retry_after` is in whole seconds."""

    status: ClassVar[int]
    code: ClassVar[str]

    def __init__(self, detail: str, *, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after


class EmptyPrompt(AgentError):
    """The prompt has no text."""

    status, code = 400, "empty_prompt"


class Overloaded(AgentError):
    """The agent answers as many requests as it may at once."""

    status, code = 503, "overloaded"


class Draining(AgentError):
    """The agent is shutting down and takes no new streams."""

    status, code = 503, "draining"


class UpstreamUnavailable(AgentError):
    """The model upstream is down, too slow or out of quota: worth another try."""

    status, code = 503, "upstream_unavailable"


class UpstreamRejected(AgentError):
    """The model upstream refused the request or answered nonsense: a retry won't help."""

    status, code = 502, "upstream_rejected"


def install_error_handlers(app: FastAPI) -> None:
    """Answer every error as `{"error": code, "detail": reason}`."""
    app.add_exception_handler(AgentError, _agent_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected_error)


def error_response(
    status: int, code: str, detail: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    """The one shape of every error: a stable code and a reason for people."""
    return JSONResponse({"error": code, "detail": detail}, status, headers)


async def _agent_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AgentError)
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
    return error_response(error.status, error.code, error.detail, headers)


async def _invalid_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # Never the input itself: it may be long, private, or text that UTF-8 cannot carry.
    problems = [_problem(**problem) for problem in error.errors()]
    return error_response(422, "invalid_request", "; ".join(problems))


def _problem(type: str, loc: tuple[str | int, ...], msg: str, **_: object) -> str:
    if type == "json_invalid":
        return f"{loc[0]}: not JSON, at character {loc[1]}"
    return f"{'.'.join(str(part) for part in loc)}: {msg}"


_HTTP_ERRORS: dict[int, tuple[str, str | None]] = {
    400: ("malformed_body", "the body is not JSON that can be read"),
    404: ("not_found", "there is nothing at this path; /docs lists the endpoints"),
    405: ("method_not_allowed", "this path has other methods; see the Allow header"),
    413: ("body_too_large", None),
}


async def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code, detail = _HTTP_ERRORS.get(error.status_code, ("http_error", None))
    headers = dict(error.headers) if error.headers else None
    return error_response(error.status_code, code, detail or error.detail, headers)


async def _unexpected_error(_: Request, __: Exception) -> JSONResponse:
    return error_response(
        500, "internal_error", "the agent failed; its log says why", {"Connection": "close"}
    )
