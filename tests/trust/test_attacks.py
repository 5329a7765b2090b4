"""Attempts to get a child to its buyer. Each must fail to move the child and must leave an alarm.

The first part goes through the house's actions as somebody who lies would; the second is raw SQL with the rights of the web role.
The list grows by one for every incident.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from factories.world import World
from trust.buyer import BUYER
from trust.raw_sql import in_vain, web_role
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.actions import raise_alarm
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions as children
from wayhome.casework.children.models import Child
from wayhome.casework.core import guards
from wayhome.casework.core.errors import CaseworkError
from wayhome.casework.custody import actions, queries
from wayhome.casework.custody.models import CustodyEpisode, FosterRequest
from wayhome.casework.custody.rules import Kind
from wayhome.casework.operations import actions as operations
from wayhome.casework.operations.models import Person

APPROVERS = ("officer", "supervisor")


def asked(
    world: World,
    child: Child,
    *facts: tuple[str, str],
    address: str = "广西钦州市安州大道77号",
    approvers: tuple[str, ...] = APPROVERS,
) -> FosterRequest:
    """A foster request for somebody with these facts, approved."""
    request = actions.propose_foster(
        child=child,
        institution=world.facilities["home"],
        person=world.person("foster mother", *facts),
        address=address,
        reason="family care",
        by=world.actor("caseworker"),
        at=world.now(),
    )
    for name in approvers:
        actions.approve_foster(request=request, digest=request.digest, by=world.actor(name), at=world.now())
    return request


def foster(world: World, child: Child, *facts: tuple[str, str], **more: Any) -> None:
    """Ask for foster care, have it approved, and hand the child over: as far as it goes."""
    request = asked(world, child, *facts, **more)
    offer(world, child, "home", Kind.FOSTER, giver="caseworker", receiver="caseworker2", foster=request)


def offer(
    world: World, child: Child, to: str, kind: Kind, *, giver: str, receiver: str, wristband: str = "", **more: Any
) -> CustodyEpisode:
    """Offer and accept."""
    made = actions.offer_handover(
        child=child,
        to_facility=world.facilities[to],
        kind=kind,
        wristband=wristband or child.number,
        place="gate",
        condition="well",
        by=world.actor(giver),
        at=world.now(),
        **more,
    )
    return actions.accept_handover(
        offer_id=made.pk, wristband=wristband or child.number, by=world.actor(receiver), at=world.now()
    )


def test_an_honest_foster_family_takes_a_child(world: World, buyer: Person) -> None:
    child = world.in_home()
    before = Alarm.objects.count()
    foster(world, child, ("name", "闭玉莲"), ("id", "450601198001010063"), ("phone", "13900002222"))
    assert queries.head(child.pk).kind == "foster"
    assert Alarm.objects.count() == before


CLEAN = (("name", "闭玉莲"), ("id", "450601198001010063"))
Attack = Callable[[World, Child], object]


def volunteer(world: World, child: Child, *facts: tuple[str, str], purpose: str = "carer") -> None:
    actions.admit(
        facility=world.facilities["home"],
        person=world.person("volunteer", *facts),
        purpose=purpose,
        child=child if purpose == "visit" else None,
        by=world.actor("caseworker"),
        at=world.now(),
    )


def unknown_visitor(world: World, child: Child, *facts: tuple[str, str]) -> None:
    """Somebody on no record, with what the paper says that they show."""
    actions.admit(
        facility=world.facilities["home"], facts=facts, purpose="visit", child=child, by=world.actor("caseworker"), at=world.now()
    )


def with_escort(world: World, child: Child, *facts: tuple[str, str]) -> None:
    offer(world, child, "hospital", Kind.HOSPITAL, giver="caseworker", receiver="nurse", escort=world.person("driver", *facts))


def at_the_place_of_rescue(world: World, child: Child) -> None:
    assert world.registrars is not None
    world.facilities["found"] = accounts.register_facility(
        by=world.registrars,
        at=world.now(),
        code="found",
        agency=world.agencies["welfare"],
        kind="welfare_institution",
        name="北仑儿童之家",
        address="东兴市北仑大道12号",
        jurisdiction=world.jurisdictions["GX"],
    )
    offer(world, child, "found", Kind.WELFARE_INSTITUTION, giver="caseworker", receiver="caseworker2")


def at_the_buyers_home(world: World, child: Child) -> None:
    assert world.registrars is not None
    world.facilities["kin"] = accounts.register_facility(
        by=world.registrars,
        at=world.now(),
        code="kin",
        agency=world.agencies["welfare"],
        kind="welfare_institution",
        name="爱心之家",
        address="东兴市教育路8号2楼",
        jurisdiction=world.jurisdictions["GX"],
    )
    offer(world, child, "kin", Kind.WELFARE_INSTITUTION, giver="caseworker", receiver="caseworker2")


def spouse_on_the_staff(world: World, child: Child) -> None:
    assert world.registrars is not None
    world.staff["spouse"] = accounts.register_staff(
        by=world.registrars,
        at=world.now(),
        number="spouse",
        name="凌大伟",
        id_number="452801197303120031",
        agency=world.agencies["welfare"],
        role="caseworker",
    )
    offer(world, child, "home", Kind.WELFARE_INSTITUTION, giver="caseworker", receiver="spouse")


def the_absorbed_record(world: World, child: Child) -> None:
    twin = world.in_home()
    one_child(world, child, twin)
    offer(world, twin, "home", Kind.WELFARE_INSTITUTION, giver="caseworker", receiver="caseworker2")


def elsewhere(world: World) -> Child:
    """A child of another operation, in the same home."""
    officer, mine = world.actor("officer"), world.event
    operation = operations.record_operation(
        code="9.1.2011",
        title="Case 2",
        zero_hour=world.clock,
        jurisdiction=world.jurisdictions["GX"],
        by=officer,
        at=world.now(),
    )
    world.event = operations.record_rescue(
        operation=operation,
        jurisdiction=world.jurisdictions["GX"],
        place="广西防城港市渔澫路3号",
        found_at=world.clock,
        by=officer,
        at=world.now(),
    )
    try:
        return world.in_home()
    finally:
        world.event = mine


def one_child(world: World, kept: Child, absorbed: Child) -> None:
    """Two people say that two records are one child's."""
    step = children.propose_merge(kept=kept, absorbed=absorbed, reason="one child", by=world.actor("caseworker"), at=world.now())
    children.confirm_merge(step=step, by=world.actor("supervisor"), at=world.now())


def excluded_for_a_record_merged_away(world: World, child: Child) -> None:
    twin = world.in_home()
    person = world.person("foster mother", *CLEAN)
    actions.exclude(person=person, scope="child", child=twin, ground="buyer", by=world.actor("officer"), at=world.now())
    one_child(world, child, twin)
    offer(world, child, "hospital", Kind.HOSPITAL, giver="caseworker", receiver="nurse", escort=person)


def excluded_in_the_operation_of_a_record_merged_away(world: World, child: Child, *, by_way_of: bool = False) -> None:
    """Excluded for the children of another operation, of which a record merged into the child's own is one."""
    twin = elsewhere(world)
    person = world.person("driver", *CLEAN)
    operation = twin.event.operation
    actions.exclude(
        person=person, scope="operation", operation=operation, ground="buyer", by=world.actor("officer"), at=world.now()
    )
    if by_way_of:
        between = world.in_home()
        one_child(world, between, twin)
        twin = between
    one_child(world, child, twin)
    offer(world, child, "hospital", Kind.HOSPITAL, giver="caseworker", receiver="nurse", escort=person)


def excluded_after_the_offer(world: World, child: Child) -> None:
    request = asked(world, child, *CLEAN)
    made = actions.offer_handover(
        child=child,
        to_facility=world.facilities["home"],
        kind=Kind.FOSTER,
        wristband=child.number,
        place="gate",
        condition="well",
        foster=request,
        by=world.actor("caseworker"),
        at=world.now(),
    )
    actions.exclude(person=request.person, ground="threat", by=world.actor("officer"), at=world.now())
    actions.accept_handover(offer_id=made.pk, wristband=child.number, by=world.actor("caseworker2"), at=world.now())


def approval_of_something_else(world: World, child: Child) -> None:
    request = asked(world, child, *CLEAN, approvers=())
    actions.approve_foster(request=request, digest="0" * 64, by=world.actor("officer"), at=world.now())


def foster_of_another_child(world: World, child: Child) -> None:
    request = asked(world, world.in_home(), *CLEAN)
    offer(world, child, "home", Kind.FOSTER, giver="caseworker", receiver="caseworker2", foster=request)


def retired_giver(world: World, child: Child) -> None:
    assert world.registrars is not None
    accounts.end_staff(staff=world.staff["caseworker"], reason="left", by=world.registrars, at=world.now())
    offer(world, child, "hospital", Kind.HOSPITAL, giver="caseworker", receiver="nurse")


def closed_home(world: World, child: Child) -> None:
    assert world.registrars is not None
    accounts.end_facility(facility=world.facilities["home_gd"], reason="closed", by=world.registrars, at=world.now())
    offer(world, child, "home_gd", Kind.WELFARE_INSTITUTION, giver="caseworker", receiver="caseworker_gd")


def as_administrator(world: World, child: Child) -> None:
    offer(world, child, "hospital", Kind.HOSPITAL, giver="administrator", receiver="nurse")


def exclusion_by_the_wrong_office(world: World, child: Child) -> None:
    actions.exclude(subject="address", value="广西东兴市教育路8号", ground="threat", by=world.actor("nurse"), at=world.now())


BY_LIE: dict[str, tuple[str, Attack]] = {
    "to the buyer": ("excluded", lambda w, c: foster(w, c, *BUYER)),
    "to the buyer without other marks than the name": (
        "excluded",
        lambda w, c: foster(w, c, ("name", "农晓红"), ("id", "110000199001010001")),
    ),
    "to the buyer in pinyin": ("excluded", lambda w, c: foster(w, c, ("name", "Nong Xiaohong"), ("id", "110000199001010002"))),
    "to the buyer in pinyin with tones, given name first": (
        "excluded",
        lambda w, c: foster(w, c, ("name", "Xiǎohóng Nóng"), ("id", "110000199001010003")),
    ),
    "to the buyer with a typing slip": (
        "excluded",
        lambda w, c: foster(w, c, ("name", "Nong Xiaohogn"), ("id", "110000199001010004")),
    ),
    "to the buyer's homophone": ("excluded", lambda w, c: foster(w, c, ("name", "农小红"), ("id", "110000199001010005"))),
    "to somebody with the buyer's identity number": (
        "excluded",
        lambda w, c: foster(w, c, ("name", "闭玉莲"), ("id", "4528 0119 7503 1200 21")),
    ),
    "to somebody with the buyer's telephone": (
        "excluded",
        lambda w, c: foster(w, c, *CLEAN, ("phone", "0086-138-7700-1234")),
    ),
    "to the buyer under an alias": (
        "excluded",
        lambda w, c: foster(w, c, *CLEAN, ("alias", "农晓红")),
    ),
    "to a foster family at the buyer's address": ("excluded", lambda w, c: foster(w, c, *CLEAN, address="东兴市教育路8号2楼")),
    "to the spouse": ("kin_of_excluded", lambda w, c: foster(w, c, ("name", "凌大伟"), ("id", "452801197303120031"))),
    "to the spouse in pinyin": (
        "kin_of_excluded",
        lambda w, c: foster(w, c, ("name", "Ling Dawei"), ("id", "110000199001010006")),
    ),
    "to the spouse's mother, of another name": (
        "kin_of_excluded",
        lambda w, c: foster(w, c, ("name", "岑桂芝"), ("id", "452801194503120042")),
    ),
    "to a foster family at the place of rescue": (
        "place_of_rescue",
        lambda w, c: foster(w, c, *CLEAN, address="东兴市北仑大道12号3楼"),
    ),
    "to a foster family that nobody approved": ("foster_not_approved", lambda w, c: foster(w, c, *CLEAN, approvers=())),
    "to a foster family approved by one": ("foster_not_approved", lambda w, c: foster(w, c, *CLEAN, approvers=("officer",))),
    "to a foster family approved by the proposer": ("not_allowed", lambda w, c: foster(w, c, *CLEAN, approvers=("caseworker",))),
    "to a foster family approved by the proposer's house": (
        "self_approval",
        lambda w, c: foster(w, c, *CLEAN, approvers=("placement", "officer")),
    ),
    "to a foster family approved twice by one house": (
        "same_agency",
        lambda w, c: foster(w, c, *CLEAN, approvers=("officer", "officer2")),
    ),
    "to a foster family approved by an administrator": (
        "not_allowed",
        lambda w, c: foster(w, c, *CLEAN, approvers=("administrator", "officer")),
    ),
    "to a foster mother without an identity number": ("person_unknown", lambda w, c: foster(w, c, ("name", "闭玉莲"))),
    "approval of something else than was asked": ("changed_request", approval_of_something_else),
    "foster care approved for another child": ("foster_not_approved", foster_of_another_child),
    "by somebody excluded for a record that was merged into the child's": ("excluded", excluded_for_a_record_merged_away),
    "by somebody excluded in the operation of a record that was merged into the child's": (
        "excluded",
        excluded_in_the_operation_of_a_record_merged_away,
    ),
    "by somebody excluded in the operation of a record that was merged by way of another": (
        "excluded",
        lambda w, c: excluded_in_the_operation_of_a_record_merged_away(w, c, by_way_of=True),
    ),
    "excluded after approval and offer": ("excluded", excluded_after_the_offer),
    "the buyer as a volunteer carer": ("excluded", lambda w, c: volunteer(w, c, *BUYER)),
    "the buyer as a visitor, in pinyin": ("excluded", lambda w, c: volunteer(w, c, ("name", "nong xiaohong"), purpose="visit")),
    "the buyer as a visitor on no record": ("excluded", lambda w, c: unknown_visitor(w, c, *BUYER)),
    "the buyer as a visitor with somebody's paper": (
        "excluded",
        lambda w, c: unknown_visitor(w, c, *CLEAN, ("phone", "138 7700 1234")),
    ),
    "the spouse as a visitor on no record": (
        "kin_of_excluded",
        lambda w, c: unknown_visitor(w, c, ("name", "Ling Dawei"), ("id", "110000199001010007")),
    ),
    "the spouse as an official": ("kin_of_excluded", lambda w, c: volunteer(w, c, ("name", "凌大伟"), purpose="official")),
    "a nameless visitor": ("person_unknown", lambda w, c: volunteer(w, c, purpose="visit")),
    "the buyer as the driver": ("excluded", lambda w, c: with_escort(w, c, *BUYER)),
    "in the buyer's car": (
        "excluded",
        lambda w, c: offer(w, c, "hospital", Kind.HOSPITAL, giver="caseworker", receiver="nurse", vehicle="桂p-88a21"),
    ),
    "back where it was found: no bed": ("place_of_rescue", at_the_place_of_rescue),
    "a home registered at the buyer's address": ("excluded", at_the_buyers_home),
    "the spouse on the staff of the home": ("kin_of_excluded", spouse_on_the_staff),
    "back to the police": (
        "no_such_step",
        lambda w, c: offer(w, c, "post", Kind.POLICE, giver="caseworker", receiver="officer"),
    ),
    "the record that was merged away": ("merged_away", the_absorbed_record),
    "by somebody who left the service": ("giver_not_custodian", retired_giver),
    "to a home that was closed": ("place_closed", closed_home),
    "by the police of another province": (
        "giver_not_custodian",
        lambda w, c: offer(w, c, "hospital", Kind.HOSPITAL, giver="officer_gd", receiver="nurse"),
    ),
    "by one person who signs twice": (
        "one_signatory",
        lambda w, c: offer(w, c, "home", Kind.WELFARE_INSTITUTION, giver="caseworker", receiver="caseworker"),
    ),
    "by the administrator": ("not_allowed", as_administrator),
    "an exclusion entered by somebody who may not": ("not_allowed", exclusion_by_the_wrong_office),
}


@pytest.mark.parametrize("name", BY_LIE)
def test_a_lie_gets_nowhere(world: World, buyer: Person, name: str) -> None:
    code, attack = BY_LIE[name]
    child = world.in_home()
    before, episodes = Alarm.objects.count(), CustodyEpisode.objects.filter(child=child).count()
    with pytest.raises(CaseworkError) as refused:
        attack(world, child)
    assert code in (getattr(refused.value, "codes", None) or (refused.value.code,))
    assert CustodyEpisode.objects.filter(child=child).count() == episodes
    assert Alarm.objects.count() > before
    assert Alarm.objects.order_by("-pk")[0].code == code


def test_a_namesake_on_the_register_is_told_apart_by_the_identity_number(world: World) -> None:
    """王秀英 is the name of a nurse and of many others: the legal case beside the refusals."""
    child = world.child()
    namesake = world.person("suspect", ("name", "王秀英"))
    actions.exclude(person=namesake, ground="suspect", by=world.actor("officer"), at=world.now())
    with pytest.raises(CaseworkError):
        offer(world, child, "hospital", Kind.HOSPITAL, giver="officer", receiver="nurse")
    operations.add_fact(person=namesake, kind="id", value="450000197001010011", by=world.actor("officer"), at=world.now())
    waiting = queries.pending_offers().get(child=child)
    actions.accept_handover(offer_id=waiting.pk, wristband=child.number, by=world.actor("nurse"), at=world.now())
    assert queries.head(child.pk).kind == "hospital"


def test_an_exclusion_of_an_operation_comes_with_a_record_and_goes_with_it(world: World) -> None:
    """The legal cases beside the attack: before the merge, for another child, and after the records were told apart."""
    child, other, twin = world.in_home(), world.in_home(), elsewhere(world)
    person = world.person("driver", *CLEAN)
    actions.exclude(
        person=person,
        scope="operation",
        operation=twin.event.operation,
        ground="buyer",
        by=world.actor("officer"),
        at=world.now(),
    )
    driver = queries.person_subject("driver", person.pk)

    def met() -> list[bool]:
        return [bool(queries.matches([driver], one.pk)) for one in (child, other, twin)]

    assert met() == [False, False, True]
    one_child(world, child, twin)
    assert met() == [True, False, True]
    offer(world, other, "hospital", Kind.HOSPITAL, giver="caseworker", receiver="nurse", escort=person)
    apart = children.propose_split(absorbed=twin, reason="two after all", by=world.actor("caseworker"), at=world.now())
    assert met() == [True, False, True], "one person alone tells nobody apart"
    children.confirm_merge(step=apart, by=world.actor("supervisor"), at=world.now())
    assert met() == [False, False, True]
    offer(world, child, "hospital", Kind.HOSPITAL, giver="caseworker", receiver="nurse", escort=person)
    assert queries.head(child.pk).kind == "hospital"


# raw SQL ------------------------------------------------------------------------------------------------------------------------


COPY = (
    "INSERT INTO custody_custodyepisode"
    " (child_id, n, kind, facility_id, responsible_id, offer_id, wristband, condition, started_at, at)"
    " SELECT child_id, {n}, {kind}, {facility}, {who}, {offer}, wristband, condition, started_at, at FROM custody_custodyepisode"
    " WHERE child_id = {child} AND n = 3"
)


def copy_episode(**other: Any) -> str:
    """SQL of an episode made from the last one."""
    columns = {"n": "n + 1", "kind": "kind", "facility": "facility_id", "who": "responsible_id", "offer": "NULL"} | other
    return COPY.format(**columns)


RAW = {
    "an episode without an offer": lambda w, c, r: copy_episode(child=c.pk),
    "an episode with the offer of the last": lambda w, c, r: copy_episode(child=c.pk, offer="offer_id"),
    "an episode that skips a place": lambda w, c, r: copy_episode(child=c.pk, n="n + 2"),
    "a second chain": lambda w, c, r: copy_episode(child=c.pk, n="1", kind="'police'"),
    "a death by a caseworker": lambda w, c, r: copy_episode(child=c.pk, kind="'deceased'"),
    "another custodian": lambda w, c, r: f"UPDATE custody_custodyepisode SET responsible_id = {w.staff['officer_gd'].pk}",
    "another facility": lambda w, c, r: f"UPDATE custody_custodyepisode SET facility_id = {w.facilities['home_gd'].pk}",
    "an episode less": lambda w, c, r: f"DELETE FROM custody_custodyepisode WHERE child_id = {c.pk} AND n = 3",
    "another child's episode": lambda w, c, r: f"UPDATE custody_custodyepisode SET child_id = 1 WHERE child_id = {c.pk}",
    "another first episode": lambda w, c, r: (
        "UPDATE children_child SET first_episode_id = first_episode_id + 1, version = version + 1"
    ),
    "another place of rescue": lambda w, c, r: (
        f"UPDATE children_child SET event_id = 99, version = version + 1 WHERE id = {c.pk}"
    ),
    "another rescue": lambda w, c, r: "UPDATE operations_rescueevent SET place = 'nowhere', facility_id = NULL",
    "no keys of the place of rescue": lambda w, c, r: "DELETE FROM operations_rescueeventkey",
    "a child less": lambda w, c, r: f"DELETE FROM children_child WHERE id = {c.pk}",
    "an exclusion less": lambda w, c, r: "DELETE FROM custody_exclusion",
    "an exclusion of somebody else": lambda w, c, r: f"UPDATE custody_exclusion SET person_id = {r.person_id}",
    "an exclusion for one child": lambda w, c, r: f"UPDATE custody_exclusion SET scope = 'child', child_id = {c.pk}",
    "no name of the buyer": lambda w, c, r: "DELETE FROM operations_personkey WHERE kind = 'name'",
    "another name of the buyer": lambda w, c, r: "UPDATE operations_personkey SET key = 'x' WHERE kind = 'name'",
    "no marriage": lambda w, c, r: "DELETE FROM operations_tie",
    "another recipient": lambda w, c, r: "UPDATE custody_fosterrequest SET person_id = (SELECT MIN(id) FROM operations_person)",
    "another digest": lambda w, c, r: "UPDATE custody_fosterrequest SET digest = 'x'",
    "another address of the household": lambda w, c, r: "DELETE FROM custody_fosterkey",
    "a longer approval": lambda w, c, r: "UPDATE custody_fosterrequest SET valid_until = '2099-01-01 00:00:00+00:00'",
    "an approval for something else": lambda w, c, r: f"UPDATE custody_fosterapproval SET request_id = {r.pk}, digest = 'x'",
    "an approval by the proposer": lambda w, c, r: (
        "INSERT INTO custody_fosterapproval (request_id, digest, by_id, at)"
        f" SELECT id, digest, by_id, at FROM custody_fosterrequest WHERE id = {r.pk}"
    ),
    "a colleague who does not exist": lambda w, c, r: (
        "INSERT INTO custody_fosterapproval (request_id, digest, by_id, at)"
        f" SELECT id, digest, 987654, at FROM custody_fosterrequest WHERE id = {r.pk}"
    ),
    "a doctor's word by an officer": lambda w, c, r: (
        "INSERT INTO custody_clearance (child_id, episode_id, fit, level, limits, by_id, at)"
        f" SELECT child_id, id, (1 = 1), 'ordinary', '', {w.staff['officer'].pk}, at FROM custody_custodyepisode"
        f" WHERE child_id = {c.pk} AND n = 3"
    ),
    "an old clearance": lambda w, c, r: "UPDATE custody_clearance SET fit = (1 = 1)",
    "another wristband": lambda w, c, r: f"UPDATE children_wristband SET code = '000000000' WHERE child_id = {c.pk}",
    "an offer to somebody else": lambda w, c, r: (
        f"UPDATE custody_handoveroffer SET to_facility_id = {w.facilities['home_gd'].pk}"
    ),
    "an invented colleague": lambda w, c, r: (
        "INSERT INTO accounts_staff (number, name, name_latin, id_number, phone, address, agency_id, role, registered_by_id,"
        " countersigned_by_id, at) SELECT 'x', 'x', '', id_number, '', '', agency_id, role, registered_by_id,"
        f" countersigned_by_id, at FROM accounts_staff WHERE id = {w.staff['caseworker'].pk}"
    ),
    "a promoted colleague": lambda w, c, r: f"UPDATE accounts_staff SET role = 'doctor' WHERE id = {w.staff['nurse'].pk}",
    "somebody back in service": lambda w, c, r: "DELETE FROM accounts_staffend",
    "a fake police post": lambda w, c, r: (
        "INSERT INTO accounts_facility (code, kind, name, name_en, address, phone, agency_id, jurisdiction_id, registered_by_id,"
        " countersigned_by_id, at) SELECT 'x', kind, name, '', 'x', '', agency_id, jurisdiction_id, registered_by_id,"
        f" countersigned_by_id, at FROM accounts_facility WHERE id = {w.facilities['post'].pk}"
    ),
    "a home elsewhere": lambda w, c, r: "UPDATE accounts_facility SET address = 'x'",
    "a home without keys": lambda w, c, r: "DELETE FROM accounts_facilitykey",
    "an agency of another kind": lambda w, c, r: "UPDATE accounts_agency SET kind = 'police'",
    "somebody else's login": lambda w, c, r: f"UPDATE accounts_user SET staff_id = {w.staff['doctor'].pk}",
    "a first password that stays": lambda w, c, r: "UPDATE accounts_user SET first_password = (1 = 0)",
    "a token that says more": lambda w, c, r: "UPDATE accounts_apitoken SET scopes = '[\"approve\"]'",
    "a token that comes back": lambda w, c, r: "UPDATE accounts_apitoken SET revoked_at = NULL",
    "one event less": lambda w, c, r: "DELETE FROM audit_auditevent WHERE n = 3",
    "another event": lambda w, c, r: "UPDATE audit_auditevent SET data = '{}'",
    "a forked chain": lambda w, c, r: (
        "INSERT INTO audit_auditevent (id, chain, n, at, staff_id, agency_id, action, subject, child_id, data, prev_hash, hash)"
        " SELECT 'x', chain, n + 1, at, staff_id, agency_id, action, subject, child_id, data, hash, 'x' FROM audit_auditevent"
        " WHERE n = 2 AND chain = (SELECT MIN(chain) FROM audit_auditevent WHERE n = 4)"
    ),
    "one alarm less": lambda w, c, r: "DELETE FROM audit_alarm",
    "no tables": lambda w, c, r: "DROP TABLE custody_exclusion",
    "no guards": lambda w, c, r: (
        "DROP TRIGGER wayhome_custody_custodyepisode_insert_gate"
        + ("" if connection.vendor == "sqlite" else " ON custody_custodyepisode")
    ),
}
ON_SQLITE = {
    "an episode in place of another": lambda w, c, r: copy_episode(child=c.pk, n="n").replace("INSERT", "INSERT OR REPLACE", 1),
    "an exclusion replaced": lambda w, c, r: (
        "INSERT OR REPLACE INTO custody_exclusion SELECT * FROM custody_exclusion"
        " WHERE id = (SELECT MIN(id) FROM custody_exclusion)"
    ),
    "triggers that do not see replacements": lambda w, c, r: "PRAGMA recursive_triggers = OFF",
    "a schema that can be written": lambda w, c, r: "PRAGMA writable_schema = ON",
    "another file": lambda w, c, r: "ATTACH ':memory:' AS other",
}
ON_POSTGRESQL = {
    "no rows at all": lambda w, c, r: "TRUNCATE custody_exclusion CASCADE",
    "triggers switched off": lambda w, c, r: "ALTER TABLE custody_custodyepisode DISABLE TRIGGER ALL",
    "a replica's session": lambda w, c, r: "SET session_replication_role = replica",
    "another gate": lambda w, c, r: (
        "CREATE OR REPLACE FUNCTION wayhome_custody_custodyepisode_insert_gate() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NEW; END $$"
    ),
    "a copy as the owner": lambda w, c, r: "COPY custody_custodyepisode TO PROGRAM 'true'",
}
ALL_RAW = RAW | (ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL)


def prepared(world: World) -> tuple[Child, FosterRequest]:
    """A child in a home, with a foster request approved, somebody who left and a login."""
    child = world.in_home()
    request = asked(world, child, *CLEAN)
    assert world.registrars is not None
    accounts.end_staff(staff=world.staff["nurse2"], reason="left", by=world.registrars, at=world.now())
    accounts.open_account(staff=world.staff["officer"], username="officer", password=None)
    accounts.open_account(staff=world.staff["nurse"], username="nurse", password="told over the counter")
    raise_alarm(kind=Alarm.Kind.REFUSED, at=world.now(), code="excluded")
    officer, at = world.actor("officer"), world.now()
    for _ in range(2):
        accounts.give_token(
            staff=world.staff["officer"], scopes=["me"], label="x", by=officer, at=at, expires_at=at + timedelta(days=1)
        )
    accounts.revoke_token(token_id=world.staff["officer"].tokens.order_by("-pk")[0].pk, by=officer, at=world.now())
    return child, request


@pytest.mark.parametrize("name", ALL_RAW)
def test_sql_of_the_web_role_gets_nowhere(world: World, buyer: Person, name: str) -> None:
    child, request = prepared(world)
    sql = ALL_RAW[name](world, child, request)
    with web_role(), in_vain(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert queries.head(child.pk).n == 3
    assert not guards.differences(connection)


OWNERS = [name for name in RAW if name not in ("no tables", "no guards", "an invented colleague", "a fake police post")]
"""What even the owner's connection cannot do while the guards stand; a register row signed by two it can write."""


@pytest.mark.parametrize("name", OWNERS)
def test_sql_of_the_owner_gets_nowhere_either(world: World, buyer: Person, name: str) -> None:
    child, request = prepared(world)
    sql = RAW[name](world, child, request)
    with in_vain(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert queries.head(child.pk).n == 3


def test_the_web_role_can_do_its_work(world: World, buyer: Person) -> None:
    with web_role():
        child = world.child()
        offer(world, child, "hospital", Kind.HOSPITAL, giver="officer", receiver="nurse")
    assert queries.head(child.pk).kind == "hospital"


def test_bulk_import_is_no_way_round(world: World, buyer: Person) -> None:
    child = world.in_home()
    last = queries.head(child.pk)
    with in_vain():
        CustodyEpisode.objects.bulk_create(
            [
                CustodyEpisode(
                    child=child,
                    n=last.n + 1,
                    kind="welfare_institution",
                    facility=world.facilities["home_gd"],
                    responsible=world.staff["caseworker_gd"],
                    wristband=child.number,
                    started_at=world.now(),
                    at=world.now(),
                )
            ]
        )
    with in_vain():
        CustodyEpisode.objects.filter(pk=last.pk).update(facility=world.facilities["home_gd"])


def test_an_exclusion_of_the_present_custodian_is_told_at_once(world: World) -> None:
    child = world.in_hospital()
    person = world.person("suspect", ("name", "王秀英"))
    actions.exclude(person=person, ground="suspect", by=world.actor("officer"), at=world.now())
    alarm = Alarm.objects.get(kind=Alarm.Kind.EXCLUDED_CUSTODIAN)
    assert (alarm.child_id, alarm.level) == (child.pk, 3)


def test_an_exclusion_of_somebody_on_the_way_with_a_child_is_told_at_once(world: World) -> None:
    child = world.in_home()
    driver = world.person("driver", *CLEAN)
    made = actions.offer_handover(
        child=child,
        to_facility=world.facilities["hospital"],
        kind=Kind.HOSPITAL,
        wristband=child.number,
        place="gate",
        condition="well",
        escort=driver,
        vehicle="桂A 12345",
        by=world.actor("caseworker"),
        at=world.now(),
    )
    actions.exclude(subject="phone", value="13900007777", ground="threat", by=world.actor("officer"), at=world.now())
    assert not Alarm.objects.filter(kind=Alarm.Kind.EXCLUDED_CUSTODIAN).exists()
    actions.exclude(person=driver, ground="suspect", by=world.actor("officer"), at=world.now())
    actions.exclude(subject="vehicle", value="桂A12345", ground="suspect", by=world.actor("officer"), at=world.now())
    alarm = Alarm.objects.get(kind=Alarm.Kind.EXCLUDED_CUSTODIAN)
    assert (alarm.child_id, alarm.level, alarm.subject) == (child.pk, 3, f"offer:{made.pk}")


def test_an_exclusion_for_one_child_leaves_another_alone(world: World) -> None:
    child, other = world.in_home(), world.in_home()
    person = world.person("driver", *CLEAN)
    actions.exclude(person=person, scope="child", child=other, ground="buyer", by=world.actor("officer"), at=world.now())
    offer(world, child, "hospital", Kind.HOSPITAL, giver="caseworker", receiver="nurse", escort=person)
    assert queries.head(child.pk).kind == "hospital"
