"""A process of the house that does what it is told when it is told: one of several that race for the same children.

Run with the folder of the tests as its argument. A line of JSON on standard input is an errand, and one on standard output
what came of it. An errand names a function of `ERRANDS`; `begin` is the moment of the machine's clock at which to start.
Of two errands with one folder the one to `lead` stays in its transaction, the row that matters written, until the one to
`follow`, which starts then, has either ended or waits for it.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, sys.argv[1])
os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.config.settings"

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Model  # noqa: E402
from django.db.models.signals import post_save  # noqa: E402

from factories.reunification import Return  # noqa: E402
from factories.world import KEEPERS, World  # noqa: E402
from wayhome.casework.accounts import actions as accounts  # noqa: E402
from wayhome.casework.accounts.models import Agency, Facility, Jurisdiction, Staff  # noqa: E402
from wayhome.casework.accounts.queries import actor_of  # noqa: E402
from wayhome.casework.audit.models import Alarm  # noqa: E402
from wayhome.casework.children import actions as children  # noqa: E402
from wayhome.casework.children.models import Child, MergeStep  # noqa: E402
from wayhome.casework.core import guards  # noqa: E402
from wayhome.casework.core.actors import Actor  # noqa: E402
from wayhome.casework.core.errors import CaseworkError, Conflict  # noqa: E402
from wayhome.casework.custody import actions, queries  # noqa: E402
from wayhome.casework.custody.models import FosterRequest, HandoverOffer, OfferEnd  # noqa: E402
from wayhome.casework.custody.rules import Kind  # noqa: E402
from wayhome.casework.families import actions as families  # noqa: E402
from wayhome.casework.families.models import Consent, Relative  # noqa: E402
from wayhome.casework.matching.actions import reading  # noqa: E402
from wayhome.casework.operations import actions as operations  # noqa: E402
from wayhome.casework.operations.models import (  # noqa: E402
    Investigation,
    JointPlan,
    Operation,
    Person,
    PersonKey,
    PlanSite,
    PlanStep,
    Readiness,
    RescueEvent,
)
from wayhome.casework.operations.queries.investigations import memberships  # noqa: E402
from wayhome.casework.operations.queries.joint import planned  # noqa: E402
from wayhome.casework.operations.rules import ON_SITE  # noqa: E402
from wayhome.casework.overview.actions import announcing  # noqa: E402
from wayhome.casework.overview.models import Announcement  # noqa: E402
from wayhome.casework.placements import actions as placements  # noqa: E402
from wayhome.casework.reunification.actions import deciding, releasing  # noqa: E402
from wayhome.casework.reunification.models import Release  # noqa: E402
from wayhome.casework.reunification.tasks import check_samples  # noqa: E402

WATCHED = (
    "custody_custodyepisode",
    "custody_handoveroffer",
    "custody_offerend",
    "custody_exclusion",
    "custody_clearance",
    "custody_fosterend",
    "accounts_staffend",
    "accounts_facilityend",
    "children_wristband",
    "children_mergeconfirmation",
    "reunification_execution",
    "reunification_approval",
    "reunification_enquiry",
    "families_consentwithdrawal",
    "operations_personrole",
    "matching_confirmationend",
    "reunification_revocation",
    "operations_member",
    "operations_memberend",
    "operations_readiness",
    "operations_planstep",
    "overview_announcement",
    "overview_announcementapproval",
)


def staff(number: str) -> Staff:
    """By number."""
    return Staff.objects.get(number=number)


def actor(number: str) -> Actor:
    """A member of staff at work."""
    return actor_of(staff(number), stepped_up=True)


def registrars() -> tuple[Actor, Actor]:
    """The two that sign the registers."""
    return actor("registrar"), actor("registrar1")


# what they race for -------------------------------------------------------------------------------------------------------------


def accept(*, offer: int, by: str, at: datetime, wristband: str = "") -> int:
    """Take a child."""
    child = HandoverOffer.objects.get(pk=offer).child
    return actions.accept_handover(offer_id=offer, wristband=wristband or child.number, by=actor(by), at=at).pk


def offer(*, child: int, to: str, kind: str, by: str, at: datetime, escort: int = 0, foster: int = 0) -> int:
    """Give a child."""
    record = Child.objects.get(pk=child)
    band = queries.current_wristband(child)
    assert band is not None
    return actions.offer_handover(
        child=record,
        to_facility=Facility.objects.get(code=to),
        kind=Kind(kind),
        wristband=band.code,
        place="gate",
        condition="asleep",
        escort=Person.objects.get(pk=escort) if escort else None,
        foster=FosterRequest.objects.get(pk=foster) if foster else None,
        by=actor(by),
        at=at,
    ).pk


def exclude(*, person: int, at: datetime) -> int:
    """Keep somebody away from every child."""
    return actions.exclude(person=Person.objects.get(pk=person), ground="buyer", by=actor("officer"), at=at).pk


def end_staff(*, number: str, at: datetime) -> int:
    """Somebody leaves the service."""
    return accounts.end_staff(staff=staff(number), reason="left", by=registrars(), at=at).pk


def end_facility(*, code: str, at: datetime) -> int:
    """A place closes."""
    return accounts.end_facility(facility=Facility.objects.get(code=code), reason="closed", by=registrars(), at=at).pk


def clear(*, child: int, fit: bool, at: datetime) -> int:
    """The doctor clears a child, or takes the clearance back."""
    return actions.clear(child=Child.objects.get(pk=child), fit=fit, level="ordinary", by=actor("doctor"), at=at).pk


def end_foster(*, foster: int, at: datetime) -> int:
    """An approval is taken back."""
    request = FosterRequest.objects.get(pk=foster)
    return actions.end_foster(request=request, reason="changed", by=actor("supervisor"), at=at).pk


def end_offer(*, offer: int, at: datetime) -> int:
    """The giver withdraws."""
    return actions.end_offer(offer_id=offer, code="withdrawn", by=actor("caseworker2"), at=at).pk


def replace_wristband(*, child: int, at: datetime) -> int:
    """A new band."""
    return actions.replace_wristband(child=Child.objects.get(pk=child), by=actor("caseworker2"), at=at).pk


def confirm_merge(*, step: int, at: datetime) -> int:
    """The second person agrees that a record is another child's."""
    return children.confirm_merge(step=MergeStep.objects.get(pk=step), by=actor("supervisor"), at=at).pk


def correct(*, child: int, version: int, call_name: str, by: str, at: datetime) -> int:
    """Give a child another call name."""
    return children.correct(child_id=child, version=version, changes={"call_name": call_name}, by=actor(by), at=at).pk


def complete(*, release: int, by: str, at: datetime) -> int:
    """Carry a release out."""
    row = Release.objects.get(pk=release)
    return releasing.complete_return(release=row, wristband=row.child.number, by=actor(by), at=at).pk


def approve(*, release: int, by: str, at: datetime) -> int:
    """Sign a release."""
    row = Release.objects.get(pk=release)
    return releasing.approve_release(release=row, digest=row.digest, by=actor(by), at=at).pk


def involve(*, release: int, at: datetime) -> int:
    """An investigator finds that a parent took part."""
    case = Release.objects.get(pk=release).case
    return deciding.enquire(case=case, result="involved", note="the seller named her", by=actor("officer_gd"), at=at).pk


def withdraw_consent(*, release: int, at: datetime) -> int:
    """The father wants his sample back."""
    compared = Release.objects.get(pk=release).case.confirmation.candidate.dossier.samples.values("relative")
    consent = Consent.objects.filter(relative__in=compared, relative__sex="M")[0]
    return families.withdraw_consent(consent=consent, by=actor("officer"), at=at).pk


def detain(*, person: int, at: datetime) -> int:
    """Somebody is arrested."""
    known = {"person": Person.objects.get(pk=person), "operation": Operation.objects.order_by("pk")[0], "kind": "witness"}
    return operations.record_role(**known, detained_at=at, by=actor("officer"), at=at).pk


def take_back(*, release: int, at: datetime) -> int:
    """The head of the laboratory takes the match back."""
    confirmation = Release.objects.get(pk=release).case.confirmation
    return reading.take_back(confirmation=confirmation, reason="the tubes", by=actor("lab_supervisor"), at=at).pk


def revoke(*, release: int, at: datetime) -> int:
    """The institution takes back what it asked for."""
    return releasing.revoke_release(release=Release.objects.get(pk=release), note="she moved", by=actor("caseworker"), at=at).pk


def add_member(*, investigation: int, who: str, by: str, at: datetime, function: str = "member") -> int:
    """Somebody is taken into a task force."""
    opened = Investigation.objects.get(pk=investigation)
    return operations.add_member(investigation=opened, staff=staff(who), function=function, by=actor(by), at=at).pk


def end_member(*, investigation: int, who: str, by: str, at: datetime) -> int:
    """And out of it."""
    opened = Investigation.objects.get(pk=investigation)
    return operations.end_member(investigation=opened, staff=staff(who), by=actor(by), at=at).pk


def launch(*, plan: int, by: str, at: datetime) -> int:
    """A joint operation begins."""
    return operations.launch_plan(plan=JointPlan.objects.get(pk=plan), by=actor(by), at=at).pk


def say(*, site: int, word: str, by: str, at: datetime) -> int:
    """The leader of a site says on the spot whether it goes."""
    there = dict.fromkeys(ON_SITE, word == "go")
    reason = "" if word == "go" else "children play in the yard"
    return operations.report_readiness(
        site=PlanSite.objects.get(pk=site), word=word, reason=reason, **there, by=actor(by), at=at
    ).pk


def announce(*, number: str, operation: int, at: datetime) -> int:
    """The next version of an announcement is counted and proposed."""
    told = {"number": number, "operations": [Operation.objects.get(pk=operation)], "cutoff": at}
    return announcing.propose_announcement(**told, by=actor("supervisor"), at=at).pk


def agree(*, announcement: int, at: datetime) -> int:
    """Another supervisor approves a version."""
    one = Announcement.objects.get(pk=announcement)
    return announcing.approve_announcement(announcement=one, digest=one.digest, by=actor("supervisor2"), at=at).pk


def told_of_announcement(*, number: str, at: datetime) -> list[dict[str, Any]]:
    """Its versions: whether each was approved, and of which version the table of provinces is that it has."""
    return [
        {"n": one.n, "approved": hasattr(one, "approval"), "of": json.loads(one.provinces)["of"]}
        for one in Announcement.objects.filter(number=number).order_by("n")
    ]


# what is there before and after -------------------------------------------------------------------------------------------------


def a_world() -> World:
    """The one of this house, and the clock long after all that happened in it."""
    world = World(clock=datetime(2012, 1, 1, tzinfo=UTC))
    world.staff = {one.number: one for one in Staff.objects.all()}
    world.facilities = {one.code: one for one in Facility.objects.all()}
    world.agencies = {one.code: one for one in Agency.objects.all()}
    world.jurisdictions = {one.code: one for one in Jurisdiction.objects.all()}
    world.operation = Operation.objects.order_by("pk")[0]
    world.registrars = registrars()
    world.event = RescueEvent.objects.order_by("pk")[0]
    return world


def watch() -> None:
    """Note in which order rows are committed: on PostgreSQL at the very end of each transaction, one at a time."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("CREATE TABLE race_order (n integer PRIMARY KEY AUTOINCREMENT, what text, id bigint)")
        else:
            cursor.execute("CREATE TABLE race_order (n bigserial PRIMARY KEY, what text, id bigint)")
            cursor.execute(
                "CREATE FUNCTION race_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(4711);"
                " INSERT INTO race_order (what, id) VALUES (TG_TABLE_NAME, NEW.id); RETURN NULL; END $$"
            )
        for table in WATCHED:
            cursor.execute(
                f"CREATE TRIGGER race_{table} AFTER INSERT ON {table} BEGIN"
                f" INSERT INTO race_order (what, id) VALUES ('{table}', NEW.id); END"
                if connection.vendor == "sqlite"
                else f"CREATE CONSTRAINT TRIGGER race_{table} AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED"
                " FOR EACH ROW EXECUTE FUNCTION race_note()"
            )


def order() -> list[tuple[str, int]]:
    """What was committed, the first first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT what, id FROM race_order ORDER BY n")
        return [(what, pk) for what, pk in cursor.fetchall()]


def somebody(*, name: str, at: datetime) -> int:
    """A person from outside whom no earlier exclusion knows."""
    person = Person.objects.create(label=name, by=staff("officer"), at=at)
    PersonKey.objects.bulk_create(PersonKey(person=person, kind=kind, key=f"{kind} {name}") for kind in ("name", "id"))
    return person.pk


def new_staff(*, number: str, like: str, at: datetime) -> int:
    """One colleague more."""
    pattern = staff(like)
    return accounts.register_staff(
        by=registrars(), at=at, number=number, name=number, id_number=f"id {number}", agency=pattern.agency, role=pattern.role
    ).pk


def new_facility(*, code: str, like: str, at: datetime) -> int:
    """One place more."""
    pattern = Facility.objects.get(code=like)
    return accounts.register_facility(
        by=registrars(),
        at=at,
        code=code,
        agency=pattern.agency,
        kind=pattern.kind,
        name=code,
        address=f"广西钦州市{code}路1号",
        jurisdiction=pattern.jurisdiction,
    ).pk


def approved_foster(*, child: int, person: int, at: datetime) -> int:
    """A household approved by two organisations."""
    request = actions.propose_foster(
        child=Child.objects.get(pk=child),
        institution=Facility.objects.get(code="home"),
        person=Person.objects.get(pk=person),
        address="广西钦州市安州大道77号",
        reason="family care",
        by=actor("caseworker"),
        at=at,
    )
    for name in ("officer", "supervisor"):
        actions.approve_foster(request=request, digest=request.digest, by=actor(name), at=at)
    return request.pk


def proposed_merge(*, kept: int, absorbed: int, at: datetime) -> int:
    """One of two says that two records are one child."""
    pair = {"kept": Child.objects.get(pk=kept), "absorbed": Child.objects.get(pk=absorbed)}
    return children.propose_merge(**pair, reason="one child", by=actor("caseworker"), at=at).pk


def looks_for_a_child(*, release: int, person: int, at: datetime) -> int:
    """Somebody of the household is told as the father in the request: whoever excludes him alarms of that too."""
    request = Release.objects.get(pk=release).case.confirmation.candidate.request
    father = Relative.objects.filter(request=request, sex="M", missing=False)[0]
    state = {"name": "x", "life": "living", "reach": "willing", "person": Person.objects.get(pk=person)}
    return families.tell_relative(relative=father, n=1, state=state, by=actor("officer"), at=at).pk


def withdraw(*, child: int, at: datetime) -> None:
    """Whatever was offered and not taken."""
    for one in queries.pending_offers().filter(child_id=child):
        OfferEnd.objects.create(offer=one, code="withdrawn", by_id=one.giver_id, at=at)


def where(*, child: int, at: datetime) -> dict[str, Any]:
    """The child's present episode, and the version and name of its record."""
    last, record = queries.head(child), Child.objects.get(pk=child)
    return {"facility": last.facility.code, "kind": last.kind, "n": last.n, "version": record.version, "name": record.call_name}


def has_room(*, place: str, beds: int, at: datetime, by: str = "") -> int:
    """A place tells what it can take."""
    return placements.report_capacity(
        facility=Facility.objects.get(code=place),
        beds=beds,
        carers_day=beds,
        carers_night=beds,
        children_per_carer=1,
        daily_cost=100,
        funds=10**6,
        by=actor(by or KEEPERS[place]),
        at=at,
    ).pk


def task_force(*, at: datetime) -> int:
    """A new investigation of two leads."""
    place, by = Jurisdiction.objects.get(code="GX"), actor("officer")
    opened = operations.open_investigation(code="8.6.2011", title="Infants", jurisdiction=place, by=by, at=at)
    return add_member(investigation=opened.pk, who="officer2", by="officer", at=at, function="lead") and opened.pk


def leads_of(*, investigation: int, at: datetime) -> list[str]:
    """Who leads it now, by number."""
    now = memberships().filter(investigation=investigation, function="lead")
    return sorted(now.values_list("staff__number", flat=True))


def in_place(*, place: str, at: datetime) -> int:
    """How many children have a bed there."""
    return queries.heads().filter(facility__code=place, kind=Kind.WELFARE_INSTITUTION).count()


def alarms(*, at: datetime) -> list[str]:
    """Of which episodes it was told that somebody excluded has the child."""
    return list(Alarm.objects.filter(kind=Alarm.Kind.EXCLUDED_CUSTODIAN).values_list("subject", flat=True))


def sealed_plan(*, at: datetime) -> dict[str, int]:
    """Of a new task force a plan with one site that goes, led by another than its lead."""
    opened = operations.open_investigation(
        code="8.6.2011", title="x", jurisdiction=Jurisdiction.objects.get(code="GX"), by=actor("officer"), at=at
    )
    operations.supervise(investigation=opened, since=at.date(), by=actor("officer"), at=at)
    for who, function in (("officer_gd", "member"), ("supervisor", "supervisor")):
        operations.add_member(investigation=opened, staff=staff(who), function=function, by=actor("officer"), at=at)
    place = {"jurisdiction": opened.jurisdiction, "by": actor("officer"), "at": at}
    plan = operations.draft_plan(investigation=opened, code=f"race {opened.pk}", title="x", zero_hour=at, **place)
    site = operations.add_site(plan=plan, place="x", leader=staff("officer_gd"), officers=6, **place)
    operations.approve_plan(plan=plan, digest=planned(plan).digest, by=actor("supervisor"), at=at)
    operations.seal_plan(plan=plan, by=actor("officer"), at=at)
    say(site=site.pk, word="go", by="officer_gd", at=at)
    return {"plan": plan.pk, "site": site.pk}


def told_of_plan(*, plan: int, at: datetime) -> dict[str, Any]:
    """Whether it was launched, how many operations came of it, and the last word of its site."""
    record = JointPlan.objects.get(pk=plan)
    return {
        "launched": PlanStep.objects.filter(plan=plan, step="launched").exists(),
        "operations": Operation.objects.filter(code=record.code).count(),
        "word": Readiness.objects.filter(site__plan=plan).order_by("-pk")[0].word,
    }


def guards_without_locks(*, at: datetime) -> None:
    """PostgreSQL: all guards, but none waits for another. Their triggers stay: what these call is another function."""
    with connection.cursor() as cursor:
        for guard in guards.registry.ordered():
            if guard.locks:
                cursor.execute(replace(guard, locks=()).postgresql()[0])


def guards_as_declared(*, at: datetime) -> None:
    """Put them back."""
    with connection.cursor() as cursor:
        for guard in guards.registry.ordered():
            if guard.locks:
                cursor.execute(guard.postgresql()[0])


WORK = (accept, offer, exclude, end_staff, end_facility, clear, end_foster, end_offer, replace_wristband, confirm_merge, correct)
RETURNS = (complete, approve, involve, withdraw_consent, detain, take_back, revoke, looks_for_a_child)
TASK_FORCES = (add_member, end_member, task_force, leads_of, launch, say, sealed_plan, told_of_plan)
ANNOUNCED = (announce, agree, told_of_announcement)
PREPARATION = (somebody, new_staff, new_facility, approved_foster, proposed_merge, withdraw, where, has_room, in_place, alarms)
ERRANDS = {
    do.__name__: do for do in (*WORK, *RETURNS, *TASK_FORCES, *ANNOUNCED, *PREPARATION, guards_without_locks, guards_as_declared)
}


class Preparer:
    """Errands that need the world and its clock."""

    def __init__(self) -> None:
        self.world, self.made = a_world(), 0

    def now(self) -> str:
        """The next minute."""
        return self.world.now().isoformat()

    def child(self, where: str) -> int:
        """A child in a hospital, cleared, or in a home."""
        return (self.world.in_home() if where == "home" else self.world.in_hospital(cleared=True)).pk

    def door(self, signed: bool) -> dict[str, int]:
        """A child at the door, the first signature given; or, not signed, a release that one supervisor approved."""
        return self.doors(1, signed=signed)[0]

    def doors(self, count: int, *, signed: bool) -> list[dict[str, int]]:
        """Several, which the laboratory compares together: its searches are most of the work."""
        houses = [self._family() for _ in range(count)]
        steps: list[Callable[[Return], Any]] = [
            lambda one: one.everybody_sampled(),
            lambda one: one.read_by_two(),
            lambda one: one.everybody_sampled(second=True),
            lambda one: (one.confirm(), one.file_opened(), one.decided(), one.requested()),
        ]
        if signed:
            steps += [lambda one: (one.approve(), one.fresh("child"), one.fresh("mother")), lambda one: one.offer()]
        else:
            steps += [lambda one: one.approve("supervisor")]
        for step in steps:
            for one in houses:
                step(one)
            houses[0].search()
            check_samples(at=self.world.now())
        return [{"release": one.release.pk, "child": one.child.pk, "father": one.father.pk} for one in houses]

    def _family(self) -> Return:
        self.made += 1
        phone = f"1387700{self.made:04}"
        house = Return(self.world, seed=self.made, inquirer=[("name", f"韦{self.made}"), ("phone", phone)])
        house.father = Person.objects.get(pk=somebody(name=f"father {self.made}", at=self.world.now()))
        return house

    def counted(self) -> dict[str, Any]:
        """A case of its own with children found in two provinces, announced and not approved, and one child more since."""
        self.made += 1
        officer, moment, mine = actor("officer"), self.world.now(), self.world.event
        place = {"jurisdiction": self.world.jurisdictions["GX"], "by": officer, "at": moment}
        case = operations.record_operation(code=f"announced {self.made}", title="x", zero_hour=moment, **place)
        for n, where in ((5, "GX"), (5, "GD"), (0, ""), (1, "GX")):
            if where:
                place = {"place": f"{where}河堤路{self.made}号", "jurisdiction": self.world.jurisdictions[where]}
                self.world.event = operations.record_rescue(
                    operation=case, found_at=moment, by=officer, at=self.world.now(), **place
                )
            else:
                number = f"race-{self.made}"
                first = announce(number=number, operation=case.pk, at=self.world.now())
            for _ in range(n):
                self.world.child()
        self.world.event = mine
        return {"number": number, "operation": case.pk, "first": first}

    def elsewhere(self, person: int) -> int:
        """A child of another operation, from the children of which somebody is kept away."""
        officer, place = actor("officer"), {"jurisdiction": self.world.facilities["home"].jurisdiction}
        moment, mine = self.world.now(), self.world.event
        operation = operations.record_operation(
            code=f"elsewhere {person}", title="Case 2", zero_hour=moment, by=officer, at=moment, **place
        )
        self.world.event = operations.record_rescue(
            operation=operation, place=f"广西防城港市渔澫路{person}号", found_at=moment, by=officer, at=moment, **place
        )
        child = self.world.in_home()
        self.world.event = mine
        common = {"scope": "operation", "operation": operation, "ground": "buyer", "by": officer, "at": self.world.now()}
        actions.exclude(person=Person.objects.get(pk=person), **common)
        return child.pk


def wait_until(happened: Callable[[], bool]) -> None:
    """Look again and again, for half a minute."""
    deadline = time.monotonic() + 30
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError("the other process of the race did not come")
        time.sleep(0.002)


def somebody_waits() -> bool:
    """Whether another process cannot go on before this one's transaction ends; SQLite lets nobody else write."""
    if connection.vendor == "sqlite":
        time.sleep(0.1)
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return bool(cursor.fetchone()[0])


@contextlib.contextmanager
def leading(folder: Path) -> Iterator[None]:
    """Stay in the transaction, the first watched row written, until the follower has ended or waits."""

    def stay(sender: type[Model], **_: Any) -> None:
        if sender._meta.db_table in WATCHED and not (folder / "written").exists():
            (folder / "written").touch()
            wait_until(lambda: (folder / "ended").exists() or somebody_waits())

    post_save.connect(stay)
    try:
        yield
    finally:
        post_save.disconnect(stay)


@contextlib.contextmanager
def following(folder: Path) -> Iterator[None]:
    """Start when the leader has written, and say when it is over."""
    wait_until((folder / "written").exists)
    try:
        yield
    finally:
        (folder / "ended").touch()


def run(errand: dict[str, Any]) -> dict[str, Any]:
    """Carry one out; what came of it."""
    name, begin = errand.pop("do"), errand.pop("begin", 0.0)
    lead, follow = errand.pop("lead", ""), errand.pop("follow", "")
    time.sleep(max(0.0, begin - time.monotonic()))
    try:
        if name in ("now", "child", "counted", "door", "doors", "elsewhere"):
            return {"ok": getattr(preparer, name)(**errand)}
        if name in ("order", "watch"):
            return {"ok": {"order": order, "watch": watch}[name]()}
        with leading(Path(lead)) if lead else following(Path(follow)) if follow else contextlib.nullcontext():
            return {"ok": ERRANDS[name](**errand | {"at": datetime.fromisoformat(errand["at"])})}
    except Conflict as conflict:
        return {"code": conflict.code, "changes": conflict.changes}
    except CaseworkError as refused:
        return {"code": refused.code}


if __name__ == "__main__":
    preparer = Preparer()
    print(json.dumps({"ok": "ready"}), flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)
