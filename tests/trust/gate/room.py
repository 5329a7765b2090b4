"""Room in a home, buyers near it, and siblings: what is asked of a child's arrival, and in part of a home's acceptance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from trust.gate.case import Case, judged, leaves, request_columns
from trust.gate.exclusions import merged_records
from trust.gate.stage import AFTER, AT, BEFORE, KINDS, Raw, Stage, insert

BEDS = ("emergency_nursery", "relief_station", "welfare_institution")
SETTLED = (*BEDS, "foster")
PLENTY = {"beds": 9, "carers_day": 9, "carers_night": 9, "children_per_carer": 1, "other_children": 0}
Statements = tuple[str, ...]
Judge = Callable[[str, str, Statements], Case]


@dataclass(frozen=True)
class Sql:
    """Statements about the small home, for a child that another one may stand in the way of."""

    stage: Stage
    child: int
    other: int

    @property
    def home(self) -> int:
        """Number of the row."""
        return self.stage.row["small home"]

    @property
    def elsewhere(self) -> int:
        """A home in another province."""
        return self.stage.row["small home in GD"]

    def report(self, *, as_of: str = AT, home: int = 0, **counted: int) -> str:
        """A home says what it can take."""
        columns: dict[str, Any] = {"facility_id": home or self.home, "as_of": as_of, "at": AT} | PLENTY | counted
        columns |= {"level": 0, "daily_cost": 0, "funds": 0, "surge_carers": 0, "surge_cost": 0}
        return insert("placements_capacitysnapshot", **columns, by_id=self.stage.staff("caseworker"))

    def comes(self, child: int, kind: str, home: int = 0, **more: Any) -> str:
        """A child comes to a home, whatever was agreed."""
        columns = self.stage.episode_columns(child, kind, None, facility_id=home or self.home) | {"at": AT} | more
        return insert("custody_custodyepisode", **columns)

    def placed(self, child: int, *, pk: int = 730_001, home: int = 0) -> str:
        """A home is asked."""
        columns = {"id": pk, "child_id": child, "facility_id": home or self.home, "line_id": None, "reason": ""}
        return insert("placements_placement", **columns, by_id=self.stage.staff("placement"), at=AT)

    def answered(self, *, accepted: bool = True, pk: int = 730_001, by: str = "caseworker") -> str:
        """It answers."""
        columns = {"placement_id": pk, "accepted": accepted, "code": "" if accepted else "no_bed", "note": ""}
        return insert("placements_placementanswer", **columns, by_id=self.stage.staff(by), at=AT)

    def ended(self, *, pk: int = 730_001) -> str:
        """It is asked no longer."""
        return insert("placements_placementend", placement_id=pk, reason="x", by_id=self.stage.staff("placement"), at=AT)

    def surge(self, *approvers: int, pk: int = 740_001, home: int = 0, until: str = AFTER) -> Statements:
        """The home asks for one more cot and carer, and these approve."""
        columns = {"id": pk, "facility_id": home or self.home, "beds": 1, "carers": 1, "until": until, "reason": "x"}
        asked = insert("placements_surge", **columns, by_id=self.stage.staff("caseworker"), at=AT)
        return asked, *(insert("placements_surgeapproval", surge_id=pk, by_id=by, at=AT) for by in approvers)

    def merged(self, child: int, *steps: tuple[str, bool]) -> Statements:
        """Merges and splits of a record, and whether each was confirmed."""
        said = []
        for pk, (kind, confirmed) in enumerate(steps, 960_001):
            columns = {"id": pk, "kept_id": self.stage.child["elsewhere"], "absorbed_id": child, "kind": kind, "reason": "x"}
            said.append(insert("children_mergestep", **columns, proposed_by_id=self.stage.staff("officer"), at=AT))
            if confirmed:
                said.append(insert("children_mergeconfirmation", step_id=pk, by_id=self.stage.staff("officer2"), at=AT))
        return tuple(said)

    def risk(self, child: int, where: str) -> str:
        """A buyer of a child lives there."""
        columns = {"child_id": child, "jurisdiction_id": self.stage.world.jurisdictions[where].pk, "reason": "x"}
        return insert("placements_riskarea", **columns, by_id=self.stage.staff("officer"), at=AT)

    def separation(self, child: int, *votes: tuple[str | int, bool], pk: int = 750_001) -> Statements:
        """It is asked whether a child is better off without its siblings, and these say so, or not."""
        said = [insert("placements_separation", id=pk, child_id=child, reason="x", by_id=self.stage.staff("caseworker"), at=AT)]
        for who, agrees in votes:
            by = who if isinstance(who, int) else self.stage.staff(who)
            said.append(insert("placements_separationvote", separation_id=pk, agrees=agrees, note="", by_id=by, at=AT))
        return tuple(said)

    def siblings(self, *children: int, group: int = 77) -> str:
        """Children are siblings."""
        return f"UPDATE children_child SET siblings_id = {group} WHERE id IN ({', '.join(map(str, children))})"


def kept(sql: Sql, child: int) -> Iterator[tuple[str, bool, Statements]]:
    """Ways in which a home keeps a place for a child, or does not any more."""
    asked, yes, no = sql.placed(child), sql.answered(), sql.answered(accepted=False)
    third = sql.stage.child["hospital"]
    yield "accepted", True, (asked, yes)
    yield "refused", False, (asked, no)
    yield "accepted and ended", False, (asked, yes, sql.ended())
    yield "accepted, another ended", True, (asked, yes, sql.placed(third, pk=730_002, home=sql.elsewhere), sql.ended(pk=730_002))
    for kind in KINDS:
        settled = kind in (*SETTLED, "deceased", "reunified", "repatriated")
        yield f"accepted, and gone to {kind}", not settled, (asked, yes, sql.comes(child, kind, sql.elsewhere))
    there = sql.comes(child, "welfare_institution", sql.elsewhere, at=BEFORE)
    yield "accepted after it settled", True, (asked, yes, there)
    yield "accepted, and another settled", True, (asked, yes, sql.comes(third, "welfare_institution", sql.elsewhere))


def _there(sql: Sql) -> Iterator[tuple[str, bool, Statements]]:
    """What takes the one place that a home has, or does not."""
    home, other = "welfare_institution", sql.other
    yield "nobody", False, ()
    for kind in KINDS:
        yield f"another there in {kind}", kind in BEDS, (sql.comes(other, kind),)
    yield "itself", False, (sql.comes(sql.child, home),)
    yield "one who left", False, (sql.comes(other, home), sql.comes(other, "hospital", sql.stage.place("hospital")))
    merge, split = ("merge", True), ("split", True)
    for name, takes, steps in (
        ("a record merged away", False, (merge,)),
        ("a record to be merged", True, (("merge", False),)),
        ("a record split again", True, (merge, split)),
        ("a record to be split", False, (merge, ("split", False))),
        ("a record merged anew", False, (merge, split, merge)),
    ):
        yield name, takes, (sql.comes(other, home), *sql.merged(other, *steps))
    yield "itself accepted", False, (sql.placed(sql.child), sql.answered())
    yield "somebody asked for", False, (sql.placed(other),)
    for name, takes, before in kept(sql, other):
        yield f"somebody {name}", takes, before
    yield "somebody accepted elsewhere", False, (sql.placed(other, home=sql.elsewhere), sql.answered(by="caseworker_gd"))
    beside = (sql.placed(other, home=sql.elsewhere), sql.answered(by="caseworker_gd"), sql.placed(other, pk=730_002))
    yield "somebody asked for here and accepted elsewhere", False, beside


def _beyond(sql: Sql) -> Iterator[tuple[str, bool, Statements]]:
    """Surges, and whether they make a place where there is none."""
    ministry, hospital, own = (sql.stage.staff(name) for name in ("supervisor", "doctor", "placement"))
    civil = sql.stage.staff("supervisor2")
    yield "no surge", False, ()
    yield "a surge", True, sql.surge(ministry, hospital)
    yield "a surge to the moment", True, sql.surge(ministry, hospital, until=AFTER)
    yield "a surge that three approved", True, sql.surge(ministry, hospital, civil)
    yield "a surge that is over", False, sql.surge(ministry, hospital, until=AT)
    yield "a surge elsewhere", False, sql.surge(ministry, hospital, home=sql.elsewhere)
    yield "a surge that nobody approved", False, sql.surge()
    yield "a surge that one approved", False, sql.surge(ministry)
    yield "a surge that one house approved twice", False, sql.surge(ministry, sql.stage.staff("auditor"))
    yield "a surge that the own house approved", False, sql.surge(ministry, own)
    yield "a surge that the own house approved and two others", True, sql.surge(ministry, own, hospital)
    yield "a surge that somebody unknown approved", False, sql.surge(ministry, 999_999)
    other = sql.surge(ministry, hospital, pk=740_002, home=sql.elsewhere)
    yield "a surge that one approved, beside another", False, (*sql.surge(ministry), *other)
    left = leaves(sql.stage, "doctor")
    yield "a surge that somebody approved who left", False, (*sql.surge(ministry, hospital), left)
    yield "a surge, and somebody else left", True, (*sql.surge(ministry, hospital), leaves(sql.stage, "nurse"))


def _reports(sql: Sql) -> Iterator[tuple[str, str, Statements]]:
    """What the home told, and when."""
    yield "no report", "capacity_unknown", ()
    yield "a report of another home", "capacity_unknown", (sql.report(home=sql.elsewhere),)
    yield "a report a day old", "", (sql.report(as_of="2011-07-19 08:00:01"),)
    yield "a report of the day before", "capacity_unknown", (sql.report(as_of="2011-07-19 08:00:00"),)
    late = sql.report(as_of="2011-07-18 08:00:00")
    yield "a report that is newer and older", "capacity_unknown", (sql.report(), late)
    yield "a report that replaces an old one", "", (late, sql.report())
    yield "a report before one of another home", "", (sql.report(), sql.report(home=sql.elsewhere, beds=0, carers_day=0))
    for short, code in (("beds", "no_bed"), ("carers_day", "no_carer"), ("carers_night", "no_carer")):

        def report(n: int, short: str = short, **more: int) -> str:
            return sql.report(**{short: n} | more)

        for name, takes, before in _there(sql):
            yield f"one of {short}, and {name}", code if takes else "", (report(1), *before)
        for name, made, before in _beyond(sql):
            yield f"none of {short}, and {name}", "" if made else code, (report(0), *before)
        yield f"one of {short} for another child", code, (report(1, other_children=1),)
        yield f"two of {short}, one for another child", "", (report(2, other_children=1),)
        yield f"less {short} than before", code, (sql.report(), report(0))
        yield f"more {short} than before", "", (report(0), sql.report())
    yield "a carer of two", "", (sql.report(carers_day=1, carers_night=1, children_per_carer=2), sql.comes(sql.other, BEDS[0]))


def room(sql: Sql, judge: Judge) -> Iterator[Case]:
    """A fresh report, a cot and a carer."""
    for name, code, before in _reports(sql):
        yield judge(name, code, before)


def near_buyers(sql: Sql, judge: Judge) -> Iterator[Case]:
    """Where a buyer lives."""
    code, here = "risk_area", sql.report()
    for name, refused, risk in (
        ("a buyer in the province", code, (sql.child, "GX")),
        ("a buyer in the country", code, (sql.child, "CN")),
        ("a buyer elsewhere", "", (sql.child, "GD")),
        ("a buyer of another child", "", (sql.other, "GX")),
    ):
        yield judge(name, refused, (here, sql.risk(*risk)))
    for name, merges, follow in merged_records(sql.stage, sql.child):
        yield judge(f"a buyer of {name}", code if follow else "", (here, *merges, sql.risk(sql.stage.child["record"], "GX")))


def arrivals(stage: Stage) -> Iterator[Case]:
    """Of a child at a home: room, buyers near it, and its siblings."""
    sql = Sql(stage, stage.child["arrives"], stage.child["police"])

    def arrives(name: str, code: str, before: Statements, kind: str = BEDS[2], home: int = 0, **more: Any) -> Case:
        columns = stage.episode_columns(sql.child, kind, None, facility_id=home or sql.home) | more
        return judged("custody_custodyepisode_insert_room", name, code, *before, insert("custody_custodyepisode", **columns))

    yield from room(sql, arrives)
    yield from near_buyers(sql, arrives)
    far, there = sql.elsewhere, sql.report(home=sql.elsewhere)
    yield arrives("in another province than the buyer", "", (there, sql.risk(sql.child, "GX")), home=far)
    apart = (sql.comes(sql.other, BEDS[2], far), sql.siblings(sql.child, sql.other))
    for kind in KINDS:
        beds, settled = kind in BEDS, kind in SETTLED
        yield arrives(f"{kind} without a report", "capacity_unknown" if beds else "", (), kind)
        for short, code in (("beds", "no_bed"), ("carers_day", "no_carer"), ("carers_night", "no_carer")):
            yield arrives(f"{kind} without {short}", code if beds else "", (sql.report(**{short: 0}),), kind)
        near = (sql.report(), sql.risk(sql.child, "GX"))
        yield arrives(f"{kind} near a buyer", "risk_area" if settled else "", near, kind)
        yield arrives(f"{kind} away from a sibling", "siblings_apart" if settled else "", (sql.report(), *apart), kind)
    for name, code, before, more in _with_siblings(sql):
        yield arrives(f"siblings: {name}", code, (sql.report(), *before), **more)


def _with_siblings(sql: Sql) -> Iterator[tuple[str, str, Statements, dict[str, Any]]]:
    home, apart = "welfare_institution", "siblings_apart"
    child, other, stage = sql.child, sql.other, sql.stage
    twins, elsewhere = sql.siblings(child, other), sql.comes(other, home, sql.elsewhere)
    for kind in KINDS:
        code = apart if kind in SETTLED else ""
        yield f"another settled in {kind}", code, (sql.comes(other, kind, sql.elsewhere), twins), {}
        yield f"another here in {kind}", code if kind != home else "", (sql.comes(other, kind), twins), {}
        yield f"no sibling in {kind}", "", (sql.comes(other, kind, sql.elsewhere),), {}
    yield "of another group", "", (elsewhere, sql.siblings(child), sql.siblings(other, group=78)), {}
    third = stage.child["hospital"]
    yield "others have siblings", "", (elsewhere, sql.siblings(other, third)), {}
    yield "itself settled", "", (sql.comes(child, home, sql.elsewhere), twins), {}
    yield "another left", "", (elsewhere, sql.comes(other, "hospital", stage.place("hospital")), twins), {}
    yield "a third apart", apart, (sql.comes(third, home), elsewhere, sql.siblings(child, other, third)), {}
    merge, split = ("merge", True), ("split", True)
    for name, code, steps in (
        ("merged away", "", (merge,)),
        ("to be merged", apart, (("merge", False),)),
        ("split again", apart, (merge, split)),
        ("to be split", "", (merge, ("split", False))),
        ("merged anew", "", (merge, split, merge)),
    ):
        yield f"a record {name}", code, (elsewhere, twins, *sql.merged(other, *steps)), {}
    yield from ((name, code, (elsewhere, twins, *before), {}) for name, code, before in _decided(sql))
    yield from ((name, code, (elsewhere, twins, *before), {}) for name, code, before in _coming(sql))
    yield from _households(sql)


def _decided(sql: Sql) -> Iterator[tuple[str, str, Statements]]:
    """Votes on living apart, of the child that comes or of the one that is elsewhere."""
    apart = "siblings_apart"
    votes = [(name, True) for name in ("caseworker", "doctor", "supervisor")]
    third = sql.stage.child["hospital"]
    for who, child in (("itself", sql.child), ("the other", sql.other)):
        yield f"{who} separated", "", sql.separation(child, *votes)
        for i, (name, _) in enumerate(votes):
            yield f"{who} separated without the {name}", apart, sql.separation(child, *votes[:i], *votes[i + 1 :])
        twice = (*votes[:2], ("caseworker2", True), ("caseworker_gd", True))
        yield f"{who} separated by one discipline several times", apart, sql.separation(child, *twice)
        yield f"{who} separated by more", "", sql.separation(child, *votes, ("supervisor2", True))
        yield f"{who} separated by others too", apart, sql.separation(child, *votes, ("officer", True))
        yield f"{who} separated against a voice", apart, sql.separation(child, *votes, ("supervisor2", False))
        yield f"{who} separated against somebody unknown", apart, sql.separation(child, *votes, (999_999, False))
        yield f"{who} separated by those who do not agree", apart, sql.separation(child, *((n, False) for n, _ in votes))
        against = sql.separation(third, ("doctor", False), pk=750_002)
        yield f"{who} separated, another not", "", (*sql.separation(child, *votes), *against)
        yield (
            f"{who} to be separated, another separated",
            apart,
            (
                *sql.separation(child, votes[0]),
                *sql.separation(third, *votes[1:], pk=750_002),
            ),
        )
    yield "a third separated", apart, sql.separation(third, *votes)


def _coming(sql: Sql) -> Iterator[tuple[str, str, Statements]]:
    """Journeys of the other one."""
    apart, other = "siblings_apart", sql.other

    def offer(child: int = other, to: int = 0, kind: str = "welfare_institution", **more: Any) -> str:
        last = Raw(f"(SELECT id FROM custody_custodyepisode WHERE child_id = {child} ORDER BY n DESC LIMIT 1)")
        columns = sql.stage.offer_columns(child, kind, id=760_001, to_facility_id=to or sql.home, from_episode_id=last)
        return insert("custody_handoveroffer", **columns | more)

    def end(pk: int) -> str:
        return insert("custody_offerend", offer_id=pk, code="no_bed", note="", by_id=sql.stage.staff("nurse"), at=AT)

    yield "another on its way", "", (offer(),)
    yield "another on its way elsewhere", apart, (offer(to=sql.stage.place("home")),)
    yield "another on its way to other care", apart, (offer(kind="emergency_nursery"),)
    yield "another that was on its way", apart, (offer(from_episode_id=sql.stage.first[other]),)
    third = sql.stage.child["hospital"]
    yield "a third on its way", apart, (offer(child=third),)
    last = Raw(f"(SELECT id FROM custody_custodyepisode WHERE child_id = {other} ORDER BY n DESC LIMIT 1)")
    yield "a third on its way from there", apart, (offer(child=third, from_episode_id=last),)
    yield "another called off", apart, (offer(), end(760_001))
    yield "another on its way, a third called off", "", (offer(), end(999_999))


def _households(sql: Sql) -> Iterator[tuple[str, str, Statements, dict[str, Any]]]:
    """Siblings in foster care under one institution."""
    stage, child, other = sql.stage, sql.child, sql.other
    stranger, household = stage.person["stranger"], stage.person["household"]
    twins, far = sql.siblings(child, other), sql.comes(other, "welfare_institution", sql.elsewhere)

    def goes(who: int, person: int, pk: int, **more: Any) -> Statements:
        """An offer of foster care."""
        request = request_columns(stage, id=pk, child_id=who, institution_id=sql.home, person_id=person)
        offer = stage.offer_columns(who, "foster", id=pk, to_facility_id=sql.home, foster_id=pk)
        return insert("custody_fosterrequest", **request), insert("custody_handoveroffer", **offer | more)

    mine, to = goes(child, stranger, 770_001), {"kind": "foster", "offer_id": 770_001}
    last = Raw(f"(SELECT id FROM custody_custodyepisode WHERE child_id = {other} ORDER BY n DESC LIMIT 1)")
    for name, person, code in (("one household", stranger, ""), ("two households", household, "siblings_apart")):
        theirs = goes(other, person, 770_002)
        there = sql.comes(other, "foster", offer_id=770_002)
        yield f"{name} of foster care", code, (*mine, *theirs, there, twins), to
        at_home = sql.comes(other, "foster", sql.elsewhere, offer_id=770_002)
        yield f"{name} under two institutions", "siblings_apart", (*mine, *theirs, at_home, twins), to
        onward = goes(other, person, 770_002, from_episode_id=last)
        yield f"{name} to come", code, (far, *mine, *onward, twins), to
