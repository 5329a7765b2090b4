"""One's own tokens: made after one proved who one is, told once, revoked at any time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wayhome.casework.accounts import actions, queries
from wayhome.casework.accounts.rules import SCOPES, scopes_of
from wayhome.casework.core.errors import NotFound
from wayhome.web import desk
from wayhome.web.forms.tokens import LASTS, RevokeForm, TokenForm
from wayhome.web.pages import done, page
from wayhome.web.writing import submit


def tokens(request: HttpRequest) -> HttpResponse:
    """Those that open something now."""
    by, at = desk.actor(request), desk.moment(request)
    return page(request, "tokens", tokens=queries.tokens_of(by, at=at), at=at)


def give(request: HttpRequest) -> HttpResponse:
    """A new one. Its secret is on the page that answers, and nowhere else: not in the database, not in the form's memory."""
    by, at = desk.stepped_up(request), desk.moment(request)
    scopes = [scope for scope in SCOPES if scope != "me" and scope in scopes_of(by.role)]
    form = TokenForm(request.POST or None, scopes=scopes)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        told: list[str] = []

        def work() -> dict[str, bool]:
            told.append(
                actions.give_token(
                    staff=queries.staff(by),
                    scopes=data["scopes"],
                    label=data["label"],
                    by=by,
                    at=at,
                    expires_at=at + LASTS[data["lasts"]],
                )
            )
            return {"made": True}

        if submit(request, form, by=by, action="give_token", work=work) is not None:
            return page(
                request, "token_made", secret=told[0] if told else "", label=data["label"], until=at + LASTS[data["lasts"]]
            )
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
    token = queries.tokens_of(by, at=at).filter(pk=token_id).first()
    if token is None:
        raise NotFound(token=token_id)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = submit(
            request,
            form,
            by=by,
            action="revoke_token",
            work=lambda: {"id": actions.revoke_token(token_id=token_id, by=by, at=at).pk},
        )
        if answer is not None:
            return done(request, _("Revoked: it opens nothing any more."), "tokens")
    return page(request, "act", form, title=_("Revoke the token"), at=at, lead=token.label)
