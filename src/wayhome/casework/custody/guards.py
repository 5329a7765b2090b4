"""The custody gate, as the database keeps it.

Exclusions are matched by joining identity keys (`core.keys`): of staff, places, persons, households and vehicles against those of
excluded persons, of their kin within two steps, and of excluded things. Nothing here knows an override.

On PostgreSQL the gate holds a shared lock that the writers of exclusions, of what identifies people and of the ends of staff
and places take alone, and a lock of its own on the child, before it looks: what was written a moment earlier is either seen or
waits. Whatever else the gate reads of a child is written under the child's lock.
"""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff
from wayhome.casework.children.guards import is_absorbed, records_of
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require
from wayhome.casework.custody.rules import APPROVERS, NEXT, PLACES, RECEIVERS, Kind

READ_LOCK = "PERFORM pg_advisory_xact_lock_shared(hashtext('wayhome.exclusions'))"
WRITE_LOCK = "PERFORM pg_advisory_xact_lock(hashtext('wayhome.exclusions'))"


def child_lock(child: str) -> str:
    """PostgreSQL: one at a time for a child."""
    return f"PERFORM pg_advisory_xact_lock(hashtext('wayhome.child'), ({child})::int)"


TABLES = (
    ("custodyepisode", (("child_id", "n"), ("offer_id",))),
    ("fosterrequest", ()),
    ("fosterkey", ()),
    ("fosterapproval", (("request_id", "by_id"),)),
    ("fosterend", (("request_id",),)),
    ("handoveroffer", ()),
    ("offerkey", ()),
    ("offerend", (("offer_id",),)),
    ("exclusion", ()),
    ("exclusionkey", ()),
    ("clearance", ()),
    ("admission", ()),
    ("headcount", (("facility_id", "night"),)),
    ("headcountentry", ()),
    ("missingreport", ()),
    ("missingend", (("report_id",),)),
    ("assignment", ()),
    ("assignmentend", (("assignment_id",),)),
    ("breakglass", ()),
    ("breakglassreview", (("glass_id",),)),
)


def _quoted(values: object) -> str:
    return ", ".join(f"'{value}'" for value in sorted(map(str, values)))  # type: ignore[call-overload]


def head(child: str, column: str = "id") -> str:
    """SQL: a column of the last episode of a child."""
    return f"(SELECT h.{column} FROM custody_custodyepisode h WHERE h.child_id = {child} ORDER BY h.n DESC LIMIT 1)"


def _scope(child: str | None) -> str:
    """SQL: exclusion e concerns the child; every exclusion does where it is about a whole facility.

    What was entered for one child concerns all once its record was merged into another's: it must not be lost with the record.
    What was entered for an operation concerns a child if any record that was merged into its own is of that operation.
    """
    if child is None:
        return "1 = 1"
    operations = (
        "SELECT v.operation_id FROM operations_rescueevent v JOIN children_child d ON d.event_id = v.id"
        f" WHERE d.id IN ({records_of(child)})"
    )
    return (
        f"(e.scope = 'all' OR (e.scope = 'child' AND (e.child_id = {child} OR {is_absorbed('e.child_id')}))"
        f" OR (e.scope = 'operation' AND e.operation_id IN ({operations})))"
    )


def excluded(keys: str, owner: str, who: str, child: str | None, *, kin: bool, of_staff: bool = False) -> str:
    """SQL: whoever has these keys is excluded (or, with `kin`, close kin of somebody excluded).

    Registered staff carry an identity number that two registrars saw. Where the excluded person's number is known as well, a
    shared *name* alone is a namesake; a shared number, telephone or address is not.
    """
    namesake = (
        " AND NOT (s.kind IN ('name', 'slip') AND EXISTS"
        " (SELECT 1 FROM operations_personkey i WHERE i.person_id = k.person_id AND i.kind = 'id'))"
        if of_staff
        else ""
    )
    same_key = "k.kind = s.kind AND k.key = s.key"
    if kin:
        # From the key to its people, their ties and only then to exclusions, each by an index: asked whether a tie is between the
        # two, PostgreSQL joins all people with all exclusions.
        tied = (
            "operations_tie t ON t.person_id = k.person_id LEFT JOIN operations_tie u ON u.person_id = t.other_id"
            " JOIN custody_exclusion e ON e.person_id IN (t.other_id, u.other_id)"
        )
        found = f"EXISTS (SELECT 1 FROM operations_personkey k JOIN {tied} WHERE {same_key}{namesake} AND {_scope(child)})"
    else:
        found = (
            "(EXISTS (SELECT 1 FROM operations_personkey k JOIN custody_exclusion e ON e.person_id = k.person_id"
            f" WHERE {same_key}{namesake} AND {_scope(child)})"
            " OR EXISTS (SELECT 1 FROM custody_exclusionkey k JOIN custody_exclusion e ON e.id = k.exclusion_id"
            f" WHERE {same_key} AND {_scope(child)}))"
        )
    return f"EXISTS (SELECT 1 FROM {keys} s WHERE s.{owner} = {who} AND {found})"


def nobody_excluded(
    child: str | None,
    *,
    staff: tuple[str, ...] = (),
    facility: str = "",
    person: str = "",
    foster: str = "",
    offer: str = "",
) -> tuple[Require, ...]:
    """Conditions: none of those given is excluded, nor kin of an excluded person. An argument that is NULL is nobody."""
    subjects = [("accounts_staffkey", "staff_id", who, True) for who in staff]
    subjects += [("accounts_facilitykey", "facility_id", facility, False)] if facility else []
    subjects += [("operations_personkey", "person_id", person, False)] if person else []
    subjects += [("custody_offerkey", "offer_id", offer, False)] if offer else []
    if foster:
        household = f"(SELECT f.person_id FROM custody_fosterrequest f WHERE f.id = {foster})"
        subjects += [("custody_fosterkey", "request_id", foster, False), ("operations_personkey", "person_id", household, False)]
    return tuple(
        Require(
            code,
            " AND ".join(
                f"NOT {excluded(keys, owner, who, child, kin=kin, of_staff=of_staff)}" for keys, owner, who, of_staff in subjects
            ),
        )
        for code, kin in (("excluded", False), ("kin_of_excluded", True))
    )


def not_where_found(child: str, facility: str) -> Require:
    """Condition: the facility is not the place where the child was found, nor at its address."""
    event = f"(SELECT c.event_id FROM children_child c WHERE c.id = {child})"
    return Require(
        "place_of_rescue",
        f"NOT EXISTS (SELECT 1 FROM operations_rescueevent v WHERE v.id = {event} AND v.facility_id ="
        f" {facility})"
        " AND NOT EXISTS (SELECT 1 FROM operations_rescueeventkey r JOIN accounts_facilitykey f"
        " ON f.kind = r.kind AND f.key = r.key"
        f" WHERE r.event_id = {event} AND f.facility_id = {facility})",
    )


def foster_not_where_found(child: str, foster: str) -> Require:
    """Condition: the household does not live where the child was found."""
    event = f"(SELECT c.event_id FROM children_child c WHERE c.id = {child})"
    return Require(
        "place_of_rescue",
        "NOT EXISTS (SELECT 1 FROM operations_rescueeventkey r JOIN custody_fosterkey f ON f.kind = r.kind AND f.key = r.key"
        f" WHERE r.event_id = {event} AND f.request_id = {foster})",
    )


def _step(child: str, to_kind: str) -> Require:
    """Condition: this kind of custody may follow the child's present one."""
    ways = " OR ".join(
        f"({head(child, 'kind')} = '{kind}' AND {to_kind} IN ({_quoted(after)}))" for kind, after in NEXT.items() if after
    )
    return Require("no_such_step", ways)


def _place(facility: str, to_kind: str) -> tuple[Require, ...]:
    fits = " OR ".join(f"({to_kind} = '{kind}' AND f.kind = '{place}')" for kind, place in PLACES.items())
    return (
        Require("wrong_kind_of_place", f"EXISTS (SELECT 1 FROM accounts_facility f WHERE f.id = {facility} AND ({fits}))"),
        Require("place_closed", f"NOT EXISTS (SELECT 1 FROM accounts_facilityend x WHERE x.facility_id = {facility})"),
    )


def _cleared(child: str) -> Require:
    last = "(SELECT c.fit FROM custody_clearance c WHERE c.episode_id = " + head(child) + " ORDER BY c.id DESC LIMIT 1)"
    return Require("not_cleared", f"{head(child, 'kind')} <> 'hospital' OR {last}")


def _foster(child: str, facility: str, to_kind: str, foster: str, moment: str) -> Require:
    """Condition: foster care only as approved by two organisations beside the one that asks; nothing else goes to a household."""
    agencies = (
        "(SELECT COUNT(DISTINCT s.agency_id) FROM custody_fosterapproval p JOIN accounts_staff s ON s.id = p.by_id"
        " WHERE p.request_id = f.id AND p.digest = f.digest AND s.agency_id <> g.agency_id"
        " AND NOT EXISTS (SELECT 1 FROM accounts_staffend x WHERE x.staff_id = s.id))"
    )
    return Require(
        "foster_not_approved",
        f"({to_kind} <> 'foster' AND {foster} IS NULL) OR ({to_kind} = 'foster' AND EXISTS (SELECT 1 FROM custody_fosterrequest f"
        f" JOIN accounts_staff g ON g.id = f.by_id WHERE f.id = {foster} AND f.child_id = {child}"
        f" AND f.institution_id = {facility} AND f.valid_until >= {moment} AND {agencies} >= 2"
        " AND NOT EXISTS (SELECT 1 FROM custody_fosterend x WHERE x.request_id = f.id)"
        " AND NOT EXISTS (SELECT 1 FROM custody_handoveroffer o JOIN custody_custodyepisode y ON y.offer_id = o.id"
        " WHERE o.foster_id = f.id)))",
    )


def _wristband(child: str, code: str) -> Require:
    return Require(
        "wristband",
        f"EXISTS (SELECT 1 FROM children_wristband w WHERE w.child_id = {child} AND w.code = {code} AND NOT EXISTS"
        " (SELECT 1 FROM children_wristband r WHERE r.replaces_id = w.id))",
    )


def _custodian_agency(child: str) -> str:
    return f"(SELECT f.agency_id FROM accounts_facility f WHERE f.id = {head(child, 'facility_id')})"


def _offer_gate() -> Guard:
    child, facility = "NEW.child_id", "NEW.to_facility_id"
    return Guard(
        "custody_handoveroffer",
        "INSERT",
        (
            *nobody_excluded(child, staff=("NEW.giver_id",), facility=facility, person="NEW.escort_id", foster="NEW.foster_id"),
            not_where_found(child, facility),
            foster_not_where_found(child, "NEW.foster_id"),
            Require("not_current", f"NEW.from_episode_id = {head(child)}"),
            Require("merged_away", f"NOT {is_absorbed(child)}"),
            _step(child, "NEW.kind"),
            *_place(facility, "NEW.kind"),
            _cleared(child),
            _foster(child, facility, "NEW.kind", "NEW.foster_id", "NEW.at"),
            _wristband(child, "NEW.wristband"),
            Require("giver_not_custodian", active_staff("NEW.giver_id", f"s.agency_id = {_custodian_agency(child)}")),
            Require(
                "already_offered",
                "NOT EXISTS (SELECT 1 FROM custody_handoveroffer o WHERE o.from_episode_id = NEW.from_episode_id AND NOT EXISTS"
                " (SELECT 1 FROM custody_offerend x WHERE x.offer_id = o.id))",
            ),
        ),
        locks=(READ_LOCK, child_lock(child)),
    )


def _episode_gate() -> Guard:
    child, facility = "NEW.child_id", "NEW.facility_id"
    first = "NEW.n = 1"
    later = "NEW.n > 1"
    offer = "FROM custody_handoveroffer o WHERE o.id = NEW.offer_id"
    place = "(SELECT f.agency_id FROM accounts_facility f WHERE f.id = NEW.facility_id)"
    death = "NEW.kind = 'deceased'"

    def only(when: str, require: Require) -> Require:
        """The condition where `when` holds; it is no matter elsewhere."""
        return Require(require.code, f"NOT ({when}) OR ({require.legal})")

    handover = f"{later} AND NOT ({death})"
    return Guard(
        "custody_custodyepisode",
        "INSERT",
        (
            *nobody_excluded(
                child,
                staff=("NEW.responsible_id", f"(SELECT o.giver_id {offer})"),
                facility=facility,
                person=f"(SELECT o.escort_id {offer})",
                foster=f"(SELECT o.foster_id {offer})",
                offer="NEW.offer_id",
            ),
            not_where_found(child, facility),
            foster_not_where_found(child, f"(SELECT o.foster_id {offer})"),
            Require(
                "not_current",
                f"({first} AND NOT EXISTS (SELECT 1 FROM custody_custodyepisode h WHERE h.child_id = {child}) AND NOT EXISTS"
                f" (SELECT 1 FROM children_child c WHERE c.id = {child}))"
                f" OR NEW.n = {head(child, 'n')} + 1",
            ),
            Require("before_last", f"{first} OR NEW.started_at >= {head(child, 'started_at')}"),
            only(first, Require("first_is_police", "NEW.kind = 'police' AND NEW.offer_id IS NULL")),
            only(
                first,
                Require(
                    "receiver_not_of_place", active_staff("NEW.responsible_id", f"s.agency_id = {place}", "s.role = 'officer'")
                ),
            ),
            only(
                death,
                Require(
                    "death_by_doctor",
                    f"NEW.offer_id IS NULL AND {head(child, 'kind')} = 'hospital' AND NEW.facility_id ="
                    f" {head(child, 'facility_id')} AND "
                    + active_staff("NEW.responsible_id", f"s.agency_id = {place}", "s.role = 'doctor'"),
                ),
            ),
            only(
                handover,
                Require(
                    "no_offer",
                    f"EXISTS (SELECT 1 {offer} AND o.child_id = NEW.child_id AND o.from_episode_id = {head(child)}"
                    " AND o.to_facility_id = NEW.facility_id AND o.kind = NEW.kind"
                    " AND NOT EXISTS (SELECT 1 FROM custody_offerend x WHERE x.offer_id = o.id))",
                ),
            ),
            only(f"NOT ({death})", Require("merged_away", f"NOT {is_absorbed(child)}")),
            only(handover, _step(child, "NEW.kind")),
            *(only(f"NOT ({death})", require) for require in _place(facility, "NEW.kind")),
            only(handover, _cleared(child)),
            only(handover, _foster(child, facility, "NEW.kind", f"(SELECT o.foster_id {offer})", "NEW.started_at")),
            only(handover, _wristband(child, "NEW.wristband")),
            only(handover, Require("one_signatory", f"NEW.responsible_id <> (SELECT o.giver_id {offer})")),
            only(
                handover,
                Require(
                    "giver_not_custodian",
                    active_staff(f"(SELECT o.giver_id {offer})", f"s.agency_id = {_custodian_agency(child)}"),
                ),
            ),
            only(
                handover,
                Require(
                    "receiver_not_of_place",
                    active_staff("NEW.responsible_id", f"s.agency_id = {place}", f"s.role IN ({_quoted(RECEIVERS)})"),
                ),
            ),
        ),
        locks=(READ_LOCK, child_lock(child)),
    )


def _foster_guards() -> tuple[Guard, ...]:
    known = (
        "EXISTS (SELECT 1 FROM operations_personkey k WHERE k.person_id = NEW.person_id AND k.kind = 'name')"
        " AND EXISTS (SELECT 1 FROM operations_personkey k WHERE k.person_id = NEW.person_id AND k.kind = 'id')"
    )
    return (
        Guard(
            "custody_fosterrequest",
            "INSERT",
            (
                *nobody_excluded("NEW.child_id", person="NEW.person_id", facility="NEW.institution_id"),
                Require("person_unknown", known),
                Require(
                    "proposer_not_of_place",
                    active_staff(
                        "NEW.by_id",
                        "s.role = 'caseworker'",
                        "s.agency_id = (SELECT f.agency_id FROM accounts_facility f WHERE f.id = NEW.institution_id"
                        " AND f.kind = 'welfare_institution')",
                    ),
                ),
            ),
            locks=(READ_LOCK,),
        ),
        Guard(
            "custody_fosterapproval",
            "INSERT",
            (
                Require(
                    "changed_request",
                    "EXISTS (SELECT 1 FROM custody_fosterrequest f WHERE f.id = NEW.request_id AND f.digest = NEW.digest)",
                ),
                Require(
                    "self_approval",
                    "EXISTS (SELECT 1 FROM custody_fosterrequest f JOIN accounts_staff g ON g.id = f.by_id"
                    " JOIN accounts_staff s ON s.id = NEW.by_id WHERE f.id = NEW.request_id AND s.agency_id <> g.agency_id)",
                ),
                Require("not_an_approver", active_staff("NEW.by_id", f"s.role IN ({_quoted(APPROVERS)})")),
                Require(
                    "same_agency",
                    "NOT EXISTS (SELECT 1 FROM custody_fosterapproval p JOIN accounts_staff q ON q.id = p.by_id"
                    " JOIN accounts_staff s ON s.id = NEW.by_id"
                    " WHERE p.request_id = NEW.request_id AND q.agency_id = s.agency_id)",
                ),
            ),
            locks=(READ_LOCK,),
        ),
    )


def _lock_guards() -> tuple[Guard, ...]:
    """What the gate reads and others write, also in the tables of apps below: their writers wait for it, and it for them."""

    def locked(table: str, *locks: str) -> Guard:
        return Guard(table, "INSERT", (), locks=locks, purpose="lock")

    return (
        locked("accounts_staffend", WRITE_LOCK),
        locked("accounts_facilityend", WRITE_LOCK),
        locked("custody_fosterend", child_lock("SELECT f.child_id FROM custody_fosterrequest f WHERE f.id = NEW.request_id")),
        locked("children_wristband", child_lock("NEW.child_id")),
        # The record kept too: exclusions of the other's operation concern it from now on. And one that is being entered is seen
        # when everybody who has a child is looked at again, or sees the merge.
        locked(
            "children_mergeconfirmation",
            READ_LOCK,
            *(
                child_lock(f"SELECT {which}(m.absorbed_id, m.kept_id) FROM children_mergestep m WHERE m.id = NEW.step_id")
                for which in ("LEAST", "GREATEST")
            ),
        ),
    )


def declare(registry: Registry) -> None:
    """The guards of this app."""
    registry.add(*(AppendOnly(f"custody_{table}", keys=keys) for table, keys in TABLES))
    registry.add(_offer_gate(), _episode_gate(), *_foster_guards())
    registry.add(*_lock_guards())
    registry.add(
        Guard(
            "custody_offerend",
            "INSERT",
            (Require("already_accepted", "NOT EXISTS (SELECT 1 FROM custody_custodyepisode e WHERE e.offer_id = NEW.offer_id)"),),
            locks=(child_lock("SELECT o.child_id FROM custody_handoveroffer o WHERE o.id = NEW.offer_id"),),
        ),
        Guard(
            "custody_clearance",
            "INSERT",
            (
                Require("not_current", f"NEW.episode_id = {head('NEW.child_id')}"),
                Require("not_in_hospital", f"{head('NEW.child_id', 'kind')} = '{Kind.HOSPITAL}'"),
                Require(
                    "not_the_doctor",
                    active_staff("NEW.by_id", "s.role = 'doctor'", f"s.agency_id = {_custodian_agency('NEW.child_id')}"),
                ),
            ),
            locks=(READ_LOCK, child_lock("NEW.child_id")),
        ),
        Guard(
            "custody_exclusion",
            "INSERT",
            (Require("not_allowed", active_staff("NEW.by_id", "s.role IN ('officer', 'supervisor')")),),
            locks=(WRITE_LOCK,),
        ),
        Guard("custody_exclusionkey", "INSERT", (Require("key_missing", "LENGTH(NEW.key) > 0"),), locks=(WRITE_LOCK,)),
        Guard("operations_personkey", "INSERT", (Require("key_missing", "LENGTH(NEW.key) > 0"),), locks=(WRITE_LOCK,)),
        Guard("operations_tie", "INSERT", (Require("tie_to_self", "NEW.person_id <> NEW.other_id"),), locks=(WRITE_LOCK,)),
        Guard(
            "custody_admission",
            "INSERT",
            (
                *nobody_excluded(None, person="NEW.person_id"),
                Require("person_unknown", "EXISTS (SELECT 1 FROM operations_personkey k WHERE k.person_id = NEW.person_id)"),
                Require(
                    "receiver_not_of_place",
                    active_staff(
                        "NEW.by_id", "s.agency_id = (SELECT f.agency_id FROM accounts_facility f WHERE f.id = NEW.facility_id)"
                    ),
                ),
            ),
            locks=(READ_LOCK,),
        ),
    )
