"""Pages for what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from wayhome.casework.core.errors import CaseworkError, Invalid, NotFound
from wayhome.web.messages import Sentence, sentences


def refused(request: HttpRequest, error: CaseworkError) -> HttpResponse:
    """A refusal that no form caught: its sentences, and its status."""
    codes = list(error.fields.values()) if isinstance(error, Invalid) else list(getattr(error, "codes", (error.code,)))
    title = _("Not found") if isinstance(error, NotFound) else _("This was refused")
    return _page(request, title, sentences(codes), error.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """400."""
    return _page(request, _("This cannot be read"), sentences(["invalid"]), 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """403."""
    return _page(request, _("This was refused"), sentences(["not_allowed"]), 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404."""
    return _page(request, _("Not found"), sentences(["not_found"]), 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: nothing of what went wrong is told, and no database is asked."""
    request.wayhome_closed = True  # type: ignore[attr-defined]
    told = Sentence(
        "error", _("Something went wrong in the house."), _("What was recorded before is safe. Try again in a minute.")
    )
    return _page(request, _("Something went wrong"), [told], 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form from before a login, or from somewhere else."""
    told = Sentence("csrf", _("This form is too old to be trusted."), _("Go back, reload the page and send it again."))
    return _page(request, _("This was refused"), [told], 403)


def _page(request: HttpRequest, title: str, told: list[Sentence], status: int) -> HttpResponse:
    return render(request, "web/error.html", {"title": title, "refusals": told, "plain": True}, status=status)
