"""Every page for every role: it opens for those whose task it is, is refused to others, and what is foreign is not there."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from factories.world import World
from wayhome.casework.accounts.rules import ROLES, Permission, Role
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.operations import actions as operations

P = Permission
PEOPLE = (
    "officer", "nurse", "doctor", "caseworker", "placement", "analyst", "lab_supervisor", "supervisor", "partner_liaison",
    "auditor", "administrator",
)  # fmt: skip
"""One of each role that stands in the world."""
FREE = {"today", "account", "tokens", "give_token"}
ASKS: dict[str, Permission] = {
    "children": P.READ_CHILD,
    "lab_files": P.WORK_SAMPLE,
    "bench": P.WORK_SAMPLE,
    "import_lab_file": P.WORK_SAMPLE,
    "register": P.REGISTER_CHILD,
    "heads": P.COUNT_HEADS,
    "exclusions": P.READ_EXCLUSIONS,
    "exclude": P.ENTER_EXCLUSION,
    "people": P.RECORD_PERSON,
    "record_person": P.RECORD_PERSON,
    "operations": P.RECORD_OPERATION,
    "record_operation": P.RECORD_OPERATION,
    "break_glass": P.BREAK_GLASS,
    "glasses": P.REVIEW_BREAK_GLASS,
    "audit": P.READ_AUDIT,
    "placements": P.READ_CAPACITY,
    "capacity": P.REPORT_CAPACITY,
    "make_plan": P.PLAN_NIGHT,
    "costs": P.READ_COSTS,
    "positions": P.PLAN_NIGHT,
    "families": P.READ_REQUEST,
    "record_request": P.RECORD_REQUEST,
    "kits": P.READ_SAMPLE,
    "candidates": P.READ_CANDIDATE,
    "returns": P.READ_CASE,
    "partners": P.WRITE_PARTNERS,
    "share_case": P.WRITE_PARTNERS,
    "announcements": P.ANNOUNCE,
    "propose_announcement": P.ANNOUNCE,
    "ministry": P.READ_DESK,
    "ministry_children": P.READ_DESK,
    "clocks": P.READ_CHILD,
    "clues": P.READ_CLUE,
    "record_clue": P.RECORD_CLUE,
    "investigations": P.READ_INVESTIGATION,
    "open_investigation": P.RECORD_OPERATION,
    "name_lead": P.DIRECT_OPERATION,
    "campaigns": P.READ_INVESTIGATION,
    "record_campaign": P.DIRECT_OPERATION,
    "limits": P.SET_LIMIT,
    "set_limit": P.SET_LIMIT,
    "calendars": P.SET_LIMIT,
    "enter_calendar": P.SET_LIMIT,
}
OF_A_CHILD: dict[str, Permission] = {
    "child": P.READ_CHILD,
    "wristband": P.READ_CHILD,
    "replace_wristband": P.DESCRIBE_CHILD,
    "hand_over": P.OFFER_HANDOVER,
    "clearance": P.CLEAR,
    "death": P.CLEAR,
    "chart": P.READ_CHILD,
    "plan": P.OBSERVE,
    "measure": P.OBSERVE,
    "sample": P.OBSERVE,
    "age": P.DESCRIBE_CHILD,
    "mark": P.DESCRIBE_CHILD,
    "item": P.DESCRIBE_CHILD,
    "statement": P.DESCRIBE_CHILD,
    "picture": P.DESCRIBE_CHILD,
    "correct": P.DESCRIBE_CHILD,
    "missing": P.REPORT_MISSING,
    "merge": P.MERGE_CHILDREN,
    "split": P.MERGE_CHILDREN,
    "propose_foster": P.PROPOSE_FOSTER,
    "assignments": P.ASSIGN,
    "siblings": P.DESCRIBE_CHILD,
    "ask_home": P.READ_CAPACITY,
    "mark_risk": P.MARK_RISK,
    "separate": P.DECIDE_SEPARATION,
    "order_child_kit": P.TAKE_SAMPLE,
    "return_file": P.READ_CASE,
    "open_return": P.VERIFY_CASE,
    "not_found": P.READ_CASE,
    "certify": P.CERTIFY_NOT_FOUND,
    "publish_notice": P.VERIFY_CASE,
}
OF_SOMETHING_ELSE = {
    "alarm", "find", "photo", "handover_sheet", "sample_result", "found", "accept", "refuse", "withdraw", "count",
    "confirm_merge", "person", "fact", "tie", "operation", "rescue", "review", "audit_check", "audit_child", "set_language",
    "foster", "approve_foster", "end_foster", "admit", "end_assignment", "correct_observation", "revoke_token",
    "home_capacity", "ask_surge", "approve_surge", "answer_placement", "refuse_placement", "end_placement", "night_plan", "bill",
    "vote_separation", "funding", "home_reports", "cost_sheet", "position", "asked_child", "plan_job", "cancel_plan",
    "family", "request_slip", "samples", "describe_request", "missing_mark", "missing_item", "family_picture", "family_photo",
    "add_relative", "withdraw_request", "settle_duplicate", "relative", "consent", "strike_relative", "unlink",
    "withdraw_consent", "kit_profiles", "type_profile", "child_profile",
    "scan_kits", "kit", "kit_label", "kit_paper", "tell_hop", "order_relative_kit",
    "add_evidence", "correct_evidence", "hold_back", "reply_held_back", "enquire", "countersign_enquiry", "end_guardianship",
    "propose_determination", "determination",
    "not_found_paper",
    "ask_release", "release", "approve_release", "revoke_release", "offer_return", "complete_return", "visit_family",
    "candidate", "confirm_match", "take_back_match", "make_report", "report", "ranking",
    "export_list",
    "board", "report_officers", "report_seizure",
    "read_lines", "clue", "add_to_clue", "clue_step", "cluster", "judge_clues", "open_clue", "shut_clue",
    "investigation", "supervise", "add_member", "end_member", "hand_over_lead", "tie_operation", "untie_operation", "ledger",
    "tell_victim",
    "tell_victim_state", "tie_victim", "untie_victim",
    "draft_plan", "joint_plan", "add_site", "report_readiness", "approve_plan", "seal_plan", "launch_plan", "stand_down_plan",
    "review_plan",
    "approve_limit", "approve_calendar", "led_site",
    "shared_case", "write_to_partner", "tie_child", "answer_partner", "return_abroad", "wait_for", "ask_abroad", "tell_abroad",
    "correct_step", "correct_tie", "end_case", "tell_key", "reopen_case", "approve_reopening",
    "approve_question", "look_before_answer", "package", "approve_package", "told_to_us",
    "network", "announcement", "approve_announcement", "public_announcement", "public_announcements", "public_feed",
}  # fmt: skip
"""Pages that need a row of their own; each has a test below or in a file of its own."""


def names(patterns: list[URLPattern | URLResolver]) -> set[str]:
    """Every named address of the pages."""
    found: set[str] = set()
    for one in patterns:
        if isinstance(one, URLResolver):
            found |= names(one.url_patterns)
        elif one.name:
            found.add(one.name)
    return found


def test_every_address_has_a_row() -> None:
    pages = {name for name in names(get_resolver("wayhome.web.urls").url_patterns) if not name.startswith(("account_", "mfa_"))}
    assert pages == FREE | set(ASKS) | set(OF_A_CHILD) | OF_SOMETHING_ELSE


@pytest.mark.parametrize("who", PEOPLE)
def test_a_page_opens_for_those_whose_task_it_is(world: World, client_of, who: str) -> None:
    may = ROLES[Role(world.staff[who].role)]
    client = client_of(who)
    for name in FREE:
        assert client.get(reverse(name)).status_code == 200
    for name, permission in ASKS.items():
        answer = client.get(reverse(name), follow=True)
        assert answer.status_code == (200 if permission in may else 403), name
        if permission not in may:
            assert 'data-code="not_allowed"' in answer.content.decode()


@pytest.mark.parametrize("who", PEOPLE)
def test_a_childs_pages(world: World, client_of, who: str) -> None:
    child = world.in_hospital()
    may = ROLES[Role(world.staff[who].role)]
    # The hospital has the child, the police rescued it, those above oversee; the welfare agency has nothing to do with it yet.
    concerned = who in ("officer", "nurse", "doctor", "placement", "supervisor")
    client = client_of(who)
    for name, permission in OF_A_CHILD.items():
        wanted = 403 if permission not in may else 200 if concerned else 404
        assert client.get(reverse(name, args=[child.number])).status_code == wanted, name


@pytest.mark.parametrize("who", ["officer_gd", "caseworker_gd", "caseworker"])
def test_a_foreign_child_is_not_there(world: World, client_of, who: str) -> None:
    child, gone = world.in_hospital(), "123456784"
    client = client_of(who)
    for name in OF_A_CHILD:
        for number in (child.number, gone):
            answer = client.get(reverse(name, args=[number]))
            assert answer.status_code in (403, 404)
            assert child.call_name not in answer.content.decode()
    foreign = client.get(reverse("child", args=[child.number]))
    missing = client.get(reverse("child", args=["000000000"]))
    assert foreign.status_code == missing.status_code == 404
    assert client.get(reverse("find"), {"q": child.number}).status_code == 404
    for page in ("today", "children"):
        assert child.number not in client.get(reverse(page)).content.decode().replace(" ", "")


def rows(world: World) -> dict[str, tuple[str, object]]:
    """Pages of rows that only some may see: address -> who may."""
    child = world.child()
    offer = custody.offer_handover(
        child=child,
        to_facility=world.facilities["hospital"],
        kind=Kind.HOSPITAL,
        wristband=child.number,
        place="gate",
        condition="calm",
        by=world.actor("officer"),
        at=world.now(),
    )
    person = operations.record_person(label="somebody", facts=[("name", "张三丰")], by=world.actor("officer"), at=world.now())
    assert world.operation is not None
    return {
        reverse("accept", args=[offer.pk]): ("nurse", "caseworker"),
        reverse("refuse", args=[offer.pk]): ("nurse", "caseworker"),
        reverse("withdraw", args=[offer.pk]): ("officer", "nurse"),
        reverse("person", args=[person.pk]): ("officer", "officer_gd"),
        reverse("fact", args=[person.pk]): ("officer", "officer_gd"),
        reverse("tie", args=[person.pk]): ("officer", "officer_gd"),
        reverse("operation", args=[world.operation.pk]): ("officer", "officer_gd"),
        reverse("rescue", args=[world.operation.pk]): ("officer", "officer_gd"),
        reverse("board", args=[world.operation.pk]): ("supervisor", "officer_gd"),
        reverse("report_officers", args=[world.operation.pk]): ("officer", "officer_gd"),
        reverse("report_seizure", args=[world.operation.pk]): ("officer", "officer_gd"),
        reverse("count", args=[world.facilities["hospital"].pk]): ("nurse", "caseworker"),
    }


def test_a_row_opens_for_those_it_concerns_and_is_not_there_for_others(world: World, client_of) -> None:
    for address, (concerned, foreign) in rows(world).items():
        assert client_of(concerned).get(address).status_code == 200, address
        assert client_of(foreign).get(address).status_code == 404, address


def test_nobody_is_in_without_logging_in(world: World) -> None:
    child = world.child()
    client = Client()
    addresses = [reverse(name) for name in FREE | set(ASKS)] + [reverse(name, args=[child.number]) for name in OF_A_CHILD]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith(reverse("account_login"))


def test_a_page_names_no_child_in_its_title_or_address(world: World, client_of) -> None:
    child = world.in_hospital()
    page = client_of("nurse").get(reverse("child", args=[child.number]))
    title = re.search(r"<title>(.*?)</title>", page.content.decode())
    assert title is not None
    assert child.call_name not in title[1]
    assert child.number in title[1].replace(" ", "")


def test_reading_a_file_is_an_event(world: World, client_of) -> None:
    from wayhome.casework.audit import queries

    child = world.in_hospital()
    before = queries.child_events(child.pk).filter(action="custody.read_file").count()
    client_of("nurse").get(reverse("child", args=[child.number]))
    assert queries.child_events(child.pk).filter(action="custody.read_file").count() == before + 1


def test_lists_without_anything_say_so(world: World, client_of) -> None:
    for who, name in (
        ("nurse", "today"),
        ("nurse", "children"),
        ("officer", "exclusions"),
        ("supervisor", "glasses"),
        ("nurse", "count"),
    ):
        arguments = [world.facilities["hospital"].pk] if name == "count" else []
        assert 'class="empty"' in client_of(who).get(reverse(name, args=arguments)).content.decode(), name
