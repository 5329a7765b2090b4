"""The house that is looked at: served in July 2011 on the loopback, with somebody logged in for every page.

`just screenshots` takes pictures of it; a test looks at it through axe. Run as a program, it serves until its input is closed.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


@dataclass(frozen=True)
class Page:
    """One to look at: its name, who looks, where, and whether its form is sent empty first, to be refused."""

    name: str
    who: str
    path: str
    refused: bool = False


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""


def house(folder: Path, many_children: int = 40) -> Any:
    """Django on a database of its own, its world, and a clock that runs on from there."""
    os.environ |= {
        "WAYHOME_DATABASE": str(folder / "house.sqlite3"),
        "WAYHOME_SECRET_FILE": str(folder / "secret.key"),
        "DJANGO_SETTINGS_MODULE": "wayhome.config.settings",
    }
    import django

    django.setup()
    from django.db import connection

    from factories.pages import fill
    from factories.pages_extremes import fill_extremes
    from factories.world import small_world
    from wayhome.casework.core.schema import make_tables

    make_tables(connection)
    world = small_world()
    fill(world)
    fill_extremes(world, many_children)
    fill_desk(world)
    from allauth.account.internal.flows import reauthentication

    from wayhome.web import clock, desk

    began = time.monotonic()
    start = world.clock + timedelta(minutes=20)

    def now() -> datetime:
        return start + timedelta(seconds=time.monotonic() - began)

    clock.now = now
    reauthentication.did_recently_reauthenticate = desk.proved_lately = lambda request: True  # type: ignore[assignment]
    return world


def fill_desk(world: Any) -> None:
    """A home keeps a place, and then a buyer is found to live nearby; and a large plan is being made, in the country and here."""
    from factories.plans import a_job
    from wayhome.casework.placements import actions

    actions.mark_risk_area(
        child=world.waiting[2],
        jurisdiction=world.jurisdictions["GX"],
        reason="the buyer's sister lives there",
        by=world.actor("officer"),
        at=world.now(),
    )
    now = world.clock
    world.clock += timedelta(minutes=19, seconds=40)
    world.job = a_job(world, at=world.clock, doing=("begun", "unplaced", "unplaced_children", "surge_cost"))
    world.clock = now


def session(world: Any, name: str) -> str:
    from allauth.mfa.models import Authenticator
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from wayhome.casework.accounts import actions
    from wayhome.casework.accounts.models import User

    staff = world.staff[name]
    user = User.objects.filter(staff=staff).first()
    if user is None:
        # She comes for the first time.
        password = "told over the counter" if name == "nurse2" else None
        user = actions.open_account(staff=staff, username=name, password=password)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "none"})
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def speak(language: str) -> None:
    from wayhome.casework.accounts.models import User

    User.objects.update(language=language)


def _families(world: Any) -> Iterator[Page]:
    """Families who look for a child."""
    family = world.family
    one, relative = f"/families/{family['request']}", f"/relatives/{family['relative']}"
    yield Page("families", "officer", "/families/")
    yield Page("families-empty", "officer_gd", "/families/")
    yield Page("record-request", "officer", "/families/new/")
    yield Page("record-request-refused", "officer", "/families/new/", refused=True)
    yield Page("family", "officer", f"{one}/")
    yield Page("family-read", "supervisor", f"{one}/")
    yield Page("request-slip", "officer", f"{one}/slip/")
    yield Page("samples", "officer", f"{one}/samples/")
    yield Page("describe-request", "officer", f"{one}/describe/")
    yield Page("missing-mark", "officer", f"{one}/mark/")
    yield Page("family-picture", "officer", f"{one}/picture/")
    yield Page("add-relative", "officer", f"{one}/relative/")
    yield Page("withdraw-request", "officer", f"{one}/withdraw/")
    yield Page("relative", "officer", f"{relative}/")
    yield Page("relative-read", "supervisor", f"{relative}/")
    yield Page("consent", "officer", f"{relative}/consent/")
    yield Page("withdraw-consent", "officer", f"/consents/{family['consent']}/withdraw/")
    yield Page("strike-relative", "officer", f"{relative}/strike/")
    yield Page("settle-duplicate", "officer", f"/families/alike/{family['proposal']}/")
    yield Page("settle-duplicate-refused", "officer", f"/families/alike/{family['proposal']}/", refused=True)


def _kits(world: Any) -> Iterator[Page]:
    """Kits for samples, under way and late, and what is told of them."""
    kits, relative = world.kits, world.family["relative"]
    yield Page("kits", "officer", "/kits/")
    yield Page("kits-laboratory", "analyst", "/kits/")
    yield Page("kits-empty", "officer_gd", "/kits/")
    yield Page("kits-none-there", "officer", "/kits/?state=refused")
    yield Page("kit-posted", "officer", f"/kits/{kits['posted']}/")
    yield Page("kit-back", "officer", f"/kits/{kits['back']}/")
    yield Page("kit-received", "officer", f"/kits/{kits['received']}/")
    yield Page("kit-laboratory", "analyst", f"/kits/{kits['sent']}/")
    yield Page("kit-label", "officer", f"/kits/{kits['posted']}/label/")
    yield Page("kit-paper", "officer", f"/kits/{kits['received']}/paper/")
    yield Page("kit-posting", "officer", f"/kits/{kits['back']}/posted/")
    yield Page("kit-taking", "nurse", f"/kits/{kits['new']}/taken/")
    yield Page("kit-taking-refused", "nurse", f"/kits/{kits['new']}/taken/", refused=True)
    yield Page("kit-refusing", "analyst", f"/kits/{kits['sent']}/refused/")
    yield Page("kit-losing", "officer", f"/kits/{kits['posted']}/lost/")
    yield Page("kits-scan", "analyst", "/kits/scan/")
    yield Page("kits-scan-refused", "officer", "/kits/scan/", refused=True)
    yield Page("kit-order", "officer", f"/relatives/{relative}/kit/")
    yield Page("today-analyst", "analyst", "/")


def _results(world: Any) -> Iterator[Page]:
    """What samples showed."""
    typed, waits = (f"/laboratory/samples/{world.results[name]}" for name in ("typed", "waits"))
    yield Page("lab-files", "analyst", "/laboratory/files/")
    yield Page("lab-file", "analyst", "/laboratory/files/new/")
    yield Page("lab-file-refused", "analyst", "/laboratory/files/new/", refused=True)
    yield Page("sample-typed", "analyst", f"{typed}/")
    yield Page("sample-waits", "analyst", f"{waits}/")
    yield Page("choose-panel", "analyst", f"{waits}/type/")
    yield Page("type-profile", "analyst", f"{waits}/type/?panel=Goldeneye+20A")
    yield Page("type-profile-refused", "analyst", f"{waits}/type/?panel=Goldeneye+20A", refused=True)
    yield Page("child-profile", "analyst", f"{typed}/profiles/1/")
    yield Page("bench", "analyst", "/laboratory/")
    yield Page("bench-odd", "analyst", "/laboratory/?what=odd")
    yield Page("bench-none", "analyst", "/laboratory/?what=differs")


def _clues(world: Any) -> Iterator[Page]:
    """Clues: what waits, one, what it shares, and what is said of it."""
    one, two, three, last = (f"/clues/{world.clues[name]}" for name in ("first", "second", "third", "last"))
    yield Page("clues", "officer", "/clues/")
    yield Page("clues-read", "supervisor", "/clues/")
    yield Page("clues-none-there", "officer", "/clues/?state=actioned")
    yield Page("record-clue", "officer", "/clues/new/")
    yield Page("record-clue-refused", "officer", "/clues/new/", refused=True)
    yield Page("clue", "officer", f"{one}/")
    yield Page("clue-hit", "officer", f"{three}/")
    yield Page("clue-new", "officer", f"{last}/")
    yield Page("clue-kept", "officer", f"/clues/{world.clues['kept']}/")
    yield Page("clue-read", "supervisor", f"{two}/")
    yield Page("clue-add", "officer", f"{one}/add/")
    yield Page("clue-step", "officer", f"{last}/step/")
    yield Page("clue-step-refused", "officer", f"{three}/step/", refused=True)
    yield Page("clue-pair", "officer", f"{one}/pairs/{world.clues['second']}/")
    yield Page("clue-pair-read", "supervisor", f"{one}/pairs/{world.clues['third']}/")
    yield Page("clue-cluster", "officer", f"{one}/cluster/")
    yield Page("network", "officer", f"{one}/things/1/")
    yield Page("network-alone", "officer", f"/clues/{world.clues['kept']}/things/1/")
    yield Page("clue-open", "officer", f"{three}/open/police_gd/")
    yield Page("clue-shut", "officer", f"{one}/compartment/")


def _lists(world: Any) -> Iterator[Page]:
    """What is found by its number, and what is taken away."""
    yield Page("find", "officer", "/find/")
    yield Page("find-nothing", "officer", "/find/?q=123456786")
    yield Page("find-slip", "analyst", "/find/?q=123456789")
    yield Page("export-children", "supervisor", "/exports/children/")
    yield Page("export-kits", "supervisor", "/exports/kits/?state=sent")
    yield Page("export-child-days", "placement", "/exports/child_days/")
    yield Page("export-refused", "placement", "/exports/child_days/?month=2031-01", refused=True)


def _candidates(world: Any) -> Iterator[Page]:
    """Which family a child may be of, at every step."""
    pk, found = world.candidates, world.found
    yield Page("candidates", "analyst", "/candidates/")
    yield Page("candidates-open", "lab_supervisor", "/candidates/?which=open")
    yield Page("candidates-ended", "analyst", "/candidates/?which=ended")
    yield Page("candidates-nobody", "analyst", "/candidates/?q=123456786")
    yield Page("candidates-refused", "analyst", "/candidates/?q=1")
    yield Page("candidate", "analyst", f"/candidates/{pk['strong']}/")
    yield Page("candidate-refused", "analyst", f"/candidates/{pk['strong']}/", refused=True)
    yield Page("candidate-alone", "analyst", f"/candidates/{pk['alone']}/")
    yield Page("candidate-read", "analyst", f"/candidates/{pk['read']}/")
    yield Page("candidate-blocked", "lab_supervisor", f"/candidates/{pk['read']}/")
    yield Page("candidate-ready", "lab_supervisor", f"/candidates/{pk['ready']}/")
    yield Page("candidate-confirm", "lab_supervisor", f"/candidates/{pk['ready']}/confirm/")
    yield Page("ranking", "analyst", f"/candidates/children/{found['child']}/")
    yield Page("candidates-of-child", "analyst", f"/candidates/?q={found['child']}")
    yield Page("candidate-make-report", "lab_supervisor", f"/candidates/{pk['ready']}/report/")
    yield Page("candidate-frozen", "lab_supervisor", f"/candidates/{pk['frozen']}/")
    yield Page("candidate-take-back", "lab_supervisor", f"/candidates/{pk['frozen']}/take-back/", refused=True)
    yield Page("candidate-erased", "analyst", f"/candidates/{pk['erased']}/")
    yield Page("today-lab-supervisor", "lab_supervisor", "/")
    yield Page("alarm-frozen", "supervisor", f"/alarms/{world.frozen_alarm}/")
    yield Page("child-searched", "officer", f"/children/{found['child']}/")
    yield Page("family-confirmed", "officer", f"/families/{found['request']}/")
    yield Page("family-examined", "supervisor", f"/families/{found['read']}/")


def _returns(world: Any) -> Iterator[Page]:
    """Files of returns, from a match to everything but the release."""
    at, home = world.returns, world.shown["home"].number
    one, held = f"/files/{at['case']}", f"/held-back/{at['held']}/"
    yield Page("returns", "supervisor", "/returns/")
    yield Page("returns-to-open", "caseworker", "/returns/")
    yield Page("returns-empty", "officer_gd", "/returns/")
    yield Page("returns-left", "supervisor", "/returns/?which=left")
    yield Page("return-none", "caseworker", f"/children/{home}/return/")
    yield Page("return-to-open", "caseworker", f"/children/{at['unopened']}/return/")
    yield Page("return-open", "caseworker", f"/children/{at['unopened']}/return/open/")
    for who in ("caseworker", "officer", "supervisor", "doctor"):
        yield Page(f"return-half-{who}", who, f"/children/{at['half']}/return/")
    yield Page("return-stopped", "supervisor", f"/children/{at['stopped']}/return/")
    yield Page("return-ready", "caseworker", f"/children/{at['ready']}/return/")
    yield Page("evidence", "caseworker", f"{one}/evidence/?kind=line_up")
    yield Page("evidence-refused", "caseworker", f"{one}/evidence/", refused=True)
    yield Page("evidence-correct", "officer", f"{one}/evidence/{at['row']}/")
    yield Page("hold-back", "officer", f"{one}/held-back/")
    yield Page("reply", "officer2", held)
    yield Page("reply-unknown", "caseworker", held)
    yield Page("reply-own", "officer", held)
    yield Page("enquire", "officer_nanning", f"{one}/enquiry/")
    yield Page("enquire-own", "officer", f"{one}/enquiry/", refused=True)
    yield Page("countersign", "supervisor", f"/enquiries/{at['enquiry']}/countersign/")
    yield Page("court", "supervisor", f"/enquiries/{at['suit']}/guardianship/")
    yield Page("determination-propose", "caseworker", f"{one}/determination/")
    yield Page("determination", "doctor", f"/determinations/{at['proposed']}/", refused=True)
    yield Page("determination-voted", "officer", f"/determinations/{at['proposed']}/")
    yield Page("child-returning", "caseworker", f"/children/{at['half']}/")
    yield Page("family-stopped", "officer", f"/families/{at['request']}/")


def _releases(world: Any) -> Iterator[Page]:
    """The last way of a child, and what is written where nobody is found."""
    pk = world.releases
    yield Page("release-ask", "caseworker", f"/children/{pk['ask']}/return/release/")
    yield Page("release-ask-refused", "caseworker", f"/children/{pk['ask']}/return/release/", refused=True)
    yield Page("release-ask-blocked", "caseworker", f"/children/{pk['child']}/return/release/")
    yield Page("release-asked", "supervisor", f"/releases/{pk['asked']}/")
    yield Page("release-signed", "caseworker", f"/releases/{pk['signed']}/")
    yield Page("release-approve", "supervisor2", f"/releases/{pk['signed']}/approve/")
    yield Page("release-sampling", "caseworker", f"/releases/{pk['sampling']}/")
    yield Page("release-door", "caseworker", f"/releases/{pk['door']}/")
    yield Page("release-offer", "caseworker", f"/releases/{pk['door']}/hand-over/")
    yield Page("release-offer-refused", "caseworker", f"/releases/{pk['door']}/hand-over/", refused=True)
    yield Page("release-offered", "caseworker", f"/releases/{pk['offered']}/")
    yield Page("release-receive", "caseworker", f"/releases/{pk['offered']}/receive/")
    yield Page("release-home", "caseworker", f"/releases/{pk['home']}/")
    yield Page("release-visit", "caseworker", f"/returns/{pk['execution']}/visit/")
    yield Page("release-frozen", "supervisor", f"/releases/{pk['frozen']}/")
    yield Page("release-revoked", "caseworker", f"/releases/{pk['revoked']}/")
    yield Page("release-revoke", "supervisor", f"/releases/{pk['door']}/revoke/", refused=True)
    yield Page("release-abroad", "supervisor", f"/releases/{pk['abroad']}/")
    yield Page("child-reunified", "caseworker", f"/children/{pk['child']}/")
    yield Page("sheet-reunified", "caseworker", f"/children/{pk['child']}/handover/{pk['episode']}/")
    yield Page("no-parents", "officer", f"/children/{pk['ask']}/not-found/")
    yield Page("no-parents-certify", "officer", f"/children/{pk['ask']}/not-found/certificate/")
    yield Page("no-parents-notice", "caseworker", f"/children/{pk['ask']}/not-found/notice/")


def _announcements(world: Any) -> Iterator[Page]:
    yield Page("ministry", "supervisor", "/ministry/")
    yield Page("ministry-children", "supervisor", "/ministry/children/")
    yield Page("clocks", "officer", "/clocks/")
    yield Page("clocks-ministry", "supervisor", "/clocks/")
    yield Page("limits", "supervisor", "/clocks/limits/")
    yield Page("limit-set", "supervisor", "/clocks/limits/set/")
    yield Page("calendars", "supervisor", "/clocks/calendars/")
    yield Page("calendar-enter", "supervisor", "/clocks/calendars/enter/")
    yield Page("calendar-enter-refused", "supervisor", "/clocks/calendars/enter/", refused=True)
    yield Page("limit-approve", "supervisor2", f"/clocks/limits/{world.limit.pk}/approve/")
    yield Page("export-clocks", "supervisor", "/exports/clocks/")
    yield Page("announcements", "supervisor2", "/announcements/")
    yield Page("announcement-propose", "supervisor", "/announcements/propose/")
    yield Page("announcement-propose-refused", "supervisor", "/announcements/propose/", refused=True)
    yield Page("announcement", "supervisor", "/announcements/2011-07-27/1/")
    yield Page("announcement-waits", "supervisor", "/announcements/2011-07-27/2/")
    yield Page("announcement-approve", "supervisor2", "/announcements/2011-07-27/2/approve/")
    yield Page("public", "", "/public/")
    yield Page("public-announcement", "", "/public/2011-07-27/")


def _investigations(world: Any) -> Iterator[Page]:
    """A task force's own pages."""
    from wayhome.casework.operations.queries.investigations import task_force
    from wayhome.casework.operations.queries.victims import victims_of

    by = world.actor("officer")
    one = f"/investigations/{world.investigation.number}"
    member = task_force(by, world.investigation.pk).get(staff=world.staff["officer_gd"])
    told = {row.said: row for row in victims_of(by, world.investigation.pk)}
    rescued = victims_of(by, world.investigation.pk)[0]
    yield Page("investigations", "officer", "/investigations/")
    yield Page("investigations-empty", "supervisor2", "/investigations/")
    yield Page("investigation-name-lead", "supervisor2", "/investigations/lead/", refused=True)
    yield Page("investigation-named", "officer2", f"/investigations/{world.orphaned.number}/")
    yield Page("investigation-open", "officer", "/investigations/new/", refused=True)
    yield Page("investigation", "officer", f"{one}/")
    yield Page("investigation-read", "supervisor", f"{one}/")
    yield Page("investigation-add", "officer", f"{one}/members/new/")
    yield Page("investigation-add-refused", "officer", f"{one}/members/new/", refused=True)
    yield Page("investigation-end", "officer", f"{one}/members/{member.pk}/end/")
    yield Page("investigation-lead", "officer", f"{one}/lead/?staff=officer_gd")
    yield Page("investigation-operation", "officer", f"{one}/operations/")
    yield Page("ledger", "officer", f"{one}/victims/")
    yield Page("ledger-read", "supervisor", f"{one}/victims/?state=located")
    yield Page("victim-tell", "officer", f"{one}/victims/new/")
    yield Page("victim-state", "officer", f"/victims/{told['located'].pk}/state/")
    yield Page("victim-child", "officer", f"/victims/{told['located'].pk}/child/")
    yield Page("victim-not", "officer", f"/victims/{rescued.pk}/child/end/")


def _joint(world: Any) -> Iterator[Page]:
    """Joint operations in every state, and campaigns."""
    from wayhome.casework.operations.queries.joint import planned

    begun = world.joint["launched"].steps.get(step="launched").operation_id
    yield Page("board-empty", "officer", f"/operations/{begun}/board/")
    plan = {name: f"/joint/{one.number}" for name, one in world.joint.items()}
    site = {name: sorted(one.pk for one, _last in planned(row).sites) for name, row in world.joint.items()}
    yield Page("joint-draft", "officer", f"/investigations/{world.investigation.number}/joint/", refused=True)
    yield Page("joint-drafted", "officer", f"{plan['drafted']}/")
    yield Page("joint-site", "officer", f"{plan['drafted']}/sites/new/?replaces={site['drafted'][0]}")
    yield Page("joint-site-refused", "officer", f"{plan['drafted']}/sites/new/", refused=True)
    yield Page("joint-approve", "supervisor", f"{plan['drafted']}/approve/")
    yield Page("joint-approved", "officer", f"{plan['approved']}/")
    yield Page("joint-seal", "officer", f"{plan['approved']}/seal/")
    yield Page("joint-sealed", "officer", f"{plan['sealed']}/")
    yield Page("joint-sealed-leader", "officer_gd", f"{plan['sealed']}/")
    yield Page("led-site", "officer_gd", f"/joint/sites/{site['sealed'][1]}/mine/")
    yield Page("readiness", "officer_gd", f"/joint/sites/{site['sealed'][1]}/")
    yield Page("readiness-refused", "officer", f"/joint/sites/{site['sealed'][2]}/", refused=True)
    yield Page("joint-launch", "officer", f"{plan['sealed']}/launch/", refused=True)
    yield Page("joint-stand-down", "officer", f"{plan['launched']}/stand-down/")
    yield Page("joint-launched", "supervisor", f"{plan['launched']}/")
    yield Page("joint-review", "officer", f"{plan['stood_down']}/review/")
    yield Page("joint-reviewed", "officer", f"{plan['reviewed']}/")
    yield Page("campaigns", "supervisor", "/campaigns/")
    yield Page("campaigns-read", "officer", "/campaigns/")
    yield Page("campaign-record", "supervisor", "/campaigns/new/", refused=True)


def _partners(world: Any) -> Iterator[Page]:
    pk = world.partners
    yield Page("partners", "supervisor", "/partners/")
    yield Page("partners-empty", "liaison", "/partners/")
    yield Page("partners-share", "supervisor", "/partners/share/", refused=True)
    yield Page("partners-case", "supervisor", f"/partners/cases/{pk['case']}/")
    yield Page("partners-end", "supervisor", f"/partners/cases/{pk['case']}/end/", refused=True)
    yield Page("partners-key", "supervisor", f"/partners/cases/{pk['case']}/key/", refused=True)
    yield Page("partners-ended", "supervisor", f"/partners/cases/{pk['ended']}/")
    yield Page("partners-reopen", "supervisor", f"/partners/reopenings/{pk['reopening']}/")
    yield Page("partners-write", "supervisor", f"/partners/cases/{pk['case']}/write/", refused=True)
    yield Page("partners-tie", "supervisor", f"/partners/cases/{pk['case']}/child/", refused=True)
    yield Page("partners-answer", "supervisor", f"/partners/questions/{pk['question']}/")
    yield Page("partners-return", "supervisor", f"/partners/returns/{pk['tie']}/")
    yield Page("partners-wait", "supervisor", f"/partners/returns/{pk['tie']}/wait/", refused=True)
    yield Page("partners-correct", "supervisor", f"/partners/returns/{pk['tie']}/steps/2/correct/", refused=True)
    yield Page("partners-wrong", "supervisor", f"/partners/returns/{pk['tie']}/correct/")
    yield Page("partners-ask", "supervisor", f"/partners/returns/{pk['tie']}/ask/")
    yield Page("partners-tell", "supervisor", f"/partners/returns/{pk['tie']}/tell/", refused=True)
    yield Page("partners-dna", "supervisor2", f"/partners/dna/{pk['dna']}/approve/")
    yield Page("partners-look", "supervisor", f"/partners/found/{pk['found']}/", refused=True)
    yield Page("partners-package", "supervisor", f"/partners/packages/{pk['sent']}/")
    yield Page("partners-package-approve", "supervisor2", f"/partners/packages/{pk['waits']}/approve/")
    yield Page("partners-told", "supervisor", f"/partners/told/{pk['told']}/")


def pages(world: Any) -> Iterator[Page]:
    """All of them."""
    from wayhome.casework.custody import queries

    number = {name: child.number for name, child in world.shown.items()}
    offer = queries.pending_offers().order_by("pk").first()
    yield Page("login", "", "/account/login/")
    for who in ("nurse", "officer", "supervisor", "caseworker", "auditor"):
        yield Page(f"today-{who}", who, "/")
    yield Page("children", "supervisor", "/children/")
    yield Page("children-empty", "officer_gd", "/children/")
    yield Page("register", "officer", "/children/register/")
    yield Page("child-post", "officer", f"/children/{number['post']}/")
    yield Page("child-hospital", "doctor", f"/children/{number['hospital']}/")
    yield Page("child-home", "caseworker", f"/children/{number['home']}/")
    yield Page("child-missing", "caseworker", f"/children/{number['missing']}/")
    yield Page("hand-over", "nurse", f"/children/{number['cleared']}/hand-over/")
    yield Page("accept", "nurse", f"/offers/{offer.pk}/")
    yield Page("refuse", "nurse", f"/offers/{offer.pk}/refuse/")
    yield Page("clearance", "doctor", f"/children/{number['hospital']}/clearance/")
    yield Page("chart", "nurse", f"/children/{number['hospital']}/observations/")
    yield Page("head-count", "caseworker", f"/head-count/{world.facilities['home'].pk}/")
    yield Page("exclusions", "officer", "/exclusions/")
    yield Page("exclude", "officer", "/exclusions/new/")
    yield Page("people", "officer", "/people/")
    yield Page("person", "officer", f"/people/{world.buyer.pk}/")
    yield from _families(world)
    yield from _kits(world)
    yield from _results(world)
    yield from _lists(world)
    yield from _candidates(world)
    yield from _returns(world)
    yield from _releases(world)
    yield from _announcements(world)
    yield from _clues(world)
    yield from _partners(world)
    yield Page("operations", "officer", "/operations/")
    yield Page("operation", "officer", f"/operations/{world.operation.pk}/")
    yield Page("board", "officer", f"/operations/{world.operation.pk}/board/")
    yield Page("report-officers", "officer", f"/operations/{world.operation.pk}/officers/")
    yield Page("report-seizure", "officer", f"/operations/{world.operation.pk}/seizures/")
    yield from _investigations(world)
    yield from _joint(world)
    yield Page("merge", "officer2", f"/merges/{world.step.pk}/")
    yield Page("break-glass", "doctor", "/break-glass/")
    yield Page("reviews", "supervisor", "/reviews/")
    yield Page("audit", "auditor", "/audit/")
    yield Page("wristband", "officer", f"/children/{number['post']}/wristband/")
    yield Page("sheet", "nurse", f"/children/{number['hospital']}/handover/2/")
    yield Page("account", "officer", "/account/")
    yield Page("tokens", "officer", "/account/tokens/")
    yield Page("token-new", "officer", "/account/tokens/new/")
    yield Page("foster-ask", "caseworker", f"/children/{number['home']}/foster/")
    yield Page("foster", "caseworker", f"/foster/{world.foster.pk}/")
    yield Page("foster-approve", "supervisor", f"/foster/{world.foster.pk}/approve/")
    yield Page("foster-end", "supervisor", f"/foster/{world.foster.pk}/end/")
    yield Page("visitors", "caseworker", f"/visitors/{world.facilities['home'].pk}/")
    yield Page("visitors-none", "nurse", f"/visitors/{world.facilities['hospital'].pk}/")
    yield Page("assignments", "supervisor", f"/children/{number['home']}/assignments/")
    yield Page("assignment-end", "supervisor", f"/assignments/{world.assignment.pk}/end/")
    yield Page("siblings", "nurse", f"/children/{number['hospital']}/siblings/")
    yield Page("observation-correct", "nurse", f"/children/{number['hospital']}/observations/{world.observation.pk}/correct/")
    yield Page("password-first", "nurse2", "/account/password/")
    yield Page("passkey", "officer", "/account/second-factor/webauthn/add/")
    yield Page("picture", "officer", f"/children/{number['post']}/picture/")
    place = {name: facility.pk for name, facility in world.facilities.items()}
    yield Page("today-placement", "placement", "/")
    yield Page("capacity", "caseworker", "/capacity/")
    yield Page("capacity-home", "caseworker", f"/capacity/{place['home']}/")
    yield Page("capacity-full", "caseworker", f"/capacity/{place['beihai']}/")
    yield Page("capacity-never", "caseworker", f"/capacity/{place['guilin']}/")
    yield Page("capacity-read", "placement", f"/capacity/{place['nanning']}/")
    yield Page("surge-ask", "caseworker", f"/capacity/{place['home']}/surge/")
    yield Page("surge-approve", "supervisor", f"/surges/{world.surge.pk}/")
    yield Page("placements-answer", "caseworker", "/placements/")
    yield Page("placements-none", "caseworker_gd", "/placements/")
    yield Page("placement-answer", "caseworker", f"/placements/{world.asked[0].pk}/")
    yield Page("placement-refuse", "caseworker", f"/placements/{world.asked[0].pk}/refuse/")
    yield Page("placement-desk", "placement", "/placements/")
    yield Page("ask-home", "placement", f"/children/{world.waiting[3].number}/ask-home/")
    yield Page("child-waiting", "supervisor", f"/children/{world.waiting[2].number}/")
    yield Page("hand-over-kept", "nurse", f"/children/{world.waiting[2].number}/hand-over/")
    yield Page("risk-area", "officer", f"/children/{world.waiting[2].number}/risk-area/")
    yield Page("vote", "doctor", f"/separations/{world.separation.pk}/")
    yield Page("costs", "supervisor", "/costs/?month=2011-07")
    yield Page("costs-none", "supervisor", "/costs/?month=2011-06")
    yield Page("costs-wrong", "supervisor", "/costs/?month=2012-01")
    yield Page("funding", "supervisor", f"/capacity/{place['home']}/funding/")
    yield Page("funding-read", "caseworker", f"/capacity/{place['home']}/funding/")
    yield Page("funding-none", "supervisor", f"/capacity/{place['guilin']}/funding/")
    yield Page("home-reports", "caseworker", f"/capacity/{place['home']}/reports/")
    yield Page("home-reports-none", "caseworker", f"/capacity/{place['guilin']}/reports/")
    yield Page("positions", "placement", "/positions/")
    yield Page("position", "supervisor", "/positions/NN/")
    yield Page("position-none", "supervisor", "/positions/GD/")
    yield Page("plan", "supervisor", f"/plans/{world.plan.pk}/")
    yield Page("plan-job", "placement", f"/plans/jobs/{world.job.pk}/")
    yield Page("plan-cancel", "placement", f"/plans/jobs/{world.job.pk}/cancel/")
    yield Page("asked-child", "caseworker", f"/placements/{world.asked[0].pk}/child/")
    yield Page("bill", "supervisor", f"/plans/{world.plan.pk}/bill/")
    yield from _extremes(world)
    yield Page("second-factor", "officer", "/account/second-factor/")
    yield Page("not-found", "nurse", "/children/000000000/")


def _extremes(world: Any) -> Iterator[Page]:
    """Nothing, one, very many with long names; and forms that are refused."""
    waiting = world.waiting[3].number
    place = {name: facility.pk for name, facility in world.facilities.items()}
    for much in ("none", "one", "many"):
        yield Page(f"placement-desk-{much}", f"placement_{much}", "/placements/")
        yield Page(f"today-{much}", f"placement_{much}", "/")
        yield Page(f"children-{much}", f"placement_{much}", "/children/")
        yield Page(f"capacity-{much}", f"caseworker_{much}", "/capacity/")
        yield Page(f"placements-answer-{much}", f"caseworker_{much}", "/placements/")
    many, one = world.extremes["many"], world.extremes["one"]
    yield Page("ask-home-many", "placement_many", f"/children/{many.children[0].number}/ask-home/")
    yield Page("hand-over-many", "nurse_many", f"/children/{many.children[0].number}/hand-over/")
    yield Page("child-many", "placement_many", f"/children/{many.children[1].number}/")
    yield Page("capacity-home-many", "caseworker_many", f"/capacity/{many.places['home0'].pk}/")
    yield Page("plan-many", "placement_many", f"/plans/{world.plans['many'].pk}/")
    yield Page("bill-many", "placement_many", f"/plans/{world.plans['many'].pk}/bill/")
    yield Page("plan-one", "placement_one", f"/plans/{world.plans['one'].pk}/")
    yield Page("bill-none", "placement_one", f"/plans/{world.plans['one'].pk}/bill/")
    yield Page("ask-home-none", "placement_one", f"/children/{one.children[0].number}/ask-home/")
    yield Page("placement-answer-many", "caseworker_many", f"/placements/{world.asked_many.pk}/")
    yield Page("register-error", "officer", "/children/register/", refused=True)
    yield Page("hand-over-error", "nurse", f"/children/{waiting}/hand-over/", refused=True)
    yield Page("capacity-error", "caseworker", f"/capacity/{place['guilin']}/", refused=True)
    yield Page("surge-ask-error", "caseworker", f"/capacity/{place['home']}/surge/", refused=True)
    yield Page("placement-refuse-error", "caseworker", f"/placements/{world.asked[0].pk}/refuse/", refused=True)
    yield Page("risk-area-error", "officer", f"/children/{world.waiting[2].number}/risk-area/", refused=True)
    yield Page("vote-error", "doctor", f"/separations/{world.separation.pk}/", refused=True)
    yield Page("clearance-error", "doctor", f"/children/{world.shown['hospital'].number}/clearance/", refused=True)


def start(world: Any) -> WSGIServer:
    """Serve from a thread, on a free port."""
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="wayhome-pictured-") as folder:
        world = house(Path(folder), many_children=8)
        server = start(world)
        shown = list(pages(world))
        sessions = {who: session(world, who) for who in {page.who for page in shown} if who}
        listed = [[page.name, page.who, page.path, page.refused] for page in shown]
        print(json.dumps({"port": server.server_port, "sessions": sessions, "pages": listed}), flush=True)
        sys.stdin.read()
