"""Today: what waits for me, the clock that runs out first on top."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.audit import actions as audit_actions
from wayhome.casework.audit import queries as audit
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody import known
from wayhome.casework.custody import queries as custody
from wayhome.casework.custody.rules import RELEASES, Kind
from wayhome.casework.families import queries as families
from wayhome.casework.laboratory.queries import kits as laboratory
from wayhome.casework.laboratory.queries import waiting as samples
from wayhome.casework.laboratory.rules.kits import OVERDUE, REPLACEABLE
from wayhome.casework.laboratory.rules.profiles import WITHIN, WRONG_PERSON
from wayhome.casework.matching.queries import candidates as matching
from wayhome.casework.medical import queries as medical
from wayhome.casework.placements import known as places
from wayhome.casework.placements import queries as placements
from wayhome.casework.placements.barred import barred_below
from wayhome.casework.placements.rules import HOLDS, PLACEMENT_DUE
from wayhome.web import desk, today_investigations, today_returns
from wayhome.web.forms.today import AlarmForm
from wayhome.web.pages import done, page
from wayhome.web.words import word
from wayhome.web.writing import carried_out, sent

OFFER_HOLDS = timedelta(hours=2)
"""An offer that nobody answered for so long waits in a corridor."""
HOSPITAL_WITHIN = timedelta(hours=2)
PLACED_WITHIN = PLACEMENT_DUE
"""The legal clock to a placement."""
CONSENT_ENDS_SOON = timedelta(days=30)
MOST = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that waits: who, what, since, until, one button."""

    icon: str
    what: str | Promise
    who: str
    since: datetime
    until: datetime | None
    url: str
    verb: str | Promise
    grave: bool = False
    child: Any = None


def today(request: HttpRequest) -> HttpResponse:
    """What waits, in three groups."""
    by, at = desk.actor(request), desk.moment(request)
    now: list[Row] = []
    later: list[Row] = []
    week: list[Row] = []
    never = _barred(by, at)
    now += never.values()
    alarms, visible = _alarms(audit.open_alarms(by), by, at)
    frozen = {alarm.subject for alarm in alarms if alarm.kind == "return_frozen"}
    told = set(never)
    for group, subject, given in (*today_returns.rows(by, at=at), *today_investigations.rows(by, at=at)):
        if subject not in frozen:
            {"now": now, "later": later, "week": week}[group].append(Row(**given))
            told.add(subject)
    for alarm in alarms:
        if alarm.kind in ("placement_barred", "visit_due", "certificate_due") and alarm.subject in told:
            continue
        row = Row(
            "alarm",
            word("alarm", alarm.kind),
            _who(visible, alarm.child_id),
            alarm.at,
            None,
            reverse("alarm", args=[alarm.pk]),
            gettext_lazy("Answer"),
            grave=alarm.level >= 3,
            child=visible.get(alarm.child_id),
        )
        (now if alarm.level >= 2 else later).append(row)
    if may(by.role, Permission.ACCEPT_HANDOVER):
        for offer in custody.offers_to(by.agency_id):
            if offer.kind in RELEASES and offer.giver_id == by.staff_id:
                continue
            until = offer.at + OFFER_HOLDS
            row = Row(
                "hand",
                _("Offered to %(place)s") % {"place": offer.to_facility.name},
                _call(offer.child),
                offer.at,
                until,
                reverse("accept", args=[offer.pk]),
                gettext_lazy("Accept or refuse"),
                child=offer.child,
            )
            (now if until <= at else later).append(row)
    if may(by.role, Permission.OBSERVE):
        for due in medical.due(by, at):
            row = Row(
                "heart",
                gettext_lazy("Observation due"),
                _call(due.child),
                due.last_at or due.due_at,
                due.due_at,
                reverse("chart", args=[due.child.number]),
                gettext_lazy("Observe"),
                grave=due.due_at < at,
                child=due.child,
            )
            (now if due.due_at <= at else later).append(row)
    for row in _in_hand(by, at):
        (now if row.until is not None and row.until <= at else later).append(row)
    now += _asked(by, at)
    later += _votes(by, at)
    if may(by.role, Permission.MERGE_CHILDREN):
        for step in known.merge_steps(by, at=at):
            if step.proposed_by_id != by.staff_id:
                week.append(
                    Row(
                        "merge",
                        word("merge", step.kind),
                        format_html("{} · {}", _call(step.kept), _call(step.absorbed)),
                        step.at,
                        None,
                        reverse("confirm_merge", args=[step.pk]),
                        gettext_lazy("Look and confirm"),
                        child=step.kept,
                    )
                )
    if may(by.role, Permission.APPROVE_FOSTER):
        week += [
            Row(
                "people",
                _("Foster care asked for by %(place)s") % {"place": asked.institution.name},
                _call(asked.child),
                asked.at,
                asked.valid_until,
                reverse("approve_foster", args=[asked.pk]),
                gettext_lazy("Read and decide"),
                child=asked.child,
            )
            for asked in known.foster_waiting(by, at=at)
        ]
    if may(by.role, Permission.REVIEW_BREAK_GLASS):
        week += [
            Row(
                "glass",
                gettext_lazy("A file was opened without need to know"),
                _number(glass.child),
                glass.at,
                None,
                reverse("review", args=[glass.pk]),
                gettext_lazy("Review"),
            )
            for glass in custody.glasses_waiting(by)
        ]
    week += _families(by, at)
    later += _kits(by, at)
    for row in _samples(by, at):
        (now if row.grave or (row.until is not None and row.until <= at) else later).append(row)
    groups = [
        ("now", gettext_lazy("Now"), sorted(now, key=lambda row: (not row.grave, row.until or row.since))),
        ("today", gettext_lazy("Today"), sorted(later, key=lambda row: row.until or row.since)),
        ("week", gettext_lazy("This week"), sorted(week, key=lambda row: row.since)),
    ]
    shown = [(key, title, rows[:MOST], len(rows) - MOST) for key, title, rows in groups if rows] + _candidates(by)
    return page(request, "today", groups=shown, at=at, count=0 if shown else custody.visible_children(by, at=at).count())


def alarm(request: HttpRequest, alarm_id: int) -> HttpResponse:
    """One alarm, and what was done about it."""
    by, at = desk.actor(request), desk.moment(request)
    open_ones, visible = _alarms(audit.open_alarms(by).filter(pk=alarm_id), by, at)
    if not open_ones:
        raise NotFound(alarm=alarm_id)
    (found,) = open_ones
    form = AlarmForm(sent(request))
    if carried_out(
        request,
        form,
        by,
        "answer_alarm",
        lambda data: audit_actions.answer_alarm(alarm_id=alarm_id, note=data["note"], by=by, at=at),
    ):
        return done(request, _("The alarm is answered."), "today")
    kit = found.subject.split(":")[1] if found.kind == "kit_overdue" else ""
    release = found.subject.split(":")[1] if found.kind in ("release_revoked", "return_frozen") else ""
    return page(request, "alarm", form, alarm=found, child=visible.get(found.child_id), kit=kit, release=release)


def _in_hand(by: Actor, at: datetime) -> list[Row]:
    """Children whom the actor's agency has and should not keep: at a police post, or cleared; and those a doctor looks at."""
    rows = []
    stays = custody.stays_with(by.agency_id)
    words = custody.last_clearances(episode.pk for episode in stays)
    for episode in stays:
        word_of_doctor = words.get(episode.pk)
        cleared = word_of_doctor is not None and word_of_doctor.fit
        since = word_of_doctor.at if word_of_doctor else episode.started_at
        number = episode.child.number
        if episode.kind == Kind.HOSPITAL and not cleared:
            if may(by.role, Permission.CLEAR):
                url = reverse("clearance", args=[number])
                rows.append(
                    Row(
                        "eye",
                        _("Waits for a doctor's word"),
                        _call(episode.child),
                        since,
                        None,
                        url,
                        gettext_lazy("Clear or hold"),
                    )
                )
        elif not episode.offered and may(by.role, Permission.OFFER_HANDOVER):
            what = _("Cleared, and still here") if cleared else _("Not seen by a hospital yet")
            until = since + (PLACED_WITHIN if cleared else HOSPITAL_WITHIN)
            url = reverse("hand_over", args=[number])
            rows.append(Row("hand", what, _call(episode.child), since, until, url, gettext_lazy("Hand over"), grave=until <= at))
    return rows


def _asked(by: Actor, at: datetime) -> list[Row]:
    """What homes are asked, and ask for; and homes that have not told within a day what they can take."""
    rows = []
    what: str | Promise
    if may(by.role, Permission.ANSWER_PLACEMENT):
        for asked in placements.placements_to_answer(by):
            what = _("%(place)s is asked to take") % {"place": asked.facility.name}
            url, due = reverse("answer_placement", args=[asked.pk]), asked.child.event.found_at + PLACEMENT_DUE
            verb = gettext_lazy("Accept or refuse")
            rows.append(Row("house", what, _call(asked.child), asked.at, due, url, verb, grave=due <= at))
    if may(by.role, Permission.REPORT_CAPACITY):
        for told in places.told(list(places.own_homes(by)), at=at):
            if not told.trusted:
                since = told.room.as_of or told.home.at
                what, url = _("Nobody has told today what there is room for"), reverse("home_capacity", args=[told.home.pk])
                rows.append(Row("cot", what, told.home.name, since, since + HOLDS, url, gettext_lazy("Report")))
    if may(by.role, Permission.APPROVE_SURGE):
        for surge in placements.surges_waiting(by, at=at):
            what, url = gettext_lazy("More children than usual"), reverse("approve_surge", args=[surge.pk])
            rows.append(Row("cot", what, surge.facility.name, surge.at, surge.until, url, gettext_lazy("Read and decide")))
    return rows


def _families(by: Actor, at: datetime) -> list[Row]:
    """Requests that may be for one child, and consents that run out: without one, nobody is compared any more."""
    if not may(by.role, Permission.RECORD_REQUEST):
        return []
    rows = []
    for alike in families.duplicates_to_settle(by):
        who = f"{numbers.grouped(alike.one.number)} · {numbers.grouped(alike.other.number)}"
        url = reverse("settle_duplicate", args=[alike.pk])
        what = gettext_lazy("Two requests may be for the same child")
        rows.append(Row("family", what, who, alike.at, None, url, gettext_lazy("Compare and decide")))
    for ending in families.consents_ending(by, until=(at + CONSENT_ENDS_SOON).date(), at=at):
        who = f"{ending.given_by} · {numbers.grouped(ending.relative.request.number)}"
        url = reverse("relative", args=[ending.relative_id])
        until = timezone.make_aware(datetime.combine(ending.until, time.max))
        rows.append(Row("family", gettext_lazy("A consent runs out"), who, ending.at, until, url, gettext_lazy("Ask anew")))
    return rows


def _kits(by: Actor, at: datetime) -> list[Row]:
    """Kits that stay where they are, came back or cannot be used, or go to somebody who agrees no more."""
    rows = []
    what: str | Promise
    for one in laboratory.to_see_to(by, at=at):
        until = None
        if one.withdrawn:
            what, verb = gettext_lazy("Consent was withdrawn: take no sample"), gettext_lazy("Look")
        elif one.state in REPLACEABLE and one.replaceable:
            what, verb = _("Kit: %(state)s") % {"state": word("kit", one.state)}, gettext_lazy("Order another")
        else:
            what, verb = _("Kit overdue: %(state)s") % {"state": word("kit", one.state)}, gettext_lazy("Ask after it")
            until = one.since + OVERDUE[one.state]
        whose = f"{one.whose.name} · " if one.whose is not None and one.whose.name else ""
        who = f"{whose}{numbers.grouped(one.number)}"
        url = reverse("kit", args=[one.number])
        rows.append(Row("tube", what, who, one.since, until, url, verb, grave=one.withdrawn))
    return rows


def _samples(by: Actor, at: datetime) -> list[Row]:
    """What an analyst has to do: samples to type, the second entry, entries that differ, and what is odd."""
    rows = []
    what: str | Promise
    for one in samples.waiting(by, at=at):
        until = one.since + WITHIN[one.what] if one.what in WITHIN else None
        verb = gettext_lazy("Type it") if until is not None else gettext_lazy("Look")
        if one.what == "odd":
            what = ", ".join(str(word("profile_flag", kind)) for kind in one.kinds)
        else:
            what = word("sample_waits", one.what)
        who, url = numbers.grouped(one.kit.number), reverse("kit_profiles", args=[one.kit.number])
        rows.append(Row("tube", what, who, one.since, until, url, verb, grave=bool(WRONG_PERSON & set(one.kinds))))
    return rows


def _candidates(by: Actor) -> list[tuple[str, str | Promise, list[Row], int]]:
    """Candidates in groups of their own, in the order in which they are to be read: the surest first."""
    groups: list[tuple[str, str | Promise, list[Row], int]] = []
    if may(by.role, Permission.JUDGE_CANDIDATE):
        waiting = matching.to_read(by)
        rows = [_candidate(one, word("gate_found", one.gate), gettext_lazy("Read")) for one in waiting[:MOST]]
        groups.append(("read", gettext_lazy("Candidates to be read"), rows, waiting.count() - MOST))
    if may(by.role, Permission.CONFIRM_MATCH):
        ice = [_candidate(one, word("alarm", "match_frozen"), gettext_lazy("Open"), grave=True) for one in matching.frozen_of(by)]
        what = gettext_lazy("Two analysts support it, and second samples say the same")
        rows = ice + [_candidate(one.candidate, what, gettext_lazy("Look and confirm")) for one in matching.to_confirm(by)]
        groups.append(("confirm", gettext_lazy("Matches to be confirmed"), rows[:MOST], len(rows) - MOST))
    return [group for group in groups if group[2]]


def _candidate(one: Any, what: str | Promise, verb: str | Promise, *, grave: bool = False) -> Row:
    who = format_html("{} · {}", _number(one.child), _number(one.request))
    return Row("match", what, who, one.at, None, reverse("candidate", args=[one.pk]), verb, grave=grave)


def _barred(by: Actor, at: datetime) -> dict[str, Row]:
    """Homes that were asked or keep a place and can no longer have the child; by the subject of the alarm that told it first."""
    if not may(by.role, Permission.PLAN_NIGHT):
        return {}
    return {
        f"placement:{one.placement.pk}": Row(
            "house",
            _("%(place)s cannot have it: %(why)s") % {"place": one.placement.facility.name, "why": word("barred", one.code)},
            _call(one.placement.child),
            one.placement.at,
            None,
            reverse("end_placement", args=[one.placement.pk]),
            gettext_lazy("Call it off"),
            grave=True,
            child=one.placement.child,
        )
        for one in barred_below(by.jurisdiction, at=at)
    }


def _votes(by: Actor, at: datetime) -> list[Row]:
    """Siblings whom somebody wants apart, where the word of the actor's discipline is missing."""
    if not may(by.role, Permission.DECIDE_SEPARATION):
        return []
    return [
        Row(
            "people",
            gettext_lazy("Better without its siblings"),
            _call(one.child),
            one.at,
            None,
            reverse("vote_separation", args=[one.pk]),
            gettext_lazy("Read and vote"),
        )
        for one in placements.separations_waiting(by, at=at)
    ]


def _alarms(open_ones: Iterable[Any], by: Actor, at: datetime) -> tuple[list[Any], dict[int, Any]]:
    """Of open alarms those about the actor's own house or a child that they may know of, nobody else's; and those children."""
    found = list(open_ones)
    visible = custody.visible_among({one.child_id for one in found if one.child_id}, by=by, at=at)
    shown = [one for one in found if one.child_id in visible or (not one.child_id and (one.agency_id or by.oversees))]
    return shown, visible


def _who(visible: dict[int, Any], child_id: int) -> str:
    return _call(visible[child_id]) if child_id in visible else ""


def _call(child: Any) -> str:
    return format_html("{} · {}", child.call_name, _number(child))


def _number(child: Any) -> str:
    return format_html('<span class="number">{}</span>', numbers.grouped(child.number))
