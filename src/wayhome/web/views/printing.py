"""What is printed: a wristband and a handover sheet, in three languages."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wayhome.casework.accounts.rules import Permission
from wayhome.casework.children import queries as children
from wayhome.casework.custody import actions as custody_actions
from wayhome.casework.custody import queries as custody
from wayhome.casework.custody.rules import RELEASES
from wayhome.casework.reunification.queries import releases
from wayhome.web import desk
from wayhome.web.band import child_page
from wayhome.web.forms.base import DeskForm
from wayhome.web.pages import done, existing, number_of, page
from wayhome.web.writing import carried_out, sent


def wristband(request: HttpRequest, number: str) -> HttpResponse:
    """The band that the child wears, ready to print: its code, no name."""
    by, at = desk.needs(request, Permission.READ_CHILD), desk.moment(request)
    child = custody_actions.read_file(child_id=number_of(number), by=by, at=at)
    return page(request, "wristband", child=child, wristband=custody.current_wristband(child.pk), at=at)


def replace_wristband(request: HttpRequest, number: str) -> HttpResponse:
    """A lost band is replaced; its code opens nothing any more."""
    by, at = desk.needs(request, Permission.DESCRIBE_CHILD), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    form = DeskForm(sent(request))
    form.verb = _("Make a new band")
    if carried_out(
        request,
        form,
        by,
        "replace_wristband",
        lambda _data: {"code": custody_actions.replace_wristband(child=child, by=by, at=at).code},
    ):
        return done(
            request,
            _("Print the new band and put it on now. The old one opens nothing any more."),
            "wristband",
            number=child.number,
        )
    return child_page(
        request,
        "act",
        form,
        child,
        by,
        title=_("Replace the wristband"),
        lead=_("The code of the lost band opens no handover from now on."),
        danger=True,
    )


def handover_sheet(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """Both signatories' copy of one handover."""
    by, at = desk.needs(request, Permission.READ_CHILD), desk.moment(request)
    child = custody_actions.read_file(child_id=number_of(number), by=by, at=at)
    episodes = custody.timeline(child.pk)
    episode = existing(next((one for one in episodes if one.n == n and one.offer_id), None), child=child.pk)
    before = episodes[n - 2]
    release = releases.carried_out_by(episode.offer_id) if episode.kind in RELEASES else None
    language = request.GET.get("language", "")
    if language in dict(settings.LANGUAGES):
        with translation.override(language):
            return page(
                request,
                "handover_sheet",
                child=child,
                episode=episode,
                before=before,
                release=release,
                age=children.age_on(child, timezone.localtime(at).date()),
                at=at,
                printed_in=language,
            )
    return page(
        request,
        "handover_sheet",
        child=child,
        episode=episode,
        before=before,
        release=release,
        age=children.age_on(child, timezone.localtime(at).date()),
        at=at,
    )
