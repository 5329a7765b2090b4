"""Every error as a problem (RFC 9457): what it is, what to do, and nothing about a person.

| member  | what |
|---------|------|
| type    | `urn:wayhome:problem:<code>`; stable |
| title   | the code in words |
| status  | the HTTP status |
| detail  | what this kind of error means, and what to do |
| code    | the first reason |
| codes   | every reason of a refusal |
| fields  | field -> code of what is wrong with it |
| changes | field -> `{"read": ..., "now": ...}`: what somebody else changed meanwhile |
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from wayhome.casework.core.errors import CaseworkError, Conflict, Invalid, Refused

CONTENT_TYPE = "application/problem+json"
log = logging.getLogger("wayhome.api")

_DETAILS: Mapping[int, str] = {
    400: "The request cannot be read.",
    401: "Show a valid token: `Authorization: Bearer <secret>`.",
    403: "This person, or this token, may not do this.",
    404: "There is no such thing for this person.",
    405: "This address does not take this method; see the Allow header.",
    409: "The state of the case does not allow it. A gate is never overridden: change what stands against it.",
    413: "The body is larger than is taken.",
    422: "Some fields cannot be used; `fields` names them.",
    500: "Something broke here. Nothing of the request was carried out; it can be sent again with the same Idempotency-Key.",
}
_OWN_DETAILS: Mapping[str, str] = {
    "step_up": "A person must sign in once more for this; a token never can.",
    "changed_meanwhile": "The record changed since it was read. `changes` tells what; read it again, then decide.",
    "key_reused": "This Idempotency-Key came before with another body. A new request wants a new key.",
    "scope": "The token was not given the scope for this.",
}


def problem(status: int, code: str, **more: Any) -> JsonResponse:
    """A problem as an answer."""
    body = {
        "type": f"urn:wayhome:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": _OWN_DETAILS.get(code) or _DETAILS.get(status, "The request was not carried out."),
        "code": code,
    }
    answer = JsonResponse(body | more, status=status, content_type=CONTENT_TYPE)
    answer["Cache-Control"] = "no-store"
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def told(error: CaseworkError) -> dict[str, Any]:
    """What `problem` is given for an error of the casework; plain values, to be kept with an idempotency key."""
    more: dict[str, Any] = {"status": error.status, "code": error.code}
    if isinstance(error, Refused):
        more["codes"] = list(error.codes)
    if isinstance(error, Invalid):
        more["fields"] = error.fields
    if isinstance(error, Conflict):
        more["changes"] = {field: {"read": _plain(read), "now": _plain(now)} for field, (read, now) in error.changes.items()}
    if error.code == "scope":
        more["scope"] = error.data["scope"]
    return more


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def of_casework(request: HttpRequest, error: CaseworkError) -> HttpResponse:
    """What the casework refused."""
    return problem(**told(error))


def of_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A body or query that does not fit its schema: which fields and why; what was sent is not repeated."""
    return problem(422, "invalid", fields={_field(one["loc"]): str(one["type"]) for one in error.errors})


def _field(place: Sequence[str | int]) -> str:
    """A field as its writer knows it: without where in the request it stood."""
    parts = list(place[2:] if tuple(place[:2]) == ("body", "body") else place[1:])
    return ".".join(map(str, parts)) or "body"


def of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses: no token, a body that is no JSON."""
    code = {400: "unreadable", 401: "no_token", 403: "forbidden", 413: "too_large", 429: "too_many"}
    return problem(error.status_code, code.get(error.status_code, "http"))


def of_size(request: HttpRequest, error: Exception) -> HttpResponse:
    """A body that is too large."""
    return problem(413, "too_large")


def of_suspicion(request: HttpRequest, error: Exception) -> HttpResponse:
    """A request that no honest client sends."""
    return problem(400, "unreadable")


def of_404(request: HttpRequest, error: Exception) -> HttpResponse:
    """No such address."""
    return problem(404, "not_found")


def of_bug(request: HttpRequest, error: Exception) -> HttpResponse:
    """A mistake in the house. The log gets its kind and place; its message may hold what somebody typed, and is left out."""
    frames = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-6:]]
    log.error("unexpected %s at %s", type(error).__name__, " > ".join(frames))
    return problem(500, "unexpected")


def register(api: NinjaAPI) -> None:
    """Hand every error of the API to its function."""
    api.add_exception_handler(CaseworkError, of_casework)  # type: ignore[arg-type]
    api.add_exception_handler(ValidationError, of_validation)  # type: ignore[arg-type]
    api.add_exception_handler(HttpError, of_http)  # type: ignore[arg-type]
    api.add_exception_handler(RequestDataTooBig, of_size)  # type: ignore[arg-type]
    api.add_exception_handler(SuspiciousOperation, of_suspicion)  # type: ignore[arg-type]
    api.add_exception_handler(Http404, of_404)  # type: ignore[arg-type]
    api.add_exception_handler(Exception, of_bug)  # type: ignore[arg-type]
