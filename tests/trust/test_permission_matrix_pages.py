"""Every page x every role x own or foreign jurisdiction, against a table. A page without a row fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, reverse

from factories.api_case import Things
from factories.api_cases import ROLES
from factories.busy import busy_house
from factories.logins import Sessions, browser, logged_in
from trust.matrix import PAGES
from wayhome.casework.accounts import actions as accounts
from wayhome.web import desk, urls

pytestmark = pytest.mark.django_db
OWN_ACCOUNT = ("account", "mfa_", "set_language")
"""Pages of one's own login: they hold nothing of a case, and everybody has them."""
ASKED = ("audit_check", "audit_child", "read_lines")
"""Pages that are asked for by a form."""
LETTERS = {200: "+", 302: ">", 403: "f", 404: "n", 409: "r"}


@dataclass
class Seen:
    """A page as it was shown to everybody."""

    own: str = ""
    foreign: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    """What those elsewhere were shown, without its own address."""


@pytest.fixture(scope="module")
def busy(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Things, Sessions]]:
    """A world with everything in it, made once; everybody has a login and a second factor."""
    with django_db_blocker.unblock(), busy_house() as things:
        sessions = logged_in(things.world, (who for people in ROLES.values() for who in people))
        now = datetime.now(UTC)
        officer = things.world.staff["officer"]
        accounts.give_token(
            staff=officer,
            scopes=["me"],
            label="scales",
            by=things.world.actor("officer"),
            at=now,
            expires_at=now + timedelta(days=1),
        )
        things.ids["token"] = officer.tokens.get(label="scales").pk
        yield things, sessions


@pytest.fixture(scope="module")
def seen(busy: tuple[Things, Sessions]) -> Callable[[str], Seen]:
    """What everybody sees of a page; each is asked for once, for all that is to be known of it."""
    things, sessions = busy
    return cache(lambda name: shown(things, sessions, name))


@pytest.fixture(autouse=True)
def signed_in_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody proved a moment ago who they are; tests/web shows what happens otherwise."""
    monkeypatch.setattr(desk, "proved_lately", lambda request: True)


def names(patterns: list[Any]) -> Iterator[str]:
    """Names of all pages but those of one's own login."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and not str(pattern.name).startswith(OWN_ACCOUNT):
            yield str(pattern.name)


def address(things: Things, name: str) -> str:
    """A page about something in the world."""
    of = {
        "alarm": [things.alarm],
        "export_list": ["children"],
        "approve_limit": [things.limit],
        "approve_calendar": [things.calendar],
        "public_announcement": [things.announced],
        "shared_case": [things.shared_case],
        "write_to_partner": [things.shared_case],
        "tie_child": [things.shared_case],
        "end_case": [things.shared_case],
        "tell_key": [things.shared_case],
        "reopen_case": [things.shared_case],
        "approve_reopening": [things.case_reopening],
        "answer_partner": [things.partner_question],
        "return_abroad": [things.tied_typed],
        "wait_for": [things.tied],
        "correct_step": [things.tied_typed, 1],
        "correct_tie": [things.tied],
        "ask_abroad": [things.tied],
        "tell_abroad": [things.tied],
        "approve_question": [things.dna_question],
        "look_before_answer": [things.dna_found],
        "package": [things.package],
        "approve_package": [things.package],
        "told_to_us": [things.partner_package],
        "announcement": [things.announced, 1],
        "approve_announcement": [things.announced, 1],
        "accept": [things.offer],
        "refuse": [things.offer],
        "withdraw": [things.offer],
        "count": [things.world.facilities["hospital"].pk],
        "confirm_merge": [things.step],
        "review": [things.glass],
        "handover_sheet": [things.child, 2],
        "sample_result": [things.child, things.sample],
        "found": [things.home],
        "split": [things.merged],
        "foster": [things.foster.pk],
        "approve_foster": [things.foster.pk],
        "end_foster": [things.foster.pk],
        "admit": [things.world.facilities["hospital"].pk],
        "end_assignment": [things.assignment],
        "correct_observation": [things.child, things.observation],
        "revoke_token": [things.token],
        "home_capacity": [things.world.facilities["home"].pk],
        "funding": [things.world.facilities["home"].pk],
        "home_reports": [things.world.facilities["home"].pk],
        "cost_sheet": ["2011-07"],
        "position": ["GX"],
        "ask_surge": [things.world.facilities["home"].pk],
        "approve_surge": [things.surge],
        "answer_placement": [things.placement],
        "asked_child": [things.placement],
        "refuse_placement": [things.placement],
        "end_placement": [things.placement],
        "vote_separation": [things.separation],
        "plan_job": [things.plan_job],
        "cancel_plan": [things.plan_job],
        "night_plan": [things.plan],
        "bill": [things.plan],
        "settle_duplicate": [things.pair],
        "family_photo": [things.request, things.request_photo],
        "relative": [things.father],
        "consent": [things.father],
        "strike_relative": [things.father],
        "unlink": [things.parentage],
        "withdraw_consent": [things.consent],
        "kit_profiles": [things.typed],
        "type_profile": [things.to_type],
        "child_profile": [things.typed, 1],
        "kit": [things.kit],
        "kit_label": [things.kit],
        "kit_paper": [things.kit],
        "tell_hop": [things.kit, "received"],
        "order_relative_kit": [things.father],
        "return_file": [things.filed],
        "add_evidence": [things.case],
        "correct_evidence": [things.case, things.row],
        "hold_back": [things.case],
        "enquire": [things.case],
        "propose_determination": [things.case],
        "reply_held_back": [things.held],
        "countersign_enquiry": [things.enquiry],
        "end_guardianship": [things.accused],
        "determination": [things.proposed],
        "ask_release": [things.may_ask],
        "release": [things.asked_release],
        "approve_release": [things.asked_release],
        "revoke_release": [things.asked_release],
        "offer_return": [things.door],
        "complete_return": [things.offered_release],
        "visit_family": [things.execution],
        "candidate": [things.candidate],
        "confirm_match": [things.ready],
        "take_back_match": [things.confirmed],
        "ranking": [things.matched_child],
        "make_report": [things.ready],
        "report": [things.ready, "vi"],
        "not_found_paper": [things.child, "notice", "vi"],
        "report_readiness": [things.site_sealed],
        "led_site": [things.site_led],
        "end_member": [things.investigation, things.member],
        "tell_victim_state": [things.victim],
        "tie_victim": [things.victim],
        "untie_victim": [things.rescued],
        "untie_operation": [things.investigation, things.tied_operation],
    }
    one = {"person": "person", "fact": "person", "tie": "person", "operation": "operation", "rescue": "operation"}
    one |= dict.fromkeys(("board", "report_officers", "report_seizure"), "operation")
    of |= {
        **{page: [things.ids["clue"]] for page in ("clue", "add_to_clue", "clue_step", "cluster", "shut_clue")},
        "network": [things.ids["clue"], 1],
        "judge_clues": [things.ids["clue"], things.ids["clue2"]],
        "open_clue": [things.ids["clue"], "police_gd"],
    }
    if name in one:
        return reverse(name, args=[things.ids[one[name]]])
    if name in of:
        return reverse(name, args=of[name])
    if any(pattern.name == name for pattern in urls._ONE_FAMILY):
        return reverse(name, args=[things.request])
    if any(pattern.name == name for pattern in urls._ONE_PLAN):
        return reverse(name, args=[things.plan_drafted])
    if any(pattern.name == name for pattern in urls._ONE_INVESTIGATION):
        return reverse(name, args=[things.investigation])
    of_a_child = any(pattern.name == name for pattern in urls._ONE_CHILD)
    return reverse(name, args=[things.child] if of_a_child else [])


def visit(things: Things, session: str, name: str) -> HttpResponse:
    """A page as somebody sees it."""
    client = browser(session)
    if name in ASKED:
        return client.post(address(things, name), {"number": things.child})
    return client.get(address(things, name))


def shown(things: Things, sessions: Sessions, name: str) -> Seen:
    """What each role is shown, undone after each."""
    seen = Seen()
    for own, foreign in ROLES.values():
        with transaction.atomic():
            seen.own += LETTERS.get(visit(things, sessions[own], name).status_code, "?")
            transaction.set_rollback(True)
        with transaction.atomic():
            answer = visit(things, sessions[foreign], name)
            seen.foreign += LETTERS.get(answer.status_code, "?")
            if answer.status_code == 200 and not answer.streaming:
                seen.texts[foreign] = answer.content.decode(errors="replace").replace(address(things, name), "")
            transaction.set_rollback(True)
    return seen


def test_every_page_has_a_row() -> None:
    assert set(PAGES) == set(names(urls.urlpatterns))


@pytest.mark.parametrize("name", PAGES)
def test_outcomes(seen: Callable[[str], Seen], name: str) -> None:
    assert (seen(name).own, seen(name).foreign) == PAGES[name]


@pytest.mark.parametrize("name", [name for name in PAGES if name not in ASKED])
def test_no_page_holds_a_foreign_row(busy: tuple[Things, Sessions], seen: Callable[[str], Seen], name: str) -> None:
    things, _ = busy
    numbers = [things.ids[child] for child in ("child", "ward", "home", "one", "two", "merged")]
    numbers += [things.ids["request"], things.ids["again"]]
    secrets = [
        *numbers,
        *(f"{n[:3]} {n[3:6]} {n[6:]}" for n in numbers),
        "小荷",
        "小梅",
        "red coat",
        "北仑大道",
        "8.6.2011",
        "李小妹",
        "韦小兰",
        "吴桂花",
        "a neighbour",
        "the night boats",
        things.ids["investigation"],
        things.ids["plan_sealed"],
        "night: sealed",
    ]
    held = {who: [secret for secret in secrets if secret in text] for who, text in seen(name).texts.items()}
    assert not {who: some for who, some in held.items() if some}
