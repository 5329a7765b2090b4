"""Kits for samples: where they are, what happened to them, what goes with them on paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from wayhome.casework.accounts import queries as accounts
from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody import queries as custody
from wayhome.casework.families import queries as families
from wayhome.casework.laboratory.actions import kits as actions
from wayhome.casework.laboratory.actions import reading
from wayhome.casework.laboratory.queries import kits as queries
from wayhome.casework.laboratory.rules.kits import HOPS, LABORATORYS, SCANNED
from wayhome.web import desk
from wayhome.web.forms.kits import ELSEWHERE, FindKitForm, HopForm, OrderForm, ScanForm
from wayhome.web.messages import Sentence, sentence
from wayhome.web.pages import done, existing, number_of, page
from wayhome.web.recognise import at_work
from wayhome.web.trees import named
from wayhome.web.words import word
from wayhome.web.writing import carried_out, sent

A_PAGE = 50


def kits(request: HttpRequest) -> HttpResponse:
    """Kits, those under way first; one whose number is typed or scanned opens at once."""
    by, at = desk.needs(request, Permission.READ_SAMPLE), desk.moment(request)
    form = FindKitForm(request.GET if "q" in request.GET else None)
    if form.is_bound and form.is_valid():
        try:
            return redirect("kit", number=queries.kit_of(by, form.cleaned_data["q"], at=at).number)
        except NotFound as missing:
            form.refusals, form.status = [sentence(missing.code)], missing.status
    state = request.GET.get("state", "")
    found = queries.kits_of(by, at=at)
    found = found.filter(state=state) if state in queries.STATES else found
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "kits",
        form,
        rows=queries.seen(shown, by=by, at=at),
        shown=shown,
        state=state,
        states=[(one, word("kit", one)) for one in queries.STATES],
        scans=bool(_scanned(by)),
        at=at,
    )


def kit(request: HttpRequest, number: str) -> HttpResponse:
    """A kit: where it is, how it came there, and what can be told next. The look is an event."""
    by, at = desk.needs(request, Permission.READ_SAMPLE), desk.moment(request)
    return page(request, "kit", one=_read(number, by, at), at=at)


def label(request: HttpRequest, number: str) -> HttpResponse:
    """What is stuck on the tube and on the envelope: the number, and nothing about anybody."""
    by, at = desk.needs(request, Permission.READ_SAMPLE), desk.moment(request)
    return page(request, "kit_label", one=_read(number, by, at), at=at)


def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The chain of custody that goes with the kit: no name, and no place that says where somebody is."""
    by, at = desk.needs(request, Permission.READ_SAMPLE), desk.moment(request)
    return page(request, "kit_paper", one=_read(number, by, at), at=at)


def tell(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """What happened to the kit next."""
    if kind not in HOPS:
        raise NotFound(hop=kind)
    by = desk.needs(request, Permission.WORK_SAMPLE if kind in LABORATORYS else Permission.TAKE_SAMPLE)
    at = desk.moment(request)
    one = _one(number, by, at)
    if kind not in one.ways and request.method != "POST":
        return redirect("kit", number=one.number)
    form = HopForm(sent(request), kind=kind, colleagues=_colleagues(by), initial={"place": _place(one, kind)})
    if carried_out(request, form, by, "tell_hop", lambda data: _told(one, kind, data, by, at)):
        return done(request, _("Recorded: %(what)s.") % {"what": word("kit", kind)}, "kit", number=one.number)
    return page(request, "tell_hop", form, one=one, kind=kind, title=word("hop", kind), danger=kind in ("refused", "lost"))


def scan(request: HttpRequest) -> HttpResponse:
    """The same of many kits, whose numbers are scanned one after the other; each is answered for itself."""
    by = desk.needs_one(request, Permission.TAKE_SAMPLE, Permission.WORK_SAMPLE)
    at = desk.moment(request)
    form = ScanForm(sent(request), kinds=_scanned(by), initial={"kind": _scanned(by)[0]})
    answers: list[tuple[str, Sentence | None]] = []

    def work(data: dict[str, Any]) -> Any:
        told = actions.tell_hops(numbers_read=form.read(), kind=data["kind"], place=data.get("place", ""), by=by, at=at)
        return {"answers": [[one.number, one.code] for one in told]}

    if answer := carried_out(request, form, by, "tell_hops", work):
        answers = [(number, sentence(code) if code else None) for number, code in answer["answers"]]
        wrong = "\n".join(number for number, told in answers if told is not None)
        form = ScanForm(
            kinds=_scanned(by),
            initial={"kind": form.cleaned_data["kind"], "place": form.cleaned_data.get("place", ""), "numbers": wrong},
        )
    well = sum(told is None for _number, told in answers)
    return page(request, "scan_kits", form, answers=answers, well=well, back=request.path)


def order_for_relative(request: HttpRequest, relative_id: int) -> HttpResponse:
    """A kit for a relative who agreed."""
    by, at = desk.needs(request, Permission.TAKE_SAMPLE), desk.moment(request)
    relative = existing(
        families.relative_of(by, relative_id) if may(by.role, Permission.READ_REQUEST) else None, relative=relative_id
    )
    kin = families.tree(relative.request_id, at=at)
    called = named(kin, relative.pk) if relative.pk in kin else ""
    theirs = queries.seen(queries.kits_of_relative(by, relative.pk, at=at), by=by, at=at)
    return _order(request, relative, theirs, by, at, title=_("A kit for %(name)s") % {"name": called}, family=relative.request)


def order_for_child(request: HttpRequest, number: str) -> HttpResponse:
    """A kit for a rescued child."""
    by, at = desk.needs(request, Permission.TAKE_SAMPLE), desk.moment(request)
    child = custody.visible_child(number_of(number), by=by, at=at)
    theirs = queries.seen(queries.kits_of_child(by, child.pk, at=at), by=by, at=at)
    return _order(request, child, theirs, by, at, title=_("A kit for %(name)s") % {"name": child.call_name}, child=child)


def _order(
    request: HttpRequest, person: Any, theirs: list[queries.Seen], by: Actor, at: datetime, **context: Any
) -> HttpResponse:
    """The kit in whose place it is may be named in the address; whether it is for a second sample follows from those before."""
    replaced = request.POST.get("replaces", "") or request.GET.get("replaces", "")
    old = queries.kit_of(by, replaced, at=at) if replaced else None
    second = old.second if old is not None else queries.orderable(theirs) == "second"
    form = OrderForm(sent(request), laboratories=queries.laboratories(), initial={"replaces": replaced})

    def work(data: dict[str, Any]) -> Any:
        made = actions.order_kit(person=person, laboratory=data["laboratory"], second=second, replaces=old, by=by, at=at)
        return {"number": made.number}

    if answer := carried_out(request, form, by, "order_kit", work):
        said = _("The kit is ordered. Print its label now and stick it on the tube and on the envelope.")
        return done(request, said, "kit", number=answer["number"])
    if old is not None:
        lead = _("In place of %(number)s. What became of that one stays on record.") % {"number": numbers.grouped(old.number)}
    elif second:
        lead = _("For the second, independent sample: somebody else takes it than took the first.")
    else:
        lead = _("Its number is all that the laboratory learns: no name, and not where anybody is.")
    return page(request, "act", form, lead=lead, **context)


def _read(number: str, by: Actor, at: datetime) -> queries.Seen:
    return queries.seen([reading.read_kit(number=number, by=by, at=at)], by=by, at=at)[0]


def _one(number: str, by: Actor, at: datetime) -> queries.Seen:
    return queries.seen([queries.kit_of(by, number, at=at)], by=by, at=at)[0]


def _place(one: queries.Seen, kind: str) -> str:
    """Where it was posted before, unless it came back from there."""
    return next((hop.place for hop in one.hops if hop.kind == "posted"), "") if kind == "taken" else ""


def _colleagues(by: Actor) -> list[tuple[str, str]]:
    found = accounts.active_staff().filter(agency=by.agency_id).exclude(pk=by.staff_id).order_by("name")
    return [(one.number, f"{one.name} · {word('role', one.role)}") for one in found]


def _scanned(by: Actor) -> list[str]:
    """What the actor can tell of many kits at once."""
    works, takes = may(by.role, Permission.WORK_SAMPLE), may(by.role, Permission.TAKE_SAMPLE)
    return [kind for kind in SCANNED if (works if kind in LABORATORYS else takes)]


def _told(one: queries.Seen, kind: str, data: dict[str, Any], by: Actor, at: datetime) -> dict[str, Any]:
    witness = None
    typed = data.get("witness", "")
    if typed == ELSEWHERE:
        typed = data["other"].strip()
    if typed:
        witness = at_work(typed, field="other")
    happened: datetime | None = data["happened_at"]
    if happened is not None and happened == one.since.replace(second=0, microsecond=0):
        # A phone's picker gives minutes, and what happened before in this one lies seconds later.
        happened = one.since
    hop = actions.tell_hop(
        kit=one.kit,
        kind=kind,
        happened_at=happened,
        place=data.get("place", ""),
        witness=witness,
        note=data["note"],
        by=by,
        at=at,
    )
    return {"n": hop.n}
