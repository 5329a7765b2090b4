"""The API as a whole: its description, its routes, and what it answers where there is no route."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from ninja import NinjaAPI, Router

from wayhome.api import errors
from wayhome.api.auth import SCOPES
from wayhome.api.routes import (
    alarms,
    announcements,
    audit,
    calendars,
    candidates,
    capacity,
    care,
    children,
    clues,
    costs,
    custody,
    days,
    exclusions,
    families,
    foster,
    investigations,
    joint,
    kits,
    lab_files,
    lists,
    me,
    medical,
    merges,
    ministry,
    numbers,
    operations,
    partner_changes,
    partners,
    persons,
    placements,
    plans,
    releases,
    request_duplicates,
    returns,
    trees,
    victims,
)

View = Callable[..., HttpResponse]
_TEXT = """Brings rescued children home: families who look for them, registration, custody, exclusions, observation, foster care,
audit.

**Errors** are problems (RFC 9457, `application/problem+json`) with a stable `code`; a refusal lists every reason in `codes`.
A row that the caller has no need to know of answers 404, as one that is not there.
**Writes** take an `Idempotency-Key`. **Lists** come in pages without a total. **Moments** carry their offset.
Reading a child's file is an event that its auditors see.

| scope | what |
|---|---|
""" + "\n".join(f"| `{scope}` | {what} |" for scope, what in SCOPES.items())


class Api(NinjaAPI):
    """NinjaAPI whose every answer that is no success is a problem, where no route was found too."""

    def get_openapi_schema(self, **given: Any) -> Any:
        """OpenAPI 3.1, problems with their own type of content."""
        schema = super().get_openapi_schema(**given)
        for methods in schema["paths"].values():
            for operation in methods.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        answer["content"] = {errors.CONTENT_TYPE: answer["content"]["application/json"]}
        return schema

    def _get_urls(self) -> list[Any]:
        patterns = super()._get_urls()
        for pattern in patterns:
            pattern.callback = _with_problems(cast(View, pattern.callback))
        return patterns


def _with_problems(view: View) -> View:
    @functools.wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **kwargs)
        except Http404 as error:
            return errors.of_404(request, error)
        if isinstance(answer, HttpResponseNotAllowed):
            problem = errors.problem(405, "method_not_allowed")
            problem["Allow"] = answer["Allow"]
            return problem
        if "Cache-Control" not in answer:
            answer["Cache-Control"] = "no-store"
        return answer

    return answered


def _nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """No such address."""
    raise Http404


api = Api(title="wayhome", version="1", description=_TEXT, docs_url=None)
errors.register(api)
for part in (
    me,
    operations,
    investigations,
    victims,
    joint,
    days,
    clues,
    persons,
    children,
    merges,
    families,
    request_duplicates,
    trees,
    kits,
    lab_files,
    lists,
    announcements,
    ministry,
    partner_changes,
    calendars,
    partners,
    candidates,
    returns,
    releases,
    numbers,
    custody,
    capacity,
    costs,
    placements,
    plans,
    care,
    exclusions,
    foster,
    medical,
    alarms,
    audit,
):
    api.add_router("", part.router, tags=[part.__name__.rpartition(".")[2]])
# Last, so that it is looked at after every route.
_last = Router()
_last.api_operation(
    ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"], "/{path:rest}", auth=None, include_in_schema=False
)(_nowhere)
api.add_router("", _last)
