"""A world in which every operation of the API is legal once, and how: for its tests and the permission matrix."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from PIL import Image

from factories.announcements import propose
from factories.api import Program
from factories.api_case import Case, Things, soon
from factories.api_case import sends as _body
from factories.api_case import where as _is
from factories.api_cases_candidates import CANDIDATES, some_candidates
from factories.api_cases_clues import CLUES, some_clues
from factories.api_cases_days import DAYS, a_day
from factories.api_cases_families import FAMILIES, a_family
from factories.api_cases_kits import KITS, some_kits
from factories.api_cases_lists import LISTS
from factories.api_cases_operations import OPERATIONS, some_operations
from factories.api_cases_partners import PARTNERS, some_partners
from factories.api_cases_placements import PLACEMENTS
from factories.api_cases_results import RESULTS, some_results
from factories.api_cases_returns import RETURNS, some_returns
from factories.calendars import calendar_2026
from factories.plans import a_job, a_plan
from factories.release_pages import some_releases
from factories.return_pages import some_files
from factories.world import World, small_world
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.audit.models import Alarm
from wayhome.casework.children import actions as children
from wayhome.casework.children import queries
from wayhome.casework.custody import actions as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.medical import actions as medical
from wayhome.casework.operations import actions as operations
from wayhome.casework.overview.actions.limits import set_limit
from wayhome.casework.placements import actions as placements

ROLES = {
    "officer": ("officer", "officer_gd"),
    "nurse": ("nurse", "nurse_gd"),
    "doctor": ("doctor", "doctor_gd"),
    "caseworker": ("caseworker", "caseworker_gd"),
    "placement_officer": ("placement", "placement_gd"),
    "liaison": ("liaison", "liaison_gd"),
    "analyst": ("analyst", "analyst_gd"),
    "supervisor": ("supervisor", "supervisor_vn"),
    "partner_liaison": ("partner_liaison", "partner_liaison"),
    "auditor": ("auditor", "auditor_vn"),
    "administrator": ("administrator", "administrator_vn"),
    "registrar": ("registrar", "registrar_vn"),
    "lab_supervisor": ("lab_supervisor", "lab_supervisor_gd"),
}
"""Each role: somebody who has to do with the children of Guangxi, and somebody elsewhere who has not. A partner never has."""


def picture() -> bytes:
    """A small JPEG."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 120, 90)).save(file, "JPEG")
    return file.getvalue()


def picture_form(data: bytes = b"", **fields: str) -> dict[str, Any]:
    """A picture as a browser sends it, with fields beside it."""
    file = SimpleUploadedFile("x.jpg", data or picture(), "image/jpeg")
    return {"data": encode_multipart(BOUNDARY, {"file": file, **fields}), "content_type": MULTIPART_CONTENT}


def sent_with(case: Case, things: Things) -> dict[str, Any]:
    """What is sent in place of a body where a case sends a file."""
    if not case.files:
        return {}
    return picture_form(case.upload(things) if case.upload else b"", **case.form)


def everybody(world: World) -> None:
    """Agencies and staff elsewhere, so that every role has somebody who has no need to know."""
    by, at = world.registrars, world.now()
    assert by is not None
    for key, kind, where in (
        ("hospital_agency_gd", "hospital", "GD"),
        ("laboratory_gd", "laboratory", "GD"),
        ("ministry_vn", "ministry", "VN"),
    ):
        world.agencies[key] = accounts.register_agency(
            by=by, at=at, code=key, kind=kind, name=key, jurisdiction=world.jurisdictions[where]
        )
    world.facilities["hospital_gd"] = accounts.register_facility(
        by=by,
        at=at,
        code="hospital_gd",
        agency=world.agencies["hospital_agency_gd"],
        kind="hospital",
        name="广州市儿童医院",
        address="广东广州市人民中路318号",
        jurisdiction=world.jurisdictions["GD"],
    )
    for i, (key, agency, role) in enumerate(
        (
            ("nurse_gd", "hospital_agency_gd", "nurse"),
            ("doctor_gd", "hospital_agency_gd", "doctor"),
            ("placement_gd", "welfare_gd", "placement_officer"),
            ("liaison", "police", "liaison"),
            ("liaison_gd", "police_gd", "liaison"),
            ("analyst_gd", "laboratory_gd", "analyst"),
            ("lab_supervisor_gd", "laboratory_gd", "lab_supervisor"),
            ("supervisor_vn", "ministry_vn", "supervisor"),
            ("auditor_vn", "ministry_vn", "auditor"),
            ("administrator_vn", "ministry_vn", "administrator"),
            ("registrar_vn", "ministry_vn", "registrar"),
        )
    ):
        world.staff[key] = accounts.register_staff(
            by=by, at=at, number=key, name=f"某{i}某", id_number=f"4401061980{i:08d}", agency=world.agencies[agency], role=role
        )


def busy_world() -> Things:
    """A world with everything in it that an operation can be about, all of it in Guangxi."""
    world = small_world()
    everybody(world)
    at = world.now
    officer, caseworker, nurse = world.actor("officer"), world.actor("caseworker"), world.actor("nurse")
    things = Things(world, Program(world))
    ids = things.ids
    assert world.operation is not None
    assert world.event is not None
    ids["operation"], ids["event"] = world.operation.pk, world.event.pk
    ids["person"] = world.person("the man in the red coat", ("name", "周大山"), ("id", "450681197001011234")).pk
    ids["other"] = world.person("his sister", ("name", "周小妹"), ("phone", "13977001234")).pk
    carer = operations.record_person(
        label="foster mother", facts=[("name", "刘慧珍"), ("id", "450602198001014321")], by=caseworker, at=at()
    )
    ids["carer"] = carer.pk
    ids["exclusion"] = custody.exclude(
        person=world.person("buyer", ("name", "牛二虎")), ground="buyer", by=officer, at=at(), note="paid"
    ).pk

    child = world.in_hospital(cleared=True)
    ids["child"] = child.number
    ids["offer"] = custody.offer_handover(
        child=child,
        to_facility=world.facilities["home"],
        kind=Kind.WELFARE_INSTITUTION,
        wristband=child.number,
        place="ward 3",
        condition="asleep",
        by=nurse,
        at=at(),
    ).pk
    children.add_photo(child=child, data=picture(), by=officer, at=at())
    ids["assertion"] = children.say(child=child, field="name", value="阿妹", said_by="neighbour", by=officer, at=at()).pk
    sample = medical.take_tox_sample(child=child, barcode="T-1", kind="urine", taken_at=at(), by=nurse, at=at())
    ids["sample"] = sample.pk
    look = at()
    ids["observation"] = medical.observe(child=child, taken_at=look, consciousness="alert", by=nurse, at=at()).pk
    ward = world.in_hospital()
    ids["ward"] = ward.number
    medical.plan_observation(child=ward, every_minutes=60, sedation=True, by=nurse, at=at())

    home = world.in_home()
    ids["home"] = home.number
    now = datetime.now(UTC)
    ids["foster"] = custody.propose_foster(
        child=home,
        institution=world.facilities["home"],
        person=carer,
        address="广西防城港市北部湾大道88号",
        reason="needs one carer",
        by=caseworker,
        at=now,
    )
    ids["missing"] = custody.report_missing(
        child=home, last_seen_at=at(), circumstances="not in its bed", by=caseworker, at=at()
    ).pk
    ids["assignment"] = custody.assign(child=home, staff=world.staff["officer2"], by=world.actor("supervisor"), at=at()).pk
    ids["glass"] = custody.break_glass(
        child_id=world.child("小鸥").pk, reason="a call in the night, nobody else there", by=world.actor("officer_gd"), at=at()
    ).pk
    one, two, three, four = (world.child(name) for name in ("小梅", "小兰", "小竹", "小菊"))
    ids["one"], ids["two"], ids["merged"] = one.number, two.number, four.number
    children.confirm_merge(
        step=children.propose_merge(kept=three, absorbed=four, reason="same", by=officer, at=at()),
        by=world.actor("officer2"),
        at=at(),
    )
    ids["step"] = children.propose_merge(kept=one, absorbed=two, reason="same marks", by=world.actor("officer2"), at=at()).pk
    ids["alarm"] = Alarm.objects.create(
        kind="refused", level=2, agency_id=nurse.agency_id, jurisdiction=nurse.jurisdiction, at=at()
    ).pk
    _placements(things)
    a_family(things, picture())
    some_kits(things)
    some_results(things)
    some_candidates(things)
    some_files(things)
    some_releases(things)
    some_returns(things)
    some_operations(things)
    a_day(things)
    some_partners(things)
    some_clues(things)
    world.has_room(at=timezone.now())
    return things


def _placements(things: Things) -> None:
    """Homes that are asked, ask themselves, and told last what they have by the machine's clock, which is the server's."""
    world, ids, now = things.world, things.ids, timezone.now()
    home = world.facilities["home"]
    world.has_room(at=now)
    ids["placement"] = placements.propose_placement(
        child=queries.child(int(things.child)), facility=home, by=world.actor("placement"), at=now
    ).pk
    ids["surge"] = placements.ask_surge(
        facility=home,
        beds=5,
        carers=1,
        until=now + timedelta(hours=48),
        reason="the second raid",
        by=world.actor("caseworker"),
        at=now,
    ).pk
    ids["plan"] = a_plan(world, {queries.child(int(things.ward)): "home", queries.child(int(things.child)): ""}, at=now).pk
    ids["plan_job"] = a_job(world, at=now).pk
    ids["separation"] = placements.propose_separation(
        child=queries.child(int(things.home)), reason="hurts its sister", by=world.actor("caseworker"), at=now
    ).pk
    announced = propose(world, who="supervisor2", at=now)
    limit = set_limit(
        kind="offer", hours=1, since=now.date() + timedelta(days=1), reason="x", by=world.actor("supervisor2"), at=now
    )
    ids["limit"] = limit.pk
    ids["calendar"] = calendar_2026(world.actor("supervisor2"), now).pk
    ids["announced"], ids["announced_digest"] = announced.number, announced.digest


CASES: dict[str, Case] = {
    "GET /me": Case("officer", _is("/me")),
    "GET /facilities": Case("officer", _is("/facilities")),
    "POST /operations": Case(
        "officer",
        _is("/operations"),
        _body(code="2011.2.21", title="Case 2", zero_hour="2011-07-20T00:00:00+08:00", jurisdiction="GX"),
    ),
    "GET /operations": Case("officer", _is("/operations")),
    "GET /operations/{id}/totals": Case("officer", _is("/operations/{operation}/totals"), foreign="officer_gd"),
    "POST /operations/{id}/roles": Case(
        "officer", _is("/operations/{operation}/roles"), _body(person=lambda t: t.person, kind="suspect"), foreign="officer_gd"
    ),
    "POST /rescue-events": Case(
        "officer",
        _is("/rescue-events"),
        _body(
            operation=lambda t: t.operation,
            jurisdiction="GX",
            place="广西东兴市木栏街7号",
            found_at="2011-07-15T14:30:00+08:00",
            found_with=lambda t: [t.person],
        ),
        foreign="officer_gd",
        unknown=422,
    ),
    "GET /rescue-events": Case("officer", _is("/rescue-events")),
    "POST /persons": Case("officer", _is("/persons"), _body(label="driver", facts=[{"kind": "name", "value": "马如龙"}])),
    "GET /persons": Case("officer", _is("/persons?like=周大山")),
    "GET /persons/{id}": Case("officer", _is("/persons/{person}"), foreign="officer_gd"),
    "POST /persons/{id}/facts": Case(
        "officer", _is("/persons/{person}/facts"), _body(kind="phone", value="13800138000"), foreign="officer_gd"
    ),
    "POST /persons/{id}/ties": Case(
        "officer", _is("/persons/{person}/ties"), _body(other=lambda t: t.other, kind="sibling"), foreign="officer_gd"
    ),
    **FAMILIES,
    **KITS,
    **RESULTS,
    **CANDIDATES,
    **RETURNS,
    **LISTS,
    **OPERATIONS,
    **DAYS,
    **PARTNERS,
    **CLUES,
    "POST /children": Case(
        "officer",
        _is("/children"),
        _body(
            event=lambda t: t.event,
            post="post",
            sex="F",
            call_name="小雪",
            started_at="2011-07-15T14:10:00+08:00",
            age={"least_days": 10, "most_days": 40, "method": "sight"},
            marks=[{"place": "scalp", "kind": "salmon_patch"}],
            items=["red blanket"],
        ),
        foreign="officer_gd",
        unknown=422,
    ),
    "GET /children": Case("officer", _is("/children")),
    "GET /children/{number}": Case("officer", _is("/children/{child}"), foreign="officer_gd"),
    "GET /children/{number}/photo": Case("officer", _is("/children/{child}/photo"), foreign="officer_gd"),
    "POST /children/{number}/photos": Case("officer", _is("/children/{child}/photos"), foreign="officer_gd", files=True),
    "POST /children/{number}/ages": Case(
        "officer",
        _is("/children/{child}/ages"),
        _body(on="2011-07-15", least_days=20, most_days=30, method="teeth"),
        foreign="officer_gd",
    ),
    "POST /children/{number}/marks": Case(
        "nurse", _is("/children/{child}/marks"), _body(place="scalp", kind="salmon_patch", size_mm=12), foreign="nurse_gd"
    ),
    "POST /children/{number}/items": Case(
        "officer", _is("/children/{child}/items"), _body(what="a silver bracelet"), foreign="officer_gd"
    ),
    "POST /children/{number}/assertions": Case(
        "officer",
        _is("/children/{child}/assertions"),
        _body(field="name", value="阿美", said_by="the same neighbour", supersedes=lambda t: t.assertion),
        foreign="officer_gd",
    ),
    "POST /children/{number}/corrections": Case(
        "officer", _is("/children/{child}/corrections"), _body(version=1, changes={"call_name": "小莲"}), foreign="officer_gd"
    ),
    "POST /children/{number}/wristbands": Case("nurse", _is("/children/{child}/wristbands"), foreign="nurse_gd"),
    "POST /sibling-groups": Case(
        "officer",
        _is("/sibling-groups"),
        _body(children=lambda t: [t.child, t.ward], ground="alleged"),
        foreign="officer_gd",
        unknown=422,
    ),
    "GET /children/{number}/duplicates": Case("officer", _is("/children/{child}/duplicates"), foreign="officer_gd"),
    "POST /children/{number}/duplicates": Case("officer", _is("/children/{child}/duplicates"), foreign="officer_gd"),
    "POST /merges": Case(
        "officer",
        _is("/merges"),
        _body(kept=lambda t: t.child, absorbed=lambda t: t.one, reason="same mark"),
        foreign="officer_gd",
        unknown=422,
        approves=True,
    ),
    "POST /splits": Case(
        "officer",
        _is("/splits"),
        _body(absorbed=lambda t: t.merged, reason="other blood group"),
        foreign="officer_gd",
        unknown=422,
        approves=True,
    ),
    "GET /merge-steps": Case("officer", _is("/merge-steps")),
    "POST /merge-steps/{id}/confirmation": Case(
        "officer", _is("/merge-steps/{step}/confirmation"), foreign="officer_gd", approves=True
    ),
    "GET /children/{number}/custody": Case("officer", _is("/children/{child}/custody"), foreign="officer_gd"),
    "POST /children/{number}/offers": Case(
        "officer",
        _is("/children/{one}/offers"),
        _body(to_facility="hospital", kind="hospital", wristband=lambda t: t.one, place="gate", condition="drowsy"),
        foreign="officer_gd",
    ),
    "GET /offers": Case("caseworker", _is("/offers")),
    "POST /offers/{id}/acceptance": Case(
        "caseworker", _is("/offers/{offer}/acceptance"), _body(wristband=lambda t: t.child), foreign="caseworker_gd"
    ),
    "POST /offers/{id}/end": Case("caseworker", _is("/offers/{offer}/end"), _body(code="no_bed"), foreign="caseworker_gd"),
    "POST /children/{number}/clearances": Case(
        "doctor", _is("/children/{ward}/clearances"), _body(fit=True, level="ordinary"), foreign="doctor_gd"
    ),
    "POST /children/{number}/death": Case(
        "doctor", _is("/children/{ward}/death"), _body(died_at=lambda _: soon(5), condition="sepsis"), foreign="doctor_gd"
    ),
    "POST /children/{number}/missing-reports": Case(
        "nurse",
        _is("/children/{child}/missing-reports"),
        _body(last_seen_at=lambda _: soon(9), circumstances="bed empty"),
        foreign="nurse_gd",
    ),
    "POST /missing-reports/{id}/end": Case(
        "caseworker", _is("/missing-reports/{missing}/end"), _body(note="was in the bath"), foreign="caseworker_gd"
    ),
    "POST /facilities/{code}/head-counts": Case(
        "nurse",
        _is("/facilities/hospital/head-counts"),
        _body(night="2011-07-15", child=lambda t: t.child, seen=True),
        foreign="nurse_gd",
        unknown=422,
    ),
    "GET /facilities/{code}/head-counts/{night}": Case(
        "nurse", _is("/facilities/hospital/head-counts/{night}"), foreign="nurse_gd"
    ),
    "POST /facilities/{code}/admissions": Case(
        "nurse", _is("/facilities/hospital/admissions"), _body(person=lambda t: t.carer, purpose="visit"), foreign="nurse_gd"
    ),
    "POST /children/{number}/assignments": Case(
        "supervisor", _is("/children/{child}/assignments"), _body(staff="officer2"), foreign="supervisor_vn"
    ),
    "GET /children/{number}/assignments": Case("supervisor", _is("/children/{home}/assignments"), foreign="supervisor_vn"),
    "POST /assignments/{id}/end": Case("supervisor", _is("/assignments/{assignment}/end"), foreign="supervisor_vn"),
    "POST /children/{number}/break-glass": Case(
        "officer_gd", _is("/children/{home}/break-glass"), _body(reason="a call in the night about this child"), approves=True
    ),
    "GET /break-glass": Case("auditor", _is("/break-glass")),
    "POST /break-glass/{id}/review": Case(
        "auditor", _is("/break-glass/{glass}/review"), _body(justified=True, note="called back"), foreign="supervisor_vn"
    ),
    "POST /exclusions": Case("officer", _is("/exclusions"), _body(subject="phone", value="13977005555", ground="seller")),
    "GET /exclusions": Case("officer", _is("/exclusions")),
    "POST /screenings": Case("nurse", _is("/screenings"), _body(kind="name", value="Niu Erhu")),
    "POST /children/{number}/foster-requests": Case(
        "caseworker",
        _is("/children/{home}/foster-requests"),
        _body(
            institution="home",
            person=lambda t: t.carer,
            address="广西防城港市北部湾大道88号",
            reason="one carer for one child",
        ),
        foreign="caseworker_gd",
    ),
    "GET /foster-requests/{id}": Case("supervisor", _is("/foster-requests/{foster_id}"), foreign="supervisor_vn"),
    "POST /foster-requests/{id}/approvals": Case(
        "supervisor",
        _is("/foster-requests/{foster_id}/approvals"),
        _body(digest=lambda t: t.foster.digest),
        foreign="supervisor_vn",
        approves=True,
    ),
    "POST /foster-requests/{id}/end": Case(
        "caseworker", _is("/foster-requests/{foster_id}/end"), _body(reason="moved away"), foreign="caseworker_gd"
    ),
    **PLACEMENTS,
    "POST /children/{number}/observation-plans": Case(
        "nurse", _is("/children/{child}/observation-plans"), _body(every_minutes=60), foreign="nurse_gd"
    ),
    "GET /observations-due": Case("nurse", _is("/observations-due")),
    "GET /children/{number}/chart": Case("nurse", _is("/children/{child}/chart"), foreign="nurse_gd"),
    "POST /children/{number}/observations": Case(
        "nurse",
        _is("/children/{child}/observations"),
        _body(taken_at=lambda _: soon(1), consciousness="alert", heart_rate=132, temperature_c="36.9"),
        foreign="nurse_gd",
    ),
    "POST /children/{number}/measures": Case(
        "nurse",
        _is("/children/{child}/measures"),
        _body(taken_at=lambda _: soon(1), length_mm=540, weight_g=4300),
        foreign="nurse_gd",
    ),
    "POST /children/{number}/tox-samples": Case(
        "nurse",
        _is("/children/{child}/tox-samples"),
        _body(barcode="T-2", kind="blood", taken_at=lambda _: soon(1)),
        foreign="nurse_gd",
    ),
    "POST /tox-samples/{id}/results": Case(
        "nurse", _is("/tox-samples/{sample}/results"), _body(substance="diphenhydramine", found=True), foreign="nurse_gd"
    ),
    "GET /alarms": Case("nurse", _is("/alarms")),
    "POST /alarms/{id}/answer": Case("nurse", _is("/alarms/{alarm}/answer"), _body(note="looked, all well"), foreign="nurse_gd"),
    "GET /audit/chains": Case("auditor", _is("/audit/chains")),
    "GET /audit/chains/{chain}/events": Case("auditor", _is("/audit/chains/CN.GX/events"), foreign="auditor_vn"),
    "GET /audit/children/{number}/events": Case("auditor", _is("/audit/children/{child}/events")),
    "GET /audit/verification": Case("auditor", _is("/audit/verification")),
}
