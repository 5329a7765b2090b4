"""How a view answers: a page, or the way to the next one with a word of what was done."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise

from wayhome.casework.core import numbers
from wayhome.casework.core.errors import NotFound
from wayhome.web.forms.base import DeskForm

Row = TypeVar("Row")


def page(request: HttpRequest, template: str, form: DeskForm | None = None, **context: Any) -> HttpResponse:
    """A page; its status is that of a refusal in its form."""
    status = 200 if form is None else form.status if form.status != 200 else 422 if form.errors else 200
    return render(request, f"web/{template}.html", {"form": form, **context}, status=status)


def done(request: HttpRequest, said: str | Promise, to: str, **arguments: Any) -> HttpResponseRedirect:
    """Say what was done and go on."""
    messages.success(request, str(said))
    return HttpResponseRedirect(reverse(to, kwargs=arguments))


def existing(row: Row | None, **asked: Any) -> Row:
    """A row that was looked for; NotFound, with what was asked for, where there is none."""
    if row is None:
        raise NotFound(**asked)
    return row


def number_of(typed: str) -> int:
    """A child's number as it stands in an address; NotFound for one with a slip."""
    if not numbers.is_number(typed):
        raise NotFound(number=typed)
    return int(numbers.plain_number(typed))


def as_file(pdf: bytes, name: str) -> HttpResponse:
    """A PDF to be kept by the browser, and by no cache on the way."""
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer
