"""One's own tokens: made after one proved who one is, told once, revoked at any time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts import actions, queries
from wayhome.casework.accounts.rules import SCOPES, scopes_of
from wayhome.web import desk
from wayhome.web.forms.tokens import LASTS, RevokeForm, TokenForm
from wayhome.web.pages import done, existing, page
from wayhome.web.writing import carried_out, sent


def tokens(request: HttpRequest) -> HttpResponse:
    """Those that open something now."""
    by, at = desk.actor(request), desk.moment(request)
    return page(request, "tokens", tokens=queries.tokens_of(by, at=at), at=at)


def give(request: HttpRequest) -> HttpResponse:
    """A new one. Its secret is on the page that answers, and nowhere else: not in the database, not in the form's memory."""
    by, at = desk.stepped_up(request), desk.moment(request)
    scopes = [scope for scope in SCOPES if scope != "me" and scope in scopes_of(by.role)]
    form = TokenForm(sent(request), scopes=scopes)
    secret: list[str] = []

    def work(data: dict[str, Any]) -> dict[str, bool]:
        lasts = LASTS[data.pop("lasts")]
        secret.append(actions.give_token(staff=queries.staff(by), by=by, at=at, expires_at=at + lasts, **data))
        return {"made": True}

    if carried_out(request, form, by, "give_token", work):
        told, data = (secret or [""])[0], form.cleaned_data
        return page(request, "token_made", secret=told, label=data["label"], until=at + LASTS[data["lasts"]])
    return page(
        request,
        "act",
        form,
        title=_("Make a token"),
        at=at,
        lead=_("Whoever has the token reads and signs as you. Give it as little as it needs, for as short as it needs."),
        warned=True,
    )


def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """It opens nothing from this moment on."""
    by, at = desk.actor(request), desk.moment(request)
    token = existing(queries.tokens_of(by, at=at).filter(pk=token_id).first(), token=token_id)
    form = RevokeForm(sent(request))
    if carried_out(request, form, by, "revoke_token", lambda _data: actions.revoke_token(token_id=token_id, by=by, at=at)):
        return done(request, _("Revoked: it opens nothing any more."), "tokens")
    return page(request, "act", form, title=_("Revoke the token"), at=at, lead=token.label)
