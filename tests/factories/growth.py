"""More of everything in the world of `factories.api_cases`: for tests that what is shown costs no more queries then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from factories.api_case import Things
from factories.api_cases import picture
from factories.clues import PHONE, clue, person, thing
from factories.families import TOLD, asks
from factories.kits import gone, ordered
from factories.release_pages import more_releases
from factories.return_pages import more_of_a_file
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts.queries import actor_of
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions as children
from wayhome.casework.children import queries
from wayhome.casework.children.models import Child, DuplicateProposal
from wayhome.casework.clues import actions as clues
from wayhome.casework.clues.queries import clues as queries_of_clues
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.families import actions as tracing
from wayhome.casework.families import queries as families
from wayhome.casework.families.models import RequestDuplicate
from wayhome.casework.matching.actions import reading
from wayhome.casework.matching.models import Candidate, CandidateEnd, Freeze, Kinship, SecondCheck
from wayhome.casework.medical import actions as medical
from wayhome.casework.operations import actions as operations
from wayhome.casework.operations import queries as registered
from wayhome.casework.placements import actions as placements
from wayhome.casework.placements.models import FundingLine, NightPlan, NightPlanResult, PlanLine
from wayhome.casework.reunification.actions import files
from wayhome.casework.reunification.queries import cases


def grow(things: Things, rounds: range) -> None:
    """One more of everything for each round; no two rounds have the same number."""
    for i in rounds:
        _places(things, i)
        _people(things, i)
        made = _children(things, i)
        _waiting(things, made)
        _on_file(things, queries.child(int(things.child)), made, i)
        _night(things, made, i)
        _families(things, i)
        _kits(things, made, i)
        _candidates(things, made, i)
        _returns(things, made, i)
        more_releases(things, i)
        _told_returns(things, made)
        _clues(things, i)


def _places(things: Things, i: int) -> None:
    """A home, a hospital and a post more of the agencies that are there, and what the home asks for."""
    world, now = things.world, timezone.now()
    assert world.registrars is not None
    for kind, agency in (("welfare_institution", "welfare"), ("hospital", "hospital_agency"), ("police_post", "police")):
        world.facilities[f"{kind}{i}"] = accounts.register_facility(
            by=world.registrars,
            at=world.now(),
            code=f"{kind}{i}",
            agency=world.agencies[agency],
            kind=kind,
            name=f"{kind} {i}",
            address=f"广西北海市云南路{i + 300}号",
            jurisdiction=world.jurisdictions["GX"],
        )
    home, caseworker = world.facilities[f"welfare_institution{i}"], world.actor("caseworker")
    report = {"carers_day": 9, "carers_night": 9, "children_per_carer": 6, "daily_cost": 120, "funds": 10**6}
    placements.report_capacity(facility=home, by=caseworker, at=now - timedelta(days=2 * (i % 2)), beds=50, **report)
    for place in (home, world.facilities["home"]):
        placements.ask_surge(
            facility=place, beds=4, carers=1, until=now + timedelta(hours=40), reason="a raid", by=caseworker, at=now
        )
    supervisor = world.staff["supervisor"]
    FundingLine.objects.create(
        facility=world.facilities["home"],
        payer=world.agencies["civil"],
        daily_rate=100 + i,
        first_day=date(2011, 7, 1),
        by=supervisor,
        at=now,
    )


def _people(things: Things, i: int) -> None:
    """Operations, rescues, persons with facts and ties, exclusions, visitors, tokens."""
    world, now, officer = things.world, timezone.now(), things.world.actor("officer")
    assert world.operation is not None
    operations.record_operation(
        code=f"G{i}", title=f"Case {i}", zero_hour=world.clock, jurisdiction=world.jurisdictions["GX"], by=officer, at=world.now()
    )
    operations.record_rescue(
        operation=world.operation,
        jurisdiction=world.jurisdictions["GX"],
        place=f"广西东兴市木栏街{i + 500}号",
        found_at=world.clock,
        by=officer,
        at=world.now(),
    )
    person = registered.person(things.person)
    operations.add_fact(person=person, kind="phone", value=f"1397700{i:04d}", by=officer, at=world.now())
    kin = operations.record_person(
        label=f"kin {i}", facts=[("name", f"周大{'一二三四五六七八九十'[i % 10]}")], by=officer, at=now
    )
    operations.tie(person=person, other=kin, kind="other_kin", by=officer, at=world.now(), source="household register")
    custody.exclude(subject="vehicle", value=f"桂B{i:05d}", ground="suspect", by=officer, at=world.now())
    custody.admit(
        facility=world.facilities["hospital"], person=person, purpose="official", by=world.actor("nurse"), at=world.now()
    )
    accounts.give_token(
        staff=world.staff["officer"],
        scopes=["alarms:read"],
        label=f"lamp {i}",
        by=officer,
        at=now,
        expires_at=now + timedelta(days=2),
    )


def _children(things: Things, i: int) -> dict[str, Child]:
    """Children at every stay."""
    world = things.world
    made = {stay: world.child(f"{stay} {i}") for stay in ("post", "twin", "offered", "ward", "cleared", "asked", "home")}
    for stay in ("ward", "cleared", "asked", "home"):
        world.hand_over(made[stay], "hospital", Kind.HOSPITAL, giver="officer", receiver="nurse")
    for stay in ("cleared", "asked", "home"):
        custody.clear(child=made[stay], fit=True, level="ordinary", by=world.actor("doctor"), at=world.now())
    world.hand_over(made["home"], "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    return made


def _waiting(things: Things, made: dict[str, Child]) -> None:
    """What waits for somebody because of them."""
    world, now = things.world, timezone.now()
    officer, nurse, caseworker = world.actor("officer"), world.actor("nurse"), world.actor("caseworker")
    custody.offer_handover(
        child=made["offered"],
        to_facility=world.facilities["hospital"],
        kind=Kind.HOSPITAL,
        wristband=made["offered"].number,
        place="gate",
        condition="drowsy",
        by=officer,
        at=world.now(),
    )
    custody.offer_handover(
        child=made["cleared"],
        to_facility=world.facilities["home"],
        kind=Kind.WELFARE_INSTITUTION,
        wristband=made["cleared"].number,
        place="ward 3",
        condition="asleep",
        by=nurse,
        at=world.now(),
    )
    medical.plan_observation(child=made["ward"], every_minutes=60, sedation=True, by=nurse, at=world.now())
    children.propose_merge(kept=made["post"], absorbed=made["twin"], reason="same marks", by=world.actor("officer2"), at=now)
    custody.break_glass(
        child_id=made["home"].pk, reason="a call in the night, nobody else there", by=world.actor("officer_gd"), at=now
    )
    custody.report_missing(child=made["home"], last_seen_at=world.clock, circumstances="bed empty", by=caseworker, at=world.now())
    for agency in ("police", "hospital_agency", "welfare"):
        Alarm.objects.create(
            kind="refused", level=2, agency_id=world.agencies[agency].pk, jurisdiction="/CN/GX/", child_id=made["ward"].pk, at=now
        )
    for child in (made["home"], queries.child(int(things.home))):
        custody.propose_foster(
            child=child,
            institution=world.facilities["home"],
            person=registered.person(things.carer),
            address="广西防城港市北部湾大道88号",
            reason="needs one carer",
            by=caseworker,
            at=now,
        )
    separation = placements.propose_separation(child=made["home"], reason="hurts the others", by=caseworker, at=now)
    placements.vote_on_separation(separation=separation, agrees=False, note="no", by=world.actor("supervisor"), at=now)
    custody.count_head(
        facility=world.facilities["hospital"], night=date(2011, 7, 15), child=made["ward"], seen=True, by=nurse, at=world.now()
    )


def _on_file(things: Things, child: Child, made: dict[str, Child], i: int) -> None:
    """More in the file of one child."""
    world, now = things.world, timezone.now()
    officer, nurse = world.actor("officer"), world.actor("nurse")
    children.add_mark(child=child, place="scalp", kind="salmon_patch", by=officer, at=world.now())
    children.add_item(child=child, what=f"blanket {i}", by=officer, at=world.now())
    children.say(child=child, field="note", value=f"cries at {i}", said_by=f"nurse {i}", by=officer, at=world.now())
    children.add_photo(child=child, data=picture(), by=officer, at=world.now())
    children.estimate_age(
        child=child, on=date(2011, 7, 15), least_days=20, most_days=60 + i, method="teeth", by=officer, at=world.now()
    )
    medical.observe(child=child, taken_at=world.now(), consciousness="alert", by=nurse, at=world.now())
    medical.measure(child=child, taken_at=world.now(), length_mm=540, by=nurse, at=world.now())
    sample = medical.take_tox_sample(child=child, barcode=f"G-{i}", kind="urine", taken_at=world.now(), by=nurse, at=world.now())
    medical.record_tox_result(sample=sample, substance="diazepam", found=True, by=nurse, at=world.now())
    placements.mark_risk_area(child=child, jurisdiction=world.jurisdictions["GD"], reason=f"kin {i}", by=officer, at=world.now())
    placements.propose_separation(child=child, reason=f"word {i}", by=world.actor("doctor"), at=now)
    custody.assign(child=child, staff=world.staff["officer2"], by=actor_of(world.staff["supervisor"]), at=now)
    one, other = sorted((child.pk, made["post"].pk))
    DuplicateProposal.objects.create(one_id=one, other_id=other, reasons=[{"code": "same_event"}], at=now)


def _night(things: Things, made: dict[str, Child], i: int) -> None:
    """Homes that are asked, and longer plans, and more of them."""
    world, now = things.world, timezone.now()
    placements.propose_placement(child=made["asked"], facility=world.facilities["home"], by=world.actor("placement"), at=now)
    plan = NightPlan.objects.get(pk=things.plan)
    lines: list[Any] = [(made["ward"], None), (made["cleared"], world.facilities["home"])]
    for child, home in lines:
        PlanLine.objects.create(plan=plan, child=child, facility=home, passed_over={"no_bed": 1}, hours=1.0 if home else None)
    other = NightPlan.objects.create(
        jurisdiction=world.jurisdictions["GX"], nights=14, children=i, homes=2, by=world.staff["supervisor"], at=now
    )
    bill = {"provinces": {}, "homes": {}, "impossible": {}, "proven": True}
    NightPlanResult.objects.create(plan=other, status="optimal", objectives={}, bill=bill, gap=0.0, seconds=0.1, at=now)


def _families(things: Things, i: int) -> None:
    """Families who look for a child, more in the file of one of them, and requests that may be for the same child."""
    world, officer = things.world, things.world.actor("officer")
    request = families.request_of(officer, int(things.request))
    other = asks(world, child_name=f"李小{'一二三四五六七八九十'[i % 10]}")
    RequestDuplicate.objects.create(
        one_id=min(request.pk, other.pk), other_id=max(request.pk, other.pk), reasons=[{"code": "name_agrees"}], at=world.now()
    )
    n = families.description(request.pk).n
    told = TOLD | {"where": world.jurisdictions["GX"], "looks": f"as told at {i}"}
    tracing.describe(request=request, n=n, told=told, by=officer, at=world.now())
    tracing.add_mark(request=request, place="scalp", kind="salmon_patch", by=officer, at=world.now())
    tracing.add_item(request=request, what=f"shoes {i}", by=officer, at=world.now())
    tracing.keep_photo(request=request, jpeg=picture(), shows="the child", by=officer, at=world.now())
    for asked in (request, other):
        child, *_ = families.tree(asked.pk, at=world.now()).values()
        # Of whom no sample can be had: a plan of samples takes seconds for each of whom one can.
        state = {"person": registered.person(things.person), "life": "dead"}
        aunt = tracing.add_relative(to=child.relative, relation="sister", state=state, by=officer, at=world.now())
        for scope in ("this_child", "any_child"):
            given = tracing.consent(
                relative=aunt,
                scope=scope,
                given_by=f"kin {i}",
                signed_on=date(2011, 7, 14),
                until=date(2050, 7, 14),
                form=f"A {i}",
                by=officer,
                at=world.now(),
            )
        if i % 2:
            tracing.withdraw_consent(consent=given, by=officer, at=world.now())


def _kits(things: Things, made: dict[str, Child], i: int) -> None:
    """Kits of families and children: some came, some came back or were lost, some are late."""
    world = things.world
    officer = world.actor("officer")
    mine, *_, other = families.requests_of(officer).order_by("at")
    for request in (families.request_of(officer, int(things.request)), mine, other):
        aunt = list(families.tree(request.pk, at=world.now()).values())[-1].relative
        if families.in_force(world.clock).filter(relative=aunt).exists() and not aunt.kits.exists():
            lost = gone(world, ordered(world, aunt), "posted", "returned" if i % 2 else "lost")
            gone(world, ordered(world, aunt, replaces=lost), *(("taken", "sent", "received") if i % 2 else ("posted",)))
    for child, by in ((queries.child(int(things.child)), "nurse"), (made["ward"], "nurse"), (made["post"], "officer")):
        gone(world, ordered(world, child, by=by), "lost")


def _candidates(things: Things, made: dict[str, Child], i: int) -> None:
    """Candidates that wait to be read and to be confirmed, that contradict each other, that ended; and kin of a child."""
    world = things.world
    to_read, ready = (Candidate.objects.get(pk=pk) for pk in (things.candidate, things.ready))
    _again(to_read, f"{i}/0")
    supported, standing, over = (_again(ready, f"{i}/{n}") for n in range(3))
    check = SecondCheck.objects.get(candidate=ready)
    kits = {"child_kit": check.child_kit, "relative_kit": check.relative_kit}
    for one in (supported, standing):
        for who in ("analyst", "analyst2"):
            reading.read(candidate=one, conclusion="supports", by=world.actor(who), at=world.now())
        SecondCheck.objects.create(candidate=one, agrees=True, at=world.now(), **kits)
    confirmed = reading.confirm(candidate=standing, by=world.actor("lab_supervisor"), at=world.now())
    first = Candidate.objects.get(pk=things.confirmed).confirmation
    Freeze.objects.create(one=first, other=confirmed, reason="ages", at=world.now())
    SecondCheck.objects.create(candidate=over, child_kit=check.child_kit, agrees=False, at=world.now())
    CandidateEnd.objects.create(candidate=over, reason="refuted", at=world.now())
    one, other = sorted((int(things.child), made["ward"].pk))
    Kinship.objects.create(one_id=one, other_id=other, relationship="full_siblings", log10_lr=5.0, at=things.world.now())


def _returns(things: Things, made: dict[str, Child], i: int) -> None:
    """More in a file, and files of other children."""
    caseworker = things.world.actor("caseworker")
    more_of_a_file(things, i + 1)
    for child in (made["home"], queries.child(int(things.filed))):
        files.open_case(child_id=child.pk, authority=True, by=caseworker, at=timezone.now())


def _again(old: Candidate, data: str) -> Candidate:
    """The same pair, proposed for other data."""
    return Candidate.objects.create(
        search=old.search, child=old.child, request=old.request, dossier=old.dossier, data=data, rank=2, gate="lead", at=old.at
    )


def _told_returns(things: Things, made: dict[str, Child]) -> None:
    """A file without a family, and more in the file of a family."""
    at, caseworker = timezone.now(), things.world.actor("caseworker")
    files.open_case(child_id=made["home"].pk, authority=True, by=caseworker, at=at)
    case = cases.case_of(caseworker, things.file_open, at=at)
    row = {"kind": "interview", "who": "an aunt", "held_on": at.date(), "outcome": "unclear", "note": "she was not there"}
    files.add_evidence(case=case, by=caseworker, at=at, **row)  # type: ignore[arg-type]
    files.hold_back(case=case, question="what he was called", answer="Bao", by=things.world.actor("officer2"), at=at)


def _clues(things: Things, i: int) -> None:
    """Another clue with the same telephone here, one elsewhere, what the first speaks of beside, and a word on a pair."""
    world = things.world
    kept, world.clock = world.clock, timezone.now()
    try:
        one = clue(world, person(("name", f"吴桂花{i}"), ("phone", PHONE)), thing("place", "东兴市"))
        clue(world, thing("phone", f"1380771{i:04d}"), by="officer_gd")
        found = queries_of_clues.clue_of(world.actor("officer"), int(things.ids["clue"]))
        clues.add_mentions(clue=found, speaks_of=[thing("phone", f"1380771{i:04d}")], by=world.actor("officer"), at=world.now())
        for verdict, other in (
            (True, one),
            (i % 2 > 0, queries_of_clues.clue_of(world.actor("officer"), int(things.ids["clue2"]))),
        ):
            clues.judge_pair(clue=found, other=other, confirmed=verdict, note="heard", by=world.actor("officer"), at=world.now())
    finally:
        world.clock = kept
