"""What a handover needs. Pure: plain values in, the codes of what is wrong out.

The database keeps the same rules (`custody.guards`); these tell a person all reasons at once, before anything is tried.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from wayhome.casework.accounts.rules import FacilityKind
from wayhome.casework.audit.rules import canonical


class Kind(StrEnum):
    """What kind of custody."""

    POLICE = "police"
    HOSPITAL = "hospital"
    EMERGENCY_NURSERY = "emergency_nursery"
    RELIEF_STATION = "relief_station"
    WELFARE_INSTITUTION = "welfare_institution"
    FOSTER = "foster"
    DECEASED = "deceased"
    REUNIFIED = "reunified"
    REPATRIATED = "repatriated"


PLACES: Mapping[Kind, FacilityKind] = MappingProxyType(
    {
        Kind.POLICE: FacilityKind.POLICE_POST,
        Kind.HOSPITAL: FacilityKind.HOSPITAL,
        Kind.EMERGENCY_NURSERY: FacilityKind.EMERGENCY_NURSERY,
        Kind.RELIEF_STATION: FacilityKind.RELIEF_STATION,
        Kind.WELFARE_INSTITUTION: FacilityKind.WELFARE_INSTITUTION,
        Kind.FOSTER: FacilityKind.WELFARE_INSTITUTION,
        Kind.REUNIFIED: FacilityKind.WELFARE_INSTITUTION,
        Kind.REPATRIATED: FacilityKind.PARTNER_AUTHORITY,
    }
)
"""The kind of facility that answers for each kind of custody; for foster care the institution that placed the child, and for a
child that is home the one that brought it there and goes on visiting."""

NEXT: Mapping[Kind, frozenset[Kind]] = MappingProxyType(
    {
        Kind.POLICE: frozenset({Kind.POLICE, Kind.HOSPITAL}),
        Kind.HOSPITAL: frozenset({Kind.HOSPITAL, Kind.EMERGENCY_NURSERY, Kind.RELIEF_STATION, Kind.WELFARE_INSTITUTION}),
        Kind.EMERGENCY_NURSERY: frozenset({Kind.HOSPITAL, Kind.EMERGENCY_NURSERY, Kind.RELIEF_STATION, Kind.WELFARE_INSTITUTION}),
        Kind.RELIEF_STATION: frozenset({Kind.HOSPITAL, Kind.WELFARE_INSTITUTION}),
        Kind.WELFARE_INSTITUTION: frozenset(
            {Kind.HOSPITAL, Kind.WELFARE_INSTITUTION, Kind.FOSTER, Kind.REUNIFIED, Kind.REPATRIATED}
        ),
        Kind.FOSTER: frozenset({Kind.HOSPITAL, Kind.WELFARE_INSTITUTION, Kind.REUNIFIED, Kind.REPATRIATED}),
        Kind.DECEASED: frozenset(),
        Kind.REUNIFIED: frozenset({Kind.HOSPITAL, Kind.WELFARE_INSTITUTION}),
        Kind.REPATRIATED: frozenset(),
    }
)
"""What may follow what. Every rescued child is seen by a hospital first; nothing leads back to the place of rescue."""

RELEASES = frozenset({Kind.REUNIFIED, Kind.REPATRIATED})
"""Kinds of custody that only a release leads to (`reunification`): home, or to another country's authority."""
GONE = RELEASES | {Kind.DECEASED}
"""Kinds of custody in which the child is in no place of ours."""

RECEIVERS = frozenset({"officer", "nurse", "doctor", "caseworker", "partner_liaison"})
"""Roles that can answer for a child."""

APPROVERS = frozenset({"officer", "supervisor", "placement_officer"})
"""Roles that can approve foster care."""


class Match(StrEnum):
    """How a person, place or vehicle meets an exclusion."""

    SAME = "same"
    KIN = "kin"


@dataclass(frozen=True, slots=True)
class Signatory:
    """A member of staff who signs."""

    staff_id: int
    agency_id: int
    role: str
    active: bool


@dataclass(frozen=True, slots=True)
class HandoverFacts:
    """Everything a handover is judged by.

    Parameters
    ----------
    kind, to_kind : of the episode that ends and of the one that begins.
    facility_kind : of the receiving facility.
    from_agency, to_agency : who answers now, and who will.
    giver, receiver : the signatories; receiver is None for an offer.
    is_head : whether the episode that ends is the child's last.
    wristband_fits : whether the code scanned is the child's present one.
    cleared : whether the last word of a doctor in this hospital stay is "fit".
    matches : who or what meets an exclusion ("facility", "giver", "receiver", "escort", "household"), and how.
    found_here : whether the child was found at this facility or its address.
    absorbed : whether the record was merged into another.
    foster_asked : whether the handover names a foster request.
    foster_ready : whether two other organisations approved it and nothing has ended it.
    released : whether somebody says that this carries out a release; whether it does, the release's own guard knows.
    started_at, before : when the new episode begins, and when the last one did.
    """

    kind: Kind
    to_kind: Kind
    facility_kind: FacilityKind
    facility_open: bool
    from_agency: int
    to_agency: int
    giver: Signatory
    receiver: Signatory | None
    is_head: bool
    wristband_fits: bool
    cleared: bool
    matches: Mapping[str, Match]
    found_here: bool
    absorbed: bool
    foster_asked: bool
    foster_ready: bool
    started_at: datetime
    before: datetime
    released: bool = False


def refusals(facts: HandoverFacts) -> list[str]:
    """Codes of everything that stands against a handover, exclusions first; empty if it is legal."""
    wrong: list[tuple[str, bool]] = [
        ("excluded", Match.SAME in facts.matches.values()),
        ("kin_of_excluded", Match.KIN in facts.matches.values()),
        ("place_of_rescue", facts.found_here),
        ("not_current", not facts.is_head),
        ("merged_away", facts.absorbed),
        ("no_such_step", facts.to_kind not in NEXT[facts.kind]),
        ("wrong_kind_of_place", PLACES.get(facts.to_kind) != facts.facility_kind),
        ("place_closed", not facts.facility_open),
        ("not_cleared", facts.kind is Kind.HOSPITAL and not facts.cleared),
        ("foster_not_approved", (facts.to_kind is Kind.FOSTER) != facts.foster_asked or facts.foster_asked != facts.foster_ready),
        ("not_released", (facts.to_kind in RELEASES) != facts.released),
        ("wristband", not facts.wristband_fits),
        ("giver_not_custodian", not facts.giver.active or facts.giver.agency_id != facts.from_agency),
        ("before_last", facts.started_at < facts.before),
    ]
    if facts.receiver is not None:
        receiver = facts.receiver
        wrong += [
            ("one_signatory", receiver.staff_id == facts.giver.staff_id),
            (
                "receiver_not_of_place",
                not receiver.active or receiver.agency_id != facts.to_agency or receiver.role not in RECEIVERS,
            ),
        ]
    return [code for code, is_wrong in wrong if is_wrong]


def foster_digest(
    *, child_id: int, institution_id: int, person_id: int, facts: Iterable[tuple[str, str]], address: str, until: datetime
) -> str:
    """What an approval of foster care signs: SHA-256 of exactly what is asked."""
    asked = {
        "child": child_id,
        "institution": institution_id,
        "person": person_id,
        "facts": sorted(facts),
        "address": address,
        "until": until,
    }
    return hashlib.sha256(canonical(asked).encode()).hexdigest()
