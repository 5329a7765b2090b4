"""What care costs and who pays: child-days counted from the chain of custody, by the rule of `days`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet, Subquery

from wayhome.casework.accounts.models import Agency, Facility
from wayhome.casework.children.models import MergeStep
from wayhome.casework.children.queries import absorbed
from wayhome.casework.core import numbers
from wayhome.casework.core.actors import Actor
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.rules import Kind
from wayhome.casework.custody.tasks import TIME_ZONES
from wayhome.casework.placements.days import DAY, PAID_FOR, Rate, Span, above, days_of, month_of, paid, spans
from wayhome.casework.placements.models import CapacitySnapshot, FundingLine
from wayhome.casework.placements.queries import BED_PLACES


@dataclass(frozen=True, slots=True)
class Stay:
    """Days of one child in one home that one line of funding pays for, or nobody.

    Parameters
    ----------
    number : of the child; its name is on no sheet.
    fostered : in a household, for which the home answers and which it pays.
    """

    number: str
    home: Facility
    line: FundingLine | None
    fostered: bool
    days: Span

    @property
    def rate(self) -> int:
        """Yuan a child-day."""
        return self.line.daily_rate if self.line else 0

    @property
    def amount(self) -> int:
        """Yuan."""
        return len(self.days) * self.rate


@dataclass(frozen=True, slots=True)
class Due:
    """What one payer owes a home for a month.

    Parameters
    ----------
    line : None for days that nobody pays for.
    cost : yuan a child-day as the home last told it in that month or earlier; None if it never did.
    before : yuan of its budget that earlier months took; 0 without a budget.
    """

    home: Facility
    line: FundingLine | None
    children: int
    days: int
    amount: int
    cost: int | None
    before: int

    @property
    def payer(self) -> Agency | None:
        """Who owes it."""
        return self.line.payer if self.line else None

    @property
    def rate(self) -> int:
        """Yuan a child-day."""
        return self.line.daily_rate if self.line else 0

    @property
    def above(self) -> int:
        """Yuan of the amount that the budget does not cover any more."""
        return above(self.line.budget if self.line else None, before=self.before, now=self.amount)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A month below a jurisdiction, as it was known at a moment: what is recorded later for its days changes it."""

    month: Span
    at: datetime
    dues: tuple[Due, ...]
    stays: tuple[Stay, ...]

    @property
    def days(self) -> int:
        """All child-days."""
        return sum(due.days for due in self.dues)

    @property
    def amount(self) -> int:
        """All yuan."""
        return sum(due.amount for due in self.dues)

    @property
    def above(self) -> int:
        """Yuan that no budget covers."""
        return sum(due.above for due in self.dues)

    @property
    def unpaid(self) -> int:
        """Child-days that nobody pays for."""
        return sum(due.days for due in self.dues if due.line is None)


def homes_of(by: Actor) -> QuerySet[Facility]:
    """Homes whose costs the actor may know: those below the jurisdiction that it oversees, closed ones too."""
    if not by.oversees:
        return Facility.objects.none()
    return Facility.objects.filter(kind__in=BED_PLACES, jurisdiction__path__startswith=by.jurisdiction)


def reimbursement(month: date, *, by: Actor, at: datetime) -> Sheet:
    """Child-days and yuan of a month, by home and payer and child by child.

    It asks the same few questions of the database however many homes and children there are.
    """
    whole = month_of(month)
    homes = {home.pk: home for home in homes_of(by).select_related("agency", "jurisdiction")}
    lines = _lines(homes)
    stays = sorted(_stays(homes, lines, whole, at=at), key=lambda one: (one.home.code, one.number, one.days.first))
    grouped: dict[tuple[str, int], list[Stay]] = defaultdict(list)
    for stay in stays:
        grouped[stay.home.code, stay.line.pk if stay.line else 0].append(stay)
    before = _spent([group[0].line for group in grouped.values()], homes, lines, whole.first, at=at)
    told = _costs(homes, whole.end)
    dues = tuple(
        Due(
            home=group[0].home,
            line=group[0].line,
            children=len({stay.number for stay in group}),
            days=sum(len(stay.days) for stay in group),
            amount=sum(stay.amount for stay in group),
            cost=told.get(group[0].home.pk),
            before=before.get(line, 0),
        )
        for (_code, line), group in sorted(grouped.items(), key=lambda item: (item[0][0], item[0][1] == 0, item[0][1]))
    )
    return Sheet(whole, at, dues, tuple(stays))


def spent(home: Facility, *, at: datetime) -> dict[int, tuple[int, int]]:
    """By line of a home's funding: child-days that it has paid for up to now, and yuan."""
    homes = {home.pk: home}
    lines = _lines(homes)
    if not lines[home.pk]:
        return {}
    begin = min(line.first_day for line in lines[home.pk])
    found: dict[int, tuple[int, int]] = {}
    for stay in _stays(homes, lines, Span(begin, date.max), at=at):
        if stay.line is not None:
            days, yuan = found.get(stay.line.pk, (0, 0))
            found[stay.line.pk] = days + len(stay.days), yuan + stay.amount
    return found


def _spent(
    wanted: Iterable[FundingLine | None],
    homes: Mapping[int, Facility],
    lines: Mapping[int, Sequence[FundingLine]],
    end: date,
    *,
    at: datetime,
) -> dict[int, int]:
    """By line with a budget: yuan that it paid before a day."""
    limited = [line for line in wanted if line is not None and line.budget is not None and line.first_day < end]
    if not limited:
        return {}
    some = {line.facility_id: homes[line.facility_id] for line in limited}
    found: dict[int, int] = defaultdict(int)
    for stay in _stays(some, lines, Span(min(line.first_day for line in limited), end), at=at):
        if stay.line is not None:
            found[stay.line.pk] += stay.amount
    return {line.pk: found[line.pk] for line in limited}


def _costs(homes: Iterable[int], end: date) -> dict[int, int]:
    """By home: what a child-day costs there, as it last told before a day."""
    before = CapacitySnapshot.objects.filter(facility_id=OuterRef("facility_id"), as_of__lt=datetime.combine(end, time.min, UTC))
    last = CapacitySnapshot.objects.filter(pk=Subquery(before.order_by("-pk").values("pk")[:1]), facility_id__in=list(homes))
    return dict(last.values_list("facility_id", "daily_cost"))


def _lines(homes: Mapping[int, Facility]) -> dict[int, list[FundingLine]]:
    """By home: its lines of funding, the last word last."""
    found: dict[int, list[FundingLine]] = {home: [] for home in homes}
    for line in FundingLine.objects.filter(facility__in=list(homes)).select_related("payer").order_by("pk"):
        found[line.facility_id].append(line)
    return found


def _stays(
    homes: Mapping[int, Facility], lines: Mapping[int, Sequence[FundingLine]], days: Span, *, at: datetime
) -> Iterator[Stay]:
    """Days of children in homes, cut where another pays."""
    by_line = {line.pk: line for home in homes for line in lines[home]}
    rates = {home: [Rate(line.pk, line.daily_rate, line.first_day, line.last_day) for line in lines[home]] for home in homes}
    pieces: dict[int, list[tuple[Rate | None, Span]]] = {}
    for child, home, kind, span in _days(homes, days, at=at):
        if home not in pieces:
            pieces[home] = list(paid(rates[home], days))
        for rate, piece in pieces[home]:
            part = span & piece
            if len(part):
                number = f"{child:0{numbers.LENGTH}d}"
                yield Stay(number, homes[home], by_line[rate.line] if rate else None, kind == Kind.FOSTER, part)


def _days(homes: Mapping[int, Facility], days: Span, *, at: datetime) -> Iterator[tuple[int, int, str, Span]]:
    """(child, home, kind of custody, days), each day of a child once."""
    zones = {home: _zone(one.jurisdiction.path) for home, one in homes.items()}
    following = CustodyEpisode.objects.filter(child_id=OuterRef("child_id"), n=OuterRef("n") + 1)
    merged = _merged()
    known = {child for records in merged.values() for child, _ in records}
    # Wider by a day at either end than any time zone; the exact cut is made below.
    begin, end = (datetime.combine(day, time.min, UTC) for day in (days.first, min(days.end, at.date() + DAY)))
    rows = (
        CustodyEpisode.objects.filter(kind__in=PAID_FOR, facility_id__in=list(homes), started_at__lt=end + DAY)
        .annotate(until=Subquery(following.values("started_at")[:1]))
        .filter(Q(until__isnull=True) | Q(until__gte=begin - DAY))
        .values_list("child_id", "facility_id", "kind", "started_at", "until")
    )
    doubtful: dict[int, list[tuple[int, str, Span]]] = defaultdict(list)
    for child, home, kind, since, until in rows.iterator(chunk_size=5000):
        span = days_of(since, until, zones[home], at=at) & days
        if not len(span):
            continue
        if child in known:
            doubtful[child].append((home, kind, span))
        else:
            yield child, home, kind, span
    for kept, records in merged.items():
        claimed: dict[date, tuple[int, str]] = {}
        for child, merged_at in records:
            for home, kind, span in doubtful.get(child, ()):
                last = span.end if merged_at is None else min(span.end, merged_at.astimezone(zones[home]).date())
                for i in range((last - span.first).days):
                    claimed.setdefault(span.first + i * DAY, (home, kind))
        for (home, kind), span in spans(claimed):
            yield kept, home, kind, span


def _merged() -> dict[int, list[tuple[int, datetime | None]]]:
    """By record that counts: itself, then those that were merged into it, and when: from then on their days are not counted."""
    into: dict[int, tuple[int, datetime]] = {}
    steps = MergeStep.objects.filter(absorbed__in=absorbed().values("pk"), kind="merge", confirmation__isnull=False)
    for child, kept, at in steps.order_by("confirmation__pk").values_list("absorbed_id", "kept_id", "confirmation__at"):
        into[child] = kept, at
    found: dict[int, list[tuple[int, datetime | None]]] = {}
    for child, (root, at) in into.items():
        seen = {child}
        while root in into and root not in seen:
            seen.add(root)
            root = into[root][0]
        found.setdefault(root, [(root, None)]).append((child, at))
    return found


def _zone(path: str) -> ZoneInfo:
    return ZoneInfo(TIME_ZONES.get(path.strip("/").partition("/")[0], "Asia/Shanghai"))
