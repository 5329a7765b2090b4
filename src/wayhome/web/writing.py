"""From a form to one action: carried out once, whatever a double tap or a lost answer does, and refused with reasons."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest

from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import CaseworkError, Conflict, Invalid, Refused
from wayhome.casework.core.idempotency import once
from wayhome.web.desk import moment
from wayhome.web.forms.base import DeskForm
from wayhome.web.messages import sentences

Answer = dict[str, Any]
Work = Callable[[dict[str, Any]], Any]
"""What a form asks for, from what was typed: what it wrote, or what the next page needs to know of it."""
TOKEN = "once"


def sent(request: HttpRequest) -> Any:
    """What was sent, also where that is nothing but a button; None where the page was only asked for."""
    return request.POST if request.method == "POST" else None


def carried_out(request: HttpRequest, form: DeskForm, by: Actor, action: str, work: Work) -> Answer | None:
    """What became of a form that was sent, valid and not refused: `id` of what it wrote, unless `work` tells something else.

    None where the page shows the form: asked for, with a slip in it, or refused.
    """
    if request.method != "POST" or not form.is_valid():
        return None

    def worked() -> Answer:
        made = work({**form.cleaned_data})
        return made if isinstance(made, dict) else {"id": made.pk}

    return submit(request, form, by=by, action=action, work=worked)


def new_token() -> str:
    """What a form carries so that it is carried out once."""
    return secrets.token_urlsafe(18)


def submit(request: HttpRequest, form: DeskForm, *, by: Actor, action: str, work: Callable[[], Answer]) -> Answer | None:
    """Carry out what a valid form asks for; None where it was refused, with the reasons in the form.

    A refusal is an answer too: it is kept with the form's token, in the transaction that keeps its alarm.
    """
    refusal: list[CaseworkError] = []

    def guarded() -> Answer:
        try:
            return work()
        except CaseworkError as error:
            refusal.append(error)
            return {"refused": list(getattr(error, "codes", (error.code,)))}

    body = {name: request.POST.getlist(name) for name in sorted(request.POST) if name not in (TOKEN, "csrfmiddlewaretoken")}
    for name in request.FILES:
        file = cast(Any, request.FILES[name])
        body[name] = [hashlib.sha256(file.read()).hexdigest()]
        file.seek(0)
    token = request.POST.get(TOKEN, "")[:80]
    try:
        answer, _ = once(staff_id=by.staff_id, key=token, action=f"web.{action}", body=body, at=moment(request), work=guarded)
    except Refused as reused:
        form.refusals, form.status = sentences(reused.codes), reused.status
        return None
    if "refused" not in answer:
        return answer
    error = refusal[0] if refusal else Refused(answer["refused"])
    form.status = error.status
    if isinstance(error, Invalid):
        form.marked(error.fields)
    elif isinstance(error, Conflict):
        form.refusals, form.changes = sentences([error.code]), error.changes
    else:
        form.refusals = sentences(answer["refused"])
    return None
