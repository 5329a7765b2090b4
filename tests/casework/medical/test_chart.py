"""Observations, measures and samples are the hospital's that has the child; a value that cannot be is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.accounts.queries import actor_of
from wayhome.casework.audit.models import Alarm, AuditEvent
from wayhome.casework.children import queries as children
from wayhome.casework.children.actions import estimate_age
from wayhome.casework.children.models import Child
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.backends.watch import expected_refusal
from wayhome.casework.core.errors import Invalid, NotAllowed, NotFound, Refused
from wayhome.casework.custody import queries as custody
from wayhome.casework.custody.rules import Kind
from wayhome.casework.medical import actions, queries
from wayhome.casework.medical.models import Measure, Observation, ObservationPlan, ToxResult, ToxSample


def observe(world: World, child: Child, by: str = "nurse", **seen: Any) -> Observation:
    at = world.now()
    told: dict[str, Any] = {"taken_at": at, "consciousness": "alert"} | seen
    return actions.observe(child=child, by=world.actor(by), at=at, **told)


def elsewhere(world: World) -> Actor:
    """A nurse of another hospital."""
    assert world.registrars is not None
    at, by = world.now(), world.registrars
    agency = accounts.register_agency(
        by=by, at=at, code="other", kind="hospital", name="钦州市医院", jurisdiction=world.jurisdictions["GX"]
    )
    staff = accounts.register_staff(
        by=by, at=at, number="elsewhere", name="农小兰", id_number="45068119990101", agency=agency, role="nurse"
    )
    return actor_of(staff)


def test_a_child_is_observed(world: World) -> None:
    child = world.in_hospital()
    first = observe(
        world,
        child,
        heart_rate=132,
        breaths=38,
        temperature_c=36.74,
        oxygen_percent=97,
        feeding="poorly",
        feed_ml=40,
        note=" drowsy ",
    )
    second = observe(world, child, by="doctor", consciousness="voice")
    assert list(queries.chart(child)) == [first, second]
    first.refresh_from_db()
    assert (first.temperature_c, first.note, second.heart_rate) == (Decimal("36.7"), "drowsy", None)
    assert queries.observation(child, first.pk) == first
    with pytest.raises(NotFound):
        queries.observation(world.child(), first.pk)


def test_a_mistake_is_superseded_and_stays(world: World) -> None:
    child = world.in_hospital()
    wrong = observe(world, child, heart_rate=231)
    right = observe(world, child, heart_rate=132, taken_at=wrong.taken_at, supersedes=wrong)
    assert list(queries.chart(child)) == [right]
    assert Observation.objects.count() == 2
    with pytest.raises(Refused) as refused:
        observe(world, child, supersedes=wrong)
    assert refused.value.codes == ("already_superseded",)
    assert not Alarm.objects.exists()
    other = world.in_hospital()
    with pytest.raises(Invalid) as invalid:
        observe(world, other, supersedes=right)
    assert invalid.value.fields == {"supersedes": "something_else"}


LIMITS = [
    ("heart_rate", 19, 301),
    ("breaths", 3, 121),
    ("temperature_c", 24.9, 43.1),
    ("oxygen_percent", 29, 101),
    ("feed_ml", 0, 501),
]


@pytest.mark.parametrize(("field", "low", "high"), LIMITS)
def test_what_no_child_shows_is_a_slip(world: World, field: str, low: float, high: float) -> None:
    child = world.in_hospital()
    step = 0.1 if field == "temperature_c" else 1
    for value in (low, high):
        with pytest.raises(Invalid) as refused:
            observe(world, child, **{field: value})
        assert refused.value.fields == {field: "implausible"}
    for value in (low + step, high - step):
        observe(world, child, **{field: value})
    assert Observation.objects.count() == 2


@pytest.mark.parametrize(
    ("seen", "wrong"),
    [
        ({"consciousness": "fine"}, {"consciousness": "unknown_choice"}),
        ({"feeding": "lots"}, {"feeding": "unknown_choice"}),
        ({"note": "x" * 301}, {"note": "too_long"}),
        ({"taken_at": datetime(2011, 7, 16, tzinfo=UTC)}, {"taken_at": "in_future"}),
        ({"taken_at": datetime(2011, 7, 15, 5, tzinfo=UTC)}, {"taken_at": "before_stay"}),
        ({"taken_at": datetime(2011, 7, 15, 6, 20)}, {"taken_at": "no_time_zone"}),
    ],
)
def test_an_observation_that_cannot_be(world: World, seen: dict[str, Any], wrong: dict[str, str]) -> None:
    child = world.in_hospital()
    with pytest.raises(Invalid) as refused:
        observe(world, child, **seen)
    assert refused.value.fields == wrong


def test_a_time_is_typed_without_its_seconds(world: World) -> None:
    world.clock += timedelta(seconds=40)
    child = world.in_hospital()
    came = custody.head(child.pk).started_at
    observe(world, child, taken_at=came.replace(second=0))
    with pytest.raises(Invalid):
        observe(world, child, taken_at=came.replace(second=0) - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("minutes", "sedation", "code"), [(4, False, "too_often"), (1441, False, "too_seldom"), (61, True, "too_seldom")]
)
def test_a_plan_that_cannot_be(world: World, minutes: int, sedation: bool, code: str) -> None:
    child = world.in_hospital()
    nurse = world.actor("nurse")
    with pytest.raises(Invalid) as refused:
        actions.plan_observation(child=child, every_minutes=minutes, sedation=sedation, by=nurse, at=world.now())
    assert refused.value.fields == {"every_minutes": code}
    inside = minutes + 1 if code == "too_often" else minutes - 1
    actions.plan_observation(child=child, every_minutes=inside, sedation=sedation, by=nurse, at=world.now())


def test_the_last_plan_of_the_stay_holds(world: World) -> None:
    child = world.in_hospital()
    assert queries.plan(child) is None
    nurse = world.actor("nurse")
    for minutes in (60, 30):
        actions.plan_observation(child=child, every_minutes=minutes, by=nurse, at=world.now())
    plan = queries.plan(child)
    assert plan is not None
    assert plan.every_minutes == 30


def test_size_estimates_the_age(world: World) -> None:
    child = world.in_hospital()
    at = world.now()
    actions.measure(child=child, taken_at=at, length_mm=545, weight_g=4300, head_mm=372, by=world.actor("nurse"), at=at)
    age = children.age_on(child, date(2011, 7, 15))
    assert age is not None
    assert age.method == "growth"
    assert age.author == "王秀英"
    # The median girl of the tables is so large at five weeks.
    assert age.least_days <= 35 <= age.most_days
    assert age.most_days < 120
    later = world.now()
    actions.measure(child=child, taken_at=later, length_mm=545, weight_g=4300, neglected=True, by=world.actor("nurse"), at=later)
    wider = children.age_on(child, date(2011, 7, 15))
    assert wider is not None
    assert wider.most_days - wider.least_days > age.most_days - age.least_days
    assert queries.measures(child).count() == 2


def test_a_stump_narrows_what_size_tells(world: World) -> None:
    widths = []
    for stump in (None, True):
        child = world.in_hospital()
        at = world.now()
        actions.measure(child=child, taken_at=at, length_mm=500, cord_stump=stump, by=world.actor("doctor"), at=at)
        age = children.age_on(child, at.date())
        assert age is not None
        widths.append(age.most_days - age.least_days)
    assert widths[1] < widths[0]


@pytest.mark.parametrize(
    ("sizes", "known"),
    [
        ({"length_mm": 1350}, None),  # beyond the tables
        ({"cord_stump": True}, None),  # alone it may be a slip
        ({"length_mm": 500, "weight_g": 14_000}, None),  # fits no age
        ({"length_mm": 850, "weight_g": 12_000}, (800, 900)),  # known to be older than the tables go
    ],
)
def test_a_size_that_tells_no_age_is_kept(world: World, sizes: dict[str, Any], known: tuple[int, int] | None) -> None:
    child = world.in_hospital()
    at = world.now()
    if known is not None:
        estimate_age(
            child=child,
            on=at.date(),
            least_days=known[0],
            most_days=known[1],
            method="teeth",
            by=world.actor("doctor"),
            at=at,
        )
    actions.measure(child=child, taken_at=at, by=world.actor("nurse"), at=at, **sizes)
    assert queries.measures(child).count() == 1
    assert child.ages.count() == (0 if known is None else 1)


@pytest.mark.parametrize(
    ("sizes", "wrong"),
    [
        ({}, {"length_mm": "nothing_measured"}),
        ({"length_mm": 249}, {"length_mm": "implausible"}),
        ({"weight_g": 4}, {"weight_g": "implausible"}),
        ({"head_mm": 651, "length_mm": 2001}, {"head_mm": "implausible", "length_mm": "implausible"}),
    ],
)
def test_a_size_that_cannot_be(world: World, sizes: dict[str, int], wrong: dict[str, str]) -> None:
    child = world.in_hospital()
    at = world.now()
    with pytest.raises(Invalid) as refused:
        actions.measure(child=child, taken_at=at, by=world.actor("nurse"), at=at, **sizes)
    assert refused.value.fields == wrong


def sample(world: World, child: Child, barcode: str = "U-1") -> ToxSample:
    at = world.now()
    return actions.take_tox_sample(child=child, barcode=barcode, kind="urine", taken_at=at, by=world.actor("nurse"), at=at)


def test_the_pathway_of_a_sedated_child(world: World) -> None:
    child = world.in_hospital()
    nurse = world.actor("nurse")
    assert not queries.sample_due(child)
    actions.plan_observation(child=child, every_minutes=15, sedation=True, by=nurse, at=world.now())
    assert queries.sample_due(child)
    taken = sample(world, child)
    assert not queries.sample_due(child)
    actions.record_tox_result(sample=taken, substance="clonazepam", found=True, by=world.actor("doctor"), at=world.now())
    [shown] = queries.samples(child)
    assert [(result.substance, result.found) for result in shown.results.all()] == [("clonazepam", True)]
    assert queries.tox_sample(nurse, taken.pk, at=world.now()) == taken
    with pytest.raises(NotFound):
        queries.tox_sample(world.actor("caseworker_gd"), taken.pk, at=world.now())


def test_samples_that_cannot_be(world: World) -> None:
    child = world.in_hospital()
    at, nurse = world.now(), world.actor("nurse")
    taken = sample(world, child)
    with pytest.raises(Refused) as refused:
        sample(world, child)
    assert refused.value.codes == ("already_there",)
    with pytest.raises(Invalid) as invalid:
        actions.take_tox_sample(child=child, barcode=" ", kind="tears", taken_at=at + timedelta(days=1), by=nurse, at=at)
    assert invalid.value.fields == {"barcode": "required", "kind": "unknown_choice", "taken_at": "in_future"}
    with pytest.raises(Invalid) as invalid:
        actions.record_tox_result(sample=taken, substance="", found=False, by=nurse, at=at)
    assert invalid.value.fields == {"substance": "required"}


def acts(world: World, child: Child, taken: ToxSample, by: Actor) -> list[Callable[[], object]]:
    at = world.now()
    return [
        lambda: actions.plan_observation(child=child, every_minutes=30, by=by, at=at),
        lambda: actions.observe(child=child, taken_at=at, consciousness="alert", by=by, at=at),
        lambda: actions.measure(child=child, taken_at=at, length_mm=1400, by=by, at=at),
        lambda: actions.take_tox_sample(child=child, barcode=f"B-{by.staff_id}", kind="hair", taken_at=at, by=by, at=at),
        lambda: actions.record_tox_result(sample=taken, substance="x", found=False, by=by, at=at),
    ]


def test_only_the_hospital_that_has_the_child(world: World) -> None:
    child = world.in_hospital()
    taken = sample(world, child)
    for act in acts(world, child, taken, world.actor("officer")):
        with pytest.raises(NotAllowed):
            act()
    for act in acts(world, child, taken, elsewhere(world)):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.codes == ("not_of_place",)
    assert Alarm.objects.filter(code="not_of_place").count() == 5
    before = AuditEvent.objects.filter(child_id=child.pk).count()
    for act in acts(world, child, taken, world.actor("doctor")):
        act()
    verbs = AuditEvent.objects.filter(child_id=child.pk).order_by("n").values_list("action", flat=True)[before:]
    assert list(verbs) == [
        f"medical.{verb}" for verb in ("plan_observation", "observe", "measure", "take_tox_sample", "record_tox_result")
    ]


def test_a_child_that_left_is_observed_no_more(world: World) -> None:
    child = world.in_hospital(cleared=True)
    taken = sample(world, child)
    world.hand_over(child, "home", Kind.WELFARE_INSTITUTION, giver="nurse", receiver="caseworker")
    for act in acts(world, child, taken, world.actor("nurse"))[:4]:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.codes == ("not_of_place",)
    # The laboratory answers later than a child stays.
    acts(world, child, taken, world.actor("nurse"))[4]()


@pytest.mark.parametrize("model", [ObservationPlan, Observation, Measure, ToxSample, ToxResult])
def test_the_database_itself_keeps_others_out(world: World, model: Any) -> None:
    child = world.in_hospital()
    stay, at = custody.head(child.pk), world.now()
    columns: dict[Any, dict[str, Any]] = {
        ObservationPlan: {"child": child, "episode": stay, "every_minutes": 30},
        Observation: {"child": child, "episode": stay, "taken_at": at, "consciousness": "alert"},
        Measure: {"child": child, "taken_at": at},
        ToxSample: {"child": child, "barcode": "x", "kind": "hair", "taken_at": at},
        ToxResult: {"sample": sample(world, child), "substance": "x", "found": False},
    }
    for by in ("officer", "administrator"):
        with pytest.raises(DatabaseError, match="not_of_place"), expected_refusal(connection), transaction.atomic():
            model.objects.create(by=world.staff[by], at=at, **columns[model])
    row = model.objects.create(by=world.staff["nurse"], at=at, **columns[model])
    with pytest.raises(DatabaseError, match="append_only"), expected_refusal(connection), transaction.atomic():
        row.delete()


def test_the_database_itself_keeps_corrections_within_a_stay(world: World) -> None:
    one, other = world.in_hospital(), world.in_hospital()
    first, at = observe(world, one), world.now()
    with pytest.raises(DatabaseError, match="something_else"), expected_refusal(connection), transaction.atomic():
        Observation.objects.create(
            child=other,
            episode=custody.head(other.pk),
            taken_at=at,
            consciousness="alert",
            supersedes=first,
            by=world.staff["nurse"],
            at=at,
        )
