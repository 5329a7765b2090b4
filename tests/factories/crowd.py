"""Very many children, for the load benchmark. All people are made up.

The registers are kept by the actions of the house. The children of the first four cities come as rows, two hundred in a
transaction, in the order in which the actions would write them, so that every guard looks at each as it does at one child; each
act leaves its event in the chain of its province. Most live in a home; eight in a hundred came in the last two days and wait for
something. `crowd_copies` makes as many more cities like these as are wanted.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from factories import crowd_copies as copied
from factories.crowd_registers import GIVEN, MODEL_CHILDREN, MODEL_CITIES, City, Crowd, name_of, registers
from factories.pages import picture
from factories.world import small_world
from wayhome.casework.accounts.models import Agency, Facility, Jurisdiction, Staff
from wayhome.casework.audit.models import Alarm, AlarmAnswer, AuditEvent
from wayhome.casework.children.models import (
    AgeEstimate,
    Assertion,
    Child,
    FoundItem,
    Mark,
    MergeConfirmation,
    MergeStep,
    Photo,
    SiblingGroup,
    Wristband,
)
from wayhome.casework.core import numbers
from wayhome.casework.core.keys import all_keys
from wayhome.casework.custody.models import Assignment, Clearance, CustodyEpisode, Exclusion, HandoverOffer
from wayhome.casework.custody.rules import Kind
from wayhome.casework.medical.models import Observation, ObservationPlan
from wayhome.casework.operations.models import Person, PersonFact, PersonKey, RescueEvent, RescueEventKey
from wayhome.casework.placements.models import Placement, PlacementAnswer

PER_EVENT = 8
EVENTS_AT_ONCE = 24
_STAYS = {"post": Kind.POLICE, "hospital": Kind.HOSPITAL, "home": Kind.WELFARE_INSTITUTION}


@dataclass
class Case:
    """One child on its way; `stay` is where it is by now."""

    city: City
    child: Child
    stay: str
    clock: datetime
    episode: CustodyEpisode
    cleared: bool = False


def fill(children: int, *, seed: int = 1, said: Callable[[str], None] = print) -> Crowd:
    """Registers for so many children, and the children."""
    crowd = Crowd(small_world(), random.Random(seed), timezone.now())
    crowd.photo = picture(20)
    copies = -(-children // MODEL_CHILDREN)
    registers(crowd, MODEL_CITIES * copies)
    said(f"registers: {len(crowd.cities)} cities in {len(crowd.provinces)} provinces")
    before = copied.last_rows()
    events = -(-MODEL_CHILDREN // PER_EVENT)
    for first in range(0, events, EVENTS_AT_ONCE):
        with transaction.atomic():
            _batch(crowd, range(first, min(first + EVENTS_AT_ONCE, events)), MODEL_CHILDREN - first * PER_EVENT)
    _merges(crowd, MODEL_CHILDREN // 400)
    said(f"the first {MODEL_CHILDREN} children")
    first = crowd.cities[0]
    copied.copy(
        before,
        copies - 1,
        registers={
            Jurisdiction: (first.place.pk, MODEL_CITIES),
            Agency: (first.agencies["post"].pk, 3 * MODEL_CITIES),
            Facility: (first.facilities["post"].pk, 3 * MODEL_CITIES),
            Staff: (first.staff["officer"].pk, 4 * MODEL_CITIES),
        },
        said=said,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return crowd


def _batch(crowd: Crowd, numbers_of_events: range, left: int) -> None:
    """Rescues, and the children of each as far as they came."""
    crowd.events = []
    rescues = [_rescue(crowd, i) for i in numbers_of_events]
    RescueEvent.objects.bulk_create(rescue for _city, rescue, _recent in rescues)
    RescueEventKey.objects.bulk_create(
        RescueEventKey(event=rescue, kind=kind, key=key)
        for _city, rescue, _recent in rescues
        for kind, key in sorted(all_keys([("address", rescue.place)]))
    )
    _buyers(crowd, rescues)
    cases = list(_found(crowd, rescues, left))
    _describe(crowd, cases)
    in_hospital = [case for case in cases if case.stay != "post"]
    _hand_over(crowd, in_hospital, "hospital", "officer", "nurse")
    _observe(crowd, in_hospital)
    _clear(crowd, [case for case in in_hospital if case.cleared])
    _hand_over(crowd, [case for case in in_hospital if case.stay == "home"], "home", "nurse", "caseworker")
    waiting = [case for case in cases if case.stay == "hospital" and case.cleared]
    _ask(crowd, waiting[: len(waiting) // 2])
    posts = [case for case in cases if case.stay == "post"]
    HandoverOffer.objects.bulk_create(_offer(case, "hospital", "officer") for case in posts[::2])
    _alarms(crowd, cases)
    AuditEvent.objects.bulk_create(crowd.events)


def _rescue(crowd: Crowd, i: int) -> tuple[City, RescueEvent, bool]:
    """One rescue; of every city's thirteen, one was in the last two days."""
    city = crowd.cities[i % MODEL_CITIES]
    recent = i // MODEL_CITIES % 13 == 6
    ago = timedelta(hours=crowd.random.uniform(6, 46)) if recent else timedelta(days=crowd.random.uniform(3, 1500))
    rescue = RescueEvent(
        operation=crowd.operations[city.province % len(crowd.operations)],
        jurisdiction=city.place,
        place=f"{city.place.code}市北仑大道{i}号",
        found_at=crowd.now - ago,
        by=city.staff["officer"],
        at=crowd.now - ago,
    )
    return city, rescue, recent


def _buyers(crowd: Crowd, rescues: list[tuple[City, RescueEvent, bool]]) -> None:
    """A buyer of each rescue, known by name and number, excluded for every child."""
    people = Person.objects.bulk_create(
        Person(label="buyer", by=city.staff["officer"], at=rescue.at) for city, rescue, _recent in rescues
    )
    facts = [
        (person, fact)
        for person in people
        for fact in (("name", name_of(crowd)), ("id", f"45{crowd.random.randrange(10**16):016d}"))
    ]
    PersonFact.objects.bulk_create(
        PersonFact(person=person, kind=kind, value=value, by_id=person.by_id, at=person.at) for person, (kind, value) in facts
    )
    PersonKey.objects.bulk_create(
        PersonKey(person=person, kind=kind, key=key) for person, fact in facts for kind, key in sorted(all_keys([fact]))
    )
    Exclusion.objects.bulk_create(
        Exclusion(subject="person", person=person, ground="buyer", by_id=person.by_id, at=person.at) for person in people
    )


def _found(crowd: Crowd, rescues: list[tuple[City, RescueEvent, bool]], left: int) -> Iterator[Case]:
    """The children of some rescues at the police post, each with its chain begun."""
    drafts = []
    for city, rescue, recent in rescues:
        pair = SiblingGroup.objects.create(ground="alleged", by=city.staff["officer"], at=rescue.at)
        for i in range(min(PER_EVENT, left - len(drafts))):
            drafts.append((city, rescue, recent, pair if i < 2 else None, numbers.new_number()))
    episodes = CustodyEpisode.objects.bulk_create(
        CustodyEpisode(
            child_id=int(number),
            n=1,
            kind=Kind.POLICE,
            facility=city.facilities["post"],
            responsible=city.staff["officer"],
            wristband=number,
            condition="drowsy, breathing calmly",
            started_at=rescue.found_at,
            at=rescue.found_at,
        )
        for city, rescue, _recent, _pair, number in drafts
    )
    children = Child.objects.bulk_create(
        Child(
            id=int(number),
            call_name=f"小{crowd.random.choice(GIVEN)}",
            sex=crowd.random.choice("FM"),
            event=rescue,
            siblings=pair,
            first_episode=episode,
            by=city.staff["officer"],
            at=rescue.found_at,
        )
        for (city, rescue, _recent, pair, number), episode in zip(drafts, episodes, strict=True)
    )
    for (city, rescue, recent, _pair, _number), child, episode in zip(drafts, children, episodes, strict=True):
        stay = crowd.random.choices(("post", "hospital", "home"), (15, 70, 15))[0] if recent else "home"
        cleared = stay == "home" or (stay == "hospital" and crowd.random.random() < 0.5)
        crowd.told(city.staff["officer"], rescue.found_at, "custody.take_into_care", f"episode:{episode.pk}", child.pk)
        yield Case(city, child, stay, rescue.found_at, episode, cleared)


def _describe(crowd: Crowd, cases: list[Case]) -> None:
    """Bands, ages, marks, things, words, some pictures; somebody who works on the case of a few."""

    def rows(model: Any, which: list[Case], **columns: Any) -> None:
        model.objects.bulk_create(
            model(child=case.child, by=case.city.staff["officer"], at=case.clock, **columns) for case in which
        )

    Wristband.objects.bulk_create(
        Wristband(child=case.child, code=case.child.number, by=case.city.staff["officer"], at=case.clock) for case in cases
    )
    AgeEstimate.objects.bulk_create(
        AgeEstimate(
            child=case.child,
            on=case.clock.date(),
            least_days=20 + i % 90,
            most_days=60 + i % 90,
            method="sight",
            by=case.city.staff["officer"],
            at=case.clock,
        )
        for i, case in enumerate(cases)
    )
    rows(Mark, cases, place="lower_back", kind="mongolian_spot", size_mm=40)
    rows(FoundItem, cases, what="红色绣花小棉袄")
    rows(Assertion, cases[::3], field="origin", value="accent of Hải Phòng, says a suspect", said_by="suspect 4")
    rows(Photo, cases[::10], jpeg=crowd.photo, sha256="0" * 64)
    rows(Assignment, cases[::50], staff=cases[0].city.staff["officer"])


def _offer(case: Case, to: str, giver: str) -> HandoverOffer:
    return HandoverOffer(
        child=case.child,
        from_episode=case.episode,
        to_facility=case.city.facilities[to],
        kind=_STAYS[to],
        giver=case.city.staff[giver],
        wristband=case.child.number,
        place="at the door",
        condition="asleep, breathing calmly",
        at=case.clock,
    )


def _hand_over(crowd: Crowd, cases: list[Case], to: str, giver: str, receiver: str) -> None:
    """Offered, and accepted."""
    for case in cases:
        case.clock += timedelta(minutes=40)
    offers = HandoverOffer.objects.bulk_create(_offer(case, to, giver) for case in cases)
    episodes = CustodyEpisode.objects.bulk_create(
        CustodyEpisode(
            child=case.child,
            n=case.episode.n + 1,
            kind=_STAYS[to],
            facility=case.city.facilities[to],
            responsible=case.city.staff[receiver],
            offer=offer,
            wristband=case.child.number,
            started_at=case.clock,
            at=case.clock,
        )
        for case, offer in zip(cases, offers, strict=True)
    )
    for case, offer, episode in zip(cases, offers, episodes, strict=True):
        case.episode = episode
        crowd.told(case.city.staff[giver], case.clock, "custody.offer_handover", f"offer:{offer.pk}", case.child.pk)
        crowd.told(case.city.staff[receiver], case.clock, "custody.hand_over", f"episode:{episode.pk}", case.child.pk)


def _observe(crowd: Crowd, cases: list[Case]) -> None:
    """A plan and a look at each, and a second look at those who are still there."""
    ObservationPlan.objects.bulk_create(
        ObservationPlan(child=case.child, episode=case.episode, every_minutes=240, by=case.city.staff["nurse"], at=case.clock)
        for case in cases
    )
    looks = [case for case in cases for _ in range(1 if case.stay == "home" else 3)]
    seen: dict[int, int] = defaultdict(int)
    rows = []
    for case in looks:
        seen[case.child.pk] += 1
        at = case.clock + timedelta(minutes=30 * seen[case.child.pk])
        rows.append(
            Observation(
                child=case.child,
                episode=case.episode,
                taken_at=at,
                consciousness="alert",
                heart_rate=128,
                breaths=34,
                temperature_c="36.8",
                feeding="well",
                by=case.city.staff["nurse"],
                at=at,
            )
        )
    for case, one in zip(looks, Observation.objects.bulk_create(rows), strict=True):
        crowd.told(case.city.staff["nurse"], one.at, "medical.observe", f"observation:{one.pk}", case.child.pk)


def _clear(crowd: Crowd, cases: list[Case]) -> None:
    """A doctor's word that they may go."""
    for case in cases:
        case.clock += timedelta(hours=4)
    words = Clearance.objects.bulk_create(
        Clearance(child=case.child, episode=case.episode, fit=True, level="ordinary", by=case.city.staff["doctor"], at=case.clock)
        for case in cases
    )
    for case, one in zip(cases, words, strict=True):
        crowd.told(case.city.staff["doctor"], one.at, "custody.clear", f"clearance:{one.pk}", case.child.pk)


def _ask(crowd: Crowd, cases: list[Case]) -> None:
    """The home of the city is asked; every second time it has accepted."""
    asked = Placement.objects.bulk_create(
        Placement(
            child=case.child,
            facility=case.city.facilities["home"],
            by=crowd.provinces[case.city.province]["placement_officer"],
            at=case.clock,
        )
        for case in cases
    )
    PlacementAnswer.objects.bulk_create(
        PlacementAnswer(placement=one, accepted=True, by=case.city.staff["caseworker"], at=crowd.now)
        for case, one in list(zip(cases, asked, strict=True))[::2]
    )


def _alarms(crowd: Crowd, cases: list[Case]) -> None:
    """Some that were answered; one child in two hundred has one that was not."""
    rows = [
        (
            Alarm(
                kind="observation_overdue",
                level=1 + i % 2,
                child_id=case.child.pk,
                agency_id=case.episode.facility.agency_id,
                jurisdiction=case.city.place.path,
                at=case.clock,
            ),
            i % 10 > 0,
        )
        for i, case in enumerate(case for i, case in enumerate(cases) if i % 20 == 0)
    ]
    Alarm.objects.bulk_create(alarm for alarm, _answered in rows)
    AlarmAnswer.objects.bulk_create(
        AlarmAnswer(alarm=alarm, staff_id=1, note="looked, all well", at=alarm.at) for alarm, answered in rows if answered
    )


def _merges(crowd: Crowd, count: int) -> None:
    """Records of which two people said that they are one child's; one in ten waits for the second."""
    pairs = list(Child.objects.filter(siblings=None).order_by("event_id", "pk")[: 6 * count])
    with transaction.atomic():
        steps = MergeStep.objects.bulk_create(
            MergeStep(kept=kept, absorbed=absorbed, kind="merge", reason="same mark", proposed_by_id=kept.by_id, at=crowd.now)
            for kept, absorbed in zip(pairs[::6], pairs[1::6], strict=False)
        )
        second = crowd.provinces[0]["supervisor"]
        MergeConfirmation.objects.bulk_create(
            MergeConfirmation(step=step, by=second, at=crowd.now) for i, step in enumerate(steps) if i % 10
        )
