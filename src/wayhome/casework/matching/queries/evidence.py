"""What is known beside DNA of a child and of a request, as the library weighs it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery

from wayhome import kinship
from wayhome.casework.children.models import AgeEstimate, Assertion, Child, FoundItem, Mark
from wayhome.casework.children.queries import records
from wayhome.casework.families.models import Description, MissingItem, MissingMark
from wayhome.casework.medical.models import Measure
from wayhome.casework.operations.models import RescueEvent


@dataclass(frozen=True)
class Known:
    """What is known of a rescued child, over all its records."""

    child: Child
    age: kinship.AgePosterior | None
    examined_on: date | None
    marks: tuple[kinship.Mark, ...] | None
    items: tuple[str, ...] | None
    names: tuple[str, ...]
    event: str
    events: tuple[kinship.RescueEvent, ...]


@dataclass(frozen=True)
class Told:
    """What a family tells of the child that it looks for."""

    request: int
    description: Description
    marks: tuple[kinship.Mark, ...]
    items: tuple[str, ...]


def known_of(child: Child) -> Known:
    """Read once for a child, and weighed against many requests."""
    own = list(records([child.pk]))
    measure = Measure.objects.filter(child__in=own).order_by("taken_at", "pk").first()
    age = None if measure is None else kinship.age_posterior(_examination(child, measure), _model(measure))
    marks = tuple(_marks(Mark.objects.filter(child__in=own).values_list("kind", "place")))
    items = tuple(FoundItem.objects.filter(child__in=own).values_list("what", flat=True))
    names = Assertion.objects.filter(child__in=own, field="name", superseded_by__isnull=True)
    zone = child.event.operation.time_zone
    happened = RescueEvent.objects.values_list("pk", "found_at", "operation__time_zone")
    events = [kinship.RescueEvent(str(pk), None, _day(found_at, there)) for pk, found_at, there in happened]
    return Known(
        child,
        age,
        None if measure is None else _day(measure.taken_at, zone),
        marks or None,
        items or None,
        tuple(names.values_list("value", flat=True)),
        str(child.event_id),
        tuple(events),
    )


def told_by(requests: Iterable[int]) -> dict[int, Told]:
    """What some families tell, by request."""
    asked = list(requests)
    last = Description.objects.filter(request=OuterRef("request")).order_by("-n").values("n")[:1]
    said = Description.objects.filter(request__in=asked, n=Subquery(last))
    marks: dict[int, list[tuple[str, str]]] = {}
    for request, kind, place in MissingMark.objects.filter(request__in=asked).values_list("request_id", "kind", "place"):
        marks.setdefault(request, []).append((kind, place))
    items: dict[int, list[str]] = {}
    for request, what in MissingItem.objects.filter(request__in=asked).values_list("request_id", "what"):
        items.setdefault(request, []).append(what)
    return {
        one.request_id: Told(
            one.request_id, one, tuple(_marks(marks.get(one.request_id, []))), tuple(items.get(one.request_id, []))
        )
        for one in said
    }


def weighed(known: Known, told: Told) -> kinship.Evidence:
    """Every finding of a child and a request; what is not known has LR 1, and none excludes."""
    said = told.description
    return kinship.combine_findings(
        [
            kinship.sex_finding(known.child.sex, said.sex),  # type: ignore[arg-type]
            kinship.birth_date_finding(known.age, known.examined_on, kinship.ReportedBirth(said.born_from, said.born_to, 3.0)),
            kinship.marks_finding(known.marks, told.marks),
            kinship.belongings_finding(known.items, told.items),
            kinship.names_finding(known.names, (said.child_name,)),
            kinship.place_finding(known.event, kinship.Loss(earliest=said.lost_from, latest=said.lost_to), known.events),
        ]
    )


def birth_interval(child: Child) -> tuple[date, date] | None:
    """First and last day on which a child can have been born, by the last estimate of any of its records."""
    last = AgeEstimate.objects.filter(child__in=list(records([child.pk]))).order_by("-pk").first()
    if last is None:
        return None
    return last.on - timedelta(days=last.most_days), last.on - timedelta(days=last.least_days)


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _marks(rows: Iterable[tuple[str, str]]) -> Iterable[kinship.Mark]:
    return (kinship.Mark(kind, place) for kind, place in rows)


def _examination(child: Child, measure: Measure) -> kinship.Examination:
    def scaled(value: int | None, by: float) -> float | None:
        return None if value is None else value / by

    return kinship.Examination(
        length_cm=scaled(measure.length_mm, 10),
        weight_kg=scaled(measure.weight_g, 1000),
        head_circumference_cm=scaled(measure.head_mm, 10),
        sex=child.sex,  # type: ignore[arg-type]
        stump=measure.cord_stump,
    )


def _model(measure: Measure) -> kinship.AgeModel | None:
    return kinship.AgeModel(widening=kinship.NEGLECTED) if measure.neglected else None


def factors(evidence: kinship.Evidence) -> dict[str, float]:
    """log10 LR of each finding that says something, capped."""
    return {one.name: one.log10_lr_capped for one in evidence.findings if not one.missing}
