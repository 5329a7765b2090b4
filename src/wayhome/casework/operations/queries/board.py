"""The board of the day: arrests, rescues, seizures and officers by province, counted from the records in few questions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, OuterRef, Subquery

from wayhome.casework.accounts.models import Jurisdiction
from wayhome.casework.core.actors import Actor
from wayhome.casework.operations.models import Deployment, Detention, Operation, PersonRole, RescueEvent, Seizure
from wayhome.casework.operations.queries.operations import operation_of
from wayhome.casework.operations.queries.rescued import detained, rescued
from wayhome.casework.operations.rules import province_of


@dataclass(frozen=True, slots=True)
class Seized:
    """How much of one kind, in one unit."""

    kind: str
    unit: str
    amount: Decimal


@dataclass(slots=True)
class Figures:
    """What was counted somewhere.

    Parameters
    ----------
    officers : out, as last reported.
    arrests : persons of the ring who were detained, each once.
    rescues : children, each once where it was rescued.
    on_clue : children rescued on this place's clue, wherever; never added to rescues.
    """

    officers: int = 0
    arrests: int = 0
    rescues: int = 0
    on_clue: int = 0
    seized: list[Seized] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Board:
    """Of one operation: by province, `national` over all of them, `latest` when something last came in."""

    operation: Operation
    provinces: list[tuple[Jurisdiction, Figures]]
    national: Figures
    latest: datetime | None


def board(by: Actor, operation_id: int) -> Board:
    """What has come in so far, of an operation that concerns an actor."""
    return board_of(operation_of(by, operation_id))


def board_of(operation: Operation) -> Board:
    """The same, for who may know of the operation otherwise."""
    by_path: dict[str, Figures] = defaultdict(Figures)
    moments: list[datetime] = []
    for place, out in _deployed(operation).items():
        by_path[place].officers = out.officers
        moments.append(out.at)
    for person in detained([operation]):
        by_path[province_of(person.place)].arrests += 1
        moments.append(person.at)
    for child in rescued([operation]):
        by_path[province_of(child.place.path)].rescues += 1
        if child.clue is not None:
            by_path[province_of(child.clue.path)].on_clue += 1
        moments.append(child.at)
    amounts: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for line in _seized(operation):
        amounts[line.jurisdiction.path][line.kind, line.unit] += line.amount  # type: ignore[assignment]
        moments.append(line.at)
    for place, some in amounts.items():
        by_path[place].seized = _lines(some)
    places = {one.path: one for one in Jurisdiction.objects.filter(path__in=by_path)}
    provinces = sorted(((places[path], figures) for path, figures in by_path.items()), key=lambda row: row[0].path)
    return Board(operation, provinces, _sum(by_path.values(), amounts), max(moments, default=None))


def board_state(by: Actor, operation_id: int) -> str:
    """A word that is another whenever something came in that the board counts. Every open board asks for it every other second,
    so it is one question, and reads no report."""
    operation = operation_of(by, operation_id)
    rescues = RescueEvent.objects.filter(operation=OuterRef("pk")).order_by().values("operation")
    # A child's number is drawn by lot, so that the last says nothing; rows are never taken away, so that how many there are does.
    last = {
        "out": Deployment.objects.filter(operation=OuterRef("pk")).order_by("-pk").values("pk")[:1],
        "seized": Seizure.objects.filter(operation=OuterRef("pk")).order_by("-pk").values("pk")[:1],
        "placed": Detention.objects.filter(operation=OuterRef("pk")).order_by("-pk").values("pk")[:1],
        "ring": PersonRole.objects.filter(operation=OuterRef("pk")).order_by("-pk").values("pk")[:1],
        "events": RescueEvent.objects.filter(operation=OuterRef("pk")).order_by("-pk").values("pk")[:1],
        "rescued": rescues.annotate(n=Count("children")).values("n"),
        "merged": rescues.annotate(n=Count("children__merges__confirmation")).values("n"),
    }
    told = Operation.objects.filter(pk=operation.pk).values_list(*(Subquery(one) for one in last.values())).get()
    return "-".join(str(one or 0) for one in told)


def officers(operation: Operation) -> int:
    """Officers out in all provinces, as each last reported."""
    return sum(row.officers for row in _deployed(operation).values())


def officers_by_province(operation: Operation) -> Mapping[str, int]:
    """The same by code of the province."""
    return {row.jurisdiction.code: row.officers for row in _deployed(operation).values()}


def officers_reported(operations: Iterable[Operation], *, until: datetime) -> Mapping[int, int]:
    """The same of several, as recorded until then; an operation of which no province reported is not in it."""
    newest: dict[tuple[int, int], int] = {}
    rows = Deployment.objects.filter(operation__in=[one.pk for one in operations], at__lte=until).order_by("counted_at", "pk")
    for operation, place, out in rows.values_list("operation_id", "jurisdiction_id", "officers"):
        newest[operation, place] = out
    told: Counter[int] = Counter()
    for (operation, _place), out in newest.items():
        told[operation] += out
    return told


def _deployed(operation: Operation) -> dict[str, Deployment]:
    """The newest report of each province, by its path."""
    rows = Deployment.objects.filter(operation=operation).select_related("jurisdiction").order_by("counted_at", "pk")
    return {row.jurisdiction.path: row for row in rows}


def _seized(operation: Operation) -> Iterable[Seizure]:
    """The newest report of each line of each province's list."""
    rows = Seizure.objects.filter(operation=operation).select_related("jurisdiction").order_by("counted_at", "pk")
    return {(row.jurisdiction_id, row.reference): row for row in rows}.values()


def _lines(amounts: Mapping[tuple[str, str], Decimal | int]) -> list[Seized]:
    return [Seized(kind, unit, Decimal(amount)) for (kind, unit), amount in sorted(amounts.items()) if amount]


def _sum(each: Iterable[Figures], amounts: Mapping[str, Counter[tuple[str, str]]]) -> Figures:
    some = list(each)
    total: Counter[tuple[str, str]] = Counter()
    for one in amounts.values():
        total.update(one)
    return Figures(
        officers=sum(one.officers for one in some),
        arrests=sum(one.arrests for one in some),
        rescues=sum(one.rescues for one in some),
        on_clue=sum(one.on_clue for one in some),
        seized=_lines(total),
    )
