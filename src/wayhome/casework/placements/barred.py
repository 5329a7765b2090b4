"""Homes that were asked, or keep a place, and can no longer have the child: a rule that came later stands against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wayhome.casework.custody import queries as custody
from wayhome.casework.placements import known, queries
from wayhome.casework.placements.models import CapacitySnapshot, Placement


@dataclass(frozen=True, slots=True)
class Barred:
    """One of them. `code` is that of the rule, and has a sentence; `kept` says whether the home had accepted."""

    placement: Placement
    code: str
    kept: bool


def barred(placements: Iterable[Placement], *, at: datetime) -> list[Barred]:
    """Those that stand and that no handover could fulfil any more, in the order given; what is over is left out.

    Where a home now tells of less room than it keeps places for, those that it accepted last are told; siblings all or none.
    """
    return _barred(queries.open_by_id({placement.pk for placement in placements}), at=at)


def barred_below(path: str, *, at: datetime) -> list[Barred]:
    """Those of children who were rescued or are below a jurisdiction."""
    return _barred(queries.open_by_id(queries.open_below(path)), at=at)


def _barred(found: list[Placement], *, at: datetime) -> list[Barred]:
    standing = [_Standing(one, known.accepted(one)) for one in found]
    reports = queries.snapshots({one.facility_id: one.facility for one in found}.values())
    codes = _by_rule(standing, reports)
    codes |= _by_room([one.placement for one in standing if one.kept], codes, reports, at=at)
    return [Barred(one.placement, codes[one.placement.pk], one.kept) for one in standing if one.placement.pk in codes]


@dataclass(frozen=True, slots=True)
class _Standing:
    placement: Placement
    kept: bool


def _by_rule(standing: Sequence[_Standing], reports: Mapping[int, CapacitySnapshot]) -> dict[int, str]:
    """By placement: the first rule that stands against it, whatever room there is."""
    rows = [one.placement for one in standing]
    children, places = {row.child_id for row in rows}, {row.facility_id for row in rows}
    excluded = custody.excluded_places(places, children)
    risks = queries.risk_areas(children)
    found = queries.found_at([row.child for row in rows], [row.facility for row in rows])
    closed, needs = queries.closed(places), known.needs(children)
    must_be = queries.with_siblings(row.child for row in rows)
    apart = _apart(standing)
    codes = {}
    for row in rows:
        place, report = row.facility_id, reports.get(row.facility_id)
        rules = {
            "excluded": place in excluded.get(row.child_id, ()),
            "risk_area": any(row.facility.jurisdiction.path.startswith(path) for path in risks.get(row.child_id, ())),
            "place_of_rescue": place in found.get(row.child_id, ()),
            "place_closed": place in closed,
            "level": report is not None and report.level < needs.get(row.child_id, 0),
            "siblings_apart": row.pk in apart or any(place not in where for where in must_be.get(row.child_id, ())),
        }
        code = next((code for code, stands in rules.items() if stands), "")
        if code:
            codes[row.pk] = code
    return codes


def _apart(standing: Sequence[_Standing]) -> set[int]:
    """Places kept for siblings in more than one home: all but those in the home that accepted first."""
    kept = sorted((one.placement for one in standing if one.kept), key=lambda row: (row.answer.at, row.pk))
    groups: dict[int, list[Placement]] = defaultdict(list)
    separated = queries.separated_of(row.child_id for row in kept)
    for row in kept:
        if row.child.siblings_id is not None and row.child_id not in separated:
            groups[row.child.siblings_id].append(row)
    return {row.pk for group in groups.values() for row in group if row.facility_id != group[0].facility_id}


def _by_room(
    kept: Sequence[Placement], codes: Mapping[int, str], reports: Mapping[int, CapacitySnapshot], *, at: datetime
) -> dict[int, str]:
    """By placement: what its home has too little of, for the last whom it accepted."""
    homes = {row.facility_id: row.facility for row in kept}
    rooms = queries.rooms(list(homes.values()), at=at, reports=reports)
    coming: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for row, place, siblings in queries.kept_in(set(homes)):
        coming[place].append((row, siblings))
    asked = {row.pk for row in kept}
    found: dict[int, str] = {}
    for place, expected in coming.items():
        room = rooms[place]
        if not room.trusted(at):
            continue
        there = room.there - len(expected)
        beds, care = room.beds - there, min(room.by_day, room.by_night) - there
        units: dict[object, list[int]] = defaultdict(list)
        for row, siblings in expected:
            if row not in codes:
                units[siblings or ("alone", row)].append(row)
        for unit in units.values():
            if len(unit) > min(beds, care):
                found |= {row: "no_bed" if len(unit) > beds else "no_carer" for row in unit if row in asked}
                continue
            beds, care = beds - len(unit), care - len(unit)
    return found
