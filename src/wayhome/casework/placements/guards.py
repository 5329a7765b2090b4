"""No child goes where there is no room for it, away from its siblings, or near a buyer: as the database keeps it.

On PostgreSQL the guards lock the siblings' group and then the place, after the child that the gate of custody has locked: of two
who take the last bed, one waits and sees the other.
"""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff
from wayhome.casework.children.guards import is_absorbed, records_of
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require, within
from wayhome.casework.custody.guards import READ_LOCK, child_lock, head, nobody_excluded, not_where_found
from wayhome.casework.custody.rules import GONE, PLACES
from wayhome.casework.placements.rules import BEDS, DISCIPLINES, HOLDS, REFUSALS, SETTLED, SURGE_APPROVERS, SURGE_HOLDS

TABLES = (
    ("position", ()),
    ("capacitysnapshot", ()),
    ("surge", ()),
    ("surgeapproval", (("surge_id", "by_id"),)),
    ("riskarea", ()),
    ("separation", ()),
    ("separationvote", (("separation_id", "by_id"),)),
    ("nightplan", ()),
    ("nightplanresult", (("plan_id",),)),
    ("planjob", ()),
    ("planjobstep", ()),
    ("planjobend", (("job_id",), ("plan_id",))),
    ("planline", (("plan_id", "child_id"),)),
    ("placement", ()),
    ("placementanswer", (("placement_id",),)),
    ("placementend", (("placement_id",),)),
    ("fundingline", ()),
)


def _quoted(values: object) -> str:
    return ", ".join(f"'{value}'" for value in sorted(map(str, values)))  # type: ignore[call-overload]


def _hours(span: object) -> int:
    return int(span.total_seconds() // 3600)  # type: ignore[attr-defined]


def place_lock(facility: str) -> str:
    """PostgreSQL: one at a time for a place."""
    return f"PERFORM pg_advisory_xact_lock(hashtext('wayhome.place'), ({facility})::int)"


def siblings_lock(child: str) -> str:
    """PostgreSQL: one at a time for a group of siblings."""
    group = f"(SELECT c.siblings_id FROM children_child c WHERE c.id = ({child}))"
    return f"PERFORM pg_advisory_xact_lock(hashtext('wayhome.siblings'), COALESCE({group}, 0)::int) WHERE {group} IS NOT NULL"


def _there(facility: str, child: str) -> str:
    """SQL: children other than this one who have a bed in a place, or whom it accepted and who have not come."""
    last = "NOT EXISTS (SELECT 1 FROM custody_custodyepisode l WHERE l.child_id = e.child_id AND l.n > e.n)"
    present = (
        f"(SELECT COUNT(*) FROM custody_custodyepisode e WHERE e.facility_id = {facility} AND e.kind IN ({_quoted(BEDS)})"
        f" AND e.child_id <> {child} AND {last} AND NOT {is_absorbed('e.child_id')})"
    )
    expected = (
        "(SELECT COUNT(*) FROM placements_placement p JOIN placements_placementanswer a ON a.placement_id = p.id"
        f" WHERE p.facility_id = {facility} AND p.child_id <> {child} AND {open_acceptance('p', 'a')})"
    )
    return f"{present} + {expected}"


def open_acceptance(placement: str, answer: str) -> str:
    """SQL: a place is kept: accepted, not ended, and the child has not settled anywhere since."""
    p, a = placement, answer
    return (
        f"{a}.accepted AND NOT EXISTS (SELECT 1 FROM placements_placementend x WHERE x.placement_id = {p}.id)"
        f" AND NOT EXISTS (SELECT 1 FROM custody_custodyepisode v WHERE v.child_id = {p}.child_id"
        f" AND v.kind IN ({_quoted(SETTLED | GONE)}) AND v.at >= {a}.at)"
    )


def room(facility: str, child: str, moment: str) -> tuple[Require, ...]:
    """Conditions: a report of capacity that is fresh, and by it and what was approved beyond it a cot and a carer."""
    latest = f"s.id = (SELECT MAX(t.id) FROM placements_capacitysnapshot t WHERE t.facility_id = {facility})"
    # Counted by organisation here too: two of one that approve at the same moment do not see each other.
    agreed = (
        "(SELECT COUNT(DISTINCT w.agency_id) FROM placements_surgeapproval v JOIN accounts_staff w ON w.id = v.by_id"
        " WHERE v.surge_id = g.id AND w.agency_id <> q.agency_id"
        " AND NOT EXISTS (SELECT 1 FROM accounts_staffend x WHERE x.staff_id = w.id))"
    )
    more = (
        "(SELECT COALESCE(SUM(g.{0}), 0) FROM placements_surge g JOIN accounts_staff q ON q.id = g.by_id"
        f" WHERE g.facility_id = {facility} AND g.until >= {moment} AND {agreed} >= 2)"
    )
    there = _there(facility, child)

    def snapshot(condition: str) -> str:
        return f"EXISTS (SELECT 1 FROM placements_capacitysnapshot s WHERE {latest} AND {condition})"

    def carers(shift: str) -> str:
        return f"(s.{shift} + {more.format('carers')}) * s.children_per_carer >= {there} + s.other_children + 1"

    return (
        Require("capacity_unknown", snapshot(within("s.as_of", moment, _hours(HOLDS)))),
        Require("no_bed", snapshot(f"s.beds + {more.format('beds')} >= {there} + s.other_children + 1")),
        Require("no_carer", snapshot(f"{carers('carers_day')} AND {carers('carers_night')}")),
    )


def away_from_buyers(facility: str, child: str) -> Require:
    """Condition: the place is in no area where a buyer of the child lives, whichever of its records that was said of."""
    return Require(
        "risk_area",
        "NOT EXISTS (SELECT 1 FROM placements_riskarea r JOIN accounts_jurisdiction j ON j.id = r.jurisdiction_id"
        f" JOIN accounts_facility f ON f.id = {facility} JOIN accounts_jurisdiction i ON i.id = f.jurisdiction_id"
        f" WHERE r.child_id IN ({records_of(child)}) AND i.path LIKE j.path || '%')",
    )


def separated(child: str) -> str:
    """SQL: welfare, health and law agree that this child is better off without its siblings, and none of them does not."""
    return (
        f"EXISTS (SELECT 1 FROM placements_separation d WHERE d.child_id = {child}"
        " AND (SELECT COUNT(DISTINCT s.role) FROM placements_separationvote v JOIN accounts_staff s ON s.id = v.by_id"
        f" WHERE v.separation_id = d.id) = {len(DISCIPLINES)}"
        " AND NOT EXISTS (SELECT 1 FROM placements_separationvote v WHERE v.separation_id = d.id AND NOT v.agrees))"
    )


def with_siblings(child: str, facility: str, kind: str, offer: str) -> Require:
    """Condition: each sibling is there, is on the way there, has not been placed yet, or was separated by decision.

    In foster care the household counts and not the institution that answers for it.
    """
    person = (
        "(SELECT f.person_id FROM custody_fosterrequest f JOIN custody_handoveroffer o ON o.foster_id = f.id"
        f" WHERE o.id = {offer})"
    )
    of_sibling = "(SELECT f.person_id FROM custody_fosterrequest f WHERE f.id = o.foster_id)"
    household = f"({kind} <> 'foster' OR {of_sibling} = {person})"
    there = (
        f"EXISTS (SELECT 1 FROM custody_custodyepisode e LEFT JOIN custody_handoveroffer o ON o.id = e.offer_id"
        f" WHERE e.id = {head('b.id')} AND e.facility_id = {facility} AND e.kind = {kind} AND {household})"
    )
    coming = (
        "EXISTS (SELECT 1 FROM custody_handoveroffer o WHERE o.child_id = b.id"
        f" AND o.to_facility_id = {facility} AND o.kind = {kind} AND {household}"
        f" AND o.from_episode_id = {head('b.id')}"
        " AND NOT EXISTS (SELECT 1 FROM custody_offerend x WHERE x.offer_id = o.id))"
    )
    return Require(
        "siblings_apart",
        f"NOT EXISTS (SELECT 1 FROM children_child b JOIN children_child c ON c.siblings_id = b.siblings_id"
        f" WHERE c.id = {child} AND b.id <> c.id AND {head('b.id', 'kind')} IN ({_quoted(SETTLED)})"
        f" AND NOT {is_absorbed('b.id')} AND NOT {separated('b.id')} AND NOT {there} AND NOT {coming})"
        f" OR {separated(child)}",
    )


def _agency(facility: str) -> str:
    return f"(SELECT f.agency_id FROM accounts_facility f WHERE f.id = {facility})"


def _only(when: str, require: Require) -> Require:
    return Require(require.code, f"NOT ({when}) OR ({require.legal})")


def _episode() -> Guard:
    """What custody's gate cannot know: whether there is room, and where the siblings are."""
    child, facility = "NEW.child_id", "NEW.facility_id"
    bed = f"NEW.kind IN ({_quoted(BEDS)})"
    settled = f"NEW.kind IN ({_quoted(SETTLED)})"
    return Guard(
        "custody_custodyepisode",
        "INSERT",
        (
            *(_only(bed, require) for require in room(facility, child, "NEW.started_at")),
            _only(settled, away_from_buyers(facility, child)),
            _only(settled, with_siblings(child, facility, "NEW.kind", "NEW.offer_id")),
        ),
        locks=(siblings_lock(child), place_lock(facility)),
        purpose="room",
    )


def _placement_guards() -> tuple[Guard, ...]:
    child, facility = "NEW.child_id", "NEW.facility_id"
    asked = "(SELECT p.{0} FROM placements_placement p WHERE p.id = NEW.placement_id)"
    to, whose = asked.format("facility_id"), asked.format("child_id")
    kinds = _quoted(PLACES[kind] for kind in BEDS)
    return (
        Guard(
            "placements_placement",
            "INSERT",
            (
                *nobody_excluded(child, facility=facility),
                not_where_found(child, facility),
                away_from_buyers(facility, child),
                Require(
                    "wrong_kind_of_place",
                    f"EXISTS (SELECT 1 FROM accounts_facility f WHERE f.id = {facility} AND f.kind IN ({kinds})"
                    " AND NOT EXISTS (SELECT 1 FROM accounts_facilityend x WHERE x.facility_id = f.id))",
                ),
                Require("not_allowed", active_staff("NEW.by_id", "s.role IN ('placement_officer', 'supervisor', 'caseworker')")),
                Require("merged_away", f"NOT {is_absorbed(child)}"),
                Require(
                    "already_proposed",
                    "NOT EXISTS (SELECT 1 FROM placements_placement p LEFT JOIN placements_placementanswer a"
                    f" ON a.placement_id = p.id WHERE p.child_id = {child} AND (({open_acceptance('p', 'a')}) OR (a.id IS NULL"
                    " AND NOT EXISTS (SELECT 1 FROM placements_placementend x WHERE x.placement_id = p.id))))",
                ),
            ),
            locks=(READ_LOCK, child_lock(child)),
        ),
        Guard(
            "placements_placementanswer",
            "INSERT",
            (
                Require(
                    "receiver_not_of_place", active_staff("NEW.by_id", f"s.agency_id = {_agency(to)}", "s.role = 'caseworker'")
                ),
                Require(
                    "already_ended",
                    "NOT EXISTS (SELECT 1 FROM placements_placementend x WHERE x.placement_id = NEW.placement_id)",
                ),
                Require("reason_missing", f"NEW.accepted OR NEW.code IN ({_quoted(REFUSALS)})"),
                *(_only("NEW.accepted", require) for require in nobody_excluded(whose, staff=("NEW.by_id",), facility=to)),
                _only("NEW.accepted", away_from_buyers(to, whose)),
                *(_only("NEW.accepted", require) for require in room(to, whose, "NEW.at")),
            ),
            # What was entered since the home was asked counts.
            locks=(READ_LOCK, child_lock(f"SELECT {whose}"), place_lock(f"SELECT {to}")),
        ),
        Guard(
            "placements_placementend",
            "INSERT",
            (
                Require(
                    "not_allowed",
                    active_staff("NEW.by_id", f"(s.role IN ('placement_officer', 'supervisor') OR s.agency_id = {_agency(to)})"),
                ),
            ),
            locks=(child_lock(f"SELECT {whose}"), place_lock(f"SELECT {to}")),
        ),
    )


def _job_guards() -> tuple[Guard, ...]:
    """One plan at a time is made for a jurisdiction, however many ask; what was called off does not come back with a plan."""
    planner = active_staff("NEW.by_id", "s.role IN ('placement_officer', 'supervisor')")
    where = "SELECT j.jurisdiction_id FROM placements_planjob j WHERE j.id = NEW.job_id"
    one_at_a_time = "PERFORM pg_advisory_xact_lock(hashtext('wayhome.plan'), ({0})::int)"
    ended = "EXISTS (SELECT 1 FROM placements_planjobend x WHERE x.job_id = {0})"
    return (
        Guard(
            "placements_planjob",
            "INSERT",
            (
                Require("not_allowed", planner),
                Require(
                    "already_planning",
                    "NOT EXISTS (SELECT 1 FROM placements_planjob j WHERE j.jurisdiction_id = NEW.jurisdiction_id"
                    f" AND NOT {ended.format('j.id')})",
                ),
            ),
            locks=(one_at_a_time.format("NEW.jurisdiction_id"),),
        ),
        Guard(
            "placements_planjobstep",
            "INSERT",
            (Require("plan_over", f"NOT {ended.format('NEW.job_id')}"),),
            locks=(one_at_a_time.format(where),),
        ),
        Guard(
            "placements_planjobend",
            "INSERT",
            (
                Require(
                    "plan_missing",
                    "(NEW.outcome = 'done' AND EXISTS (SELECT 1 FROM placements_nightplan p WHERE p.id = NEW.plan_id"
                    f" AND p.jurisdiction_id = ({where})))"
                    " OR (NEW.outcome IN ('cancelled', 'failed') AND NEW.plan_id IS NULL)",
                ),
                Require("not_allowed", f"NEW.outcome <> 'cancelled' OR {planner}"),
            ),
            locks=(one_at_a_time.format(where),),
        ),
    )


def _capacity_guards() -> tuple[Guard, ...]:
    facility = "NEW.facility_id"
    of_place = Require("not_of_place", active_staff("NEW.by_id", f"s.agency_id = {_agency(facility)}", "s.role = 'caseworker'"))
    asker = "(SELECT s.agency_id FROM placements_surge g JOIN accounts_staff s ON s.id = g.by_id WHERE g.id = NEW.surge_id)"
    return (
        Guard(
            "placements_capacitysnapshot",
            "INSERT",
            (of_place, Require("in_the_future", "NEW.as_of <= NEW.at")),
            locks=(place_lock(facility),),
        ),
        Guard(
            "placements_surge",
            "INSERT",
            (of_place, Require("too_long", within("NEW.at", "NEW.until", _hours(SURGE_HOLDS)))),
        ),
        Guard(
            "placements_surgeapproval",
            "INSERT",
            (
                Require(
                    "self_approval",
                    f"EXISTS (SELECT 1 FROM accounts_staff s WHERE s.id = NEW.by_id AND s.agency_id <> {asker})",
                ),
                Require("not_an_approver", active_staff("NEW.by_id", f"s.role IN ({_quoted(SURGE_APPROVERS)})")),
                Require(
                    "same_agency",
                    "NOT EXISTS (SELECT 1 FROM placements_surgeapproval v JOIN accounts_staff q ON q.id = v.by_id"
                    " JOIN accounts_staff s ON s.id = NEW.by_id"
                    " WHERE v.surge_id = NEW.surge_id AND q.agency_id = s.agency_id)",
                ),
            ),
        ),
    )


def declare(registry: Registry) -> None:
    """The guards of this app."""
    registry.add(*(AppendOnly(f"placements_{table}", keys=keys) for table, keys in TABLES))
    registry.add(_episode(), *_placement_guards(), *_job_guards(), *_capacity_guards())
    voter = active_staff("NEW.by_id", f"s.role IN ({_quoted(DISCIPLINES)})")
    registry.add(
        # A sibling's journey that is called off is no reason any more for another to go there.
        Guard(
            "custody_offerend",
            "INSERT",
            (),
            locks=(siblings_lock("SELECT o.child_id FROM custody_handoveroffer o WHERE o.id = NEW.offer_id"),),
            purpose="siblings",
        ),
        Guard(
            "placements_riskarea",
            "INSERT",
            (Require("not_allowed", active_staff("NEW.by_id", "s.role IN ('officer', 'supervisor', 'placement_officer')")),),
            locks=(child_lock("NEW.child_id"),),
        ),
        Guard("placements_separation", "INSERT", (Require("not_allowed", voter),)),
        Guard("placements_separationvote", "INSERT", (Require("not_allowed", voter),)),
        Guard(
            "placements_fundingline",
            "INSERT",
            (Require("not_allowed", active_staff("NEW.by_id", "s.role = 'supervisor'")),),
        ),
    )
