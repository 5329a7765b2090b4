"""Kits: whom they are ordered for and by whom, what may happen to them, and who tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, leaves
from trust.gate.stage import AFTER, AT, BEFORE, WAYS, Stage, insert
from wayhome.casework.accounts.rules import Permission, Role, may
from wayhome.casework.laboratory.rules.kits import CONSENTED, ENDS, NEXT, ORDERED, PLACED, REPLACEABLE

LONG_AGO = "2011-07-01 08:00:00"
TAKERS = [role for role in Role if may(role, Permission.TAKE_SAMPLE)]
KEEPERS = [role for role in TAKERS if may(role, Permission.READ_CHILD)]
KIN = [role for role in TAKERS if may(role, Permission.READ_REQUEST)]
RECORDS = {
    "merged": [("merge", True)],
    "to be split": [("merge", True), ("split", False)],
    "to be merged": [("merge", False)],
    "split off": [("merge", True), ("split", True)],
}
"""Steps of a record; by the first two it is another child's."""


class Shelf:
    """Families, and kits that are where they are said to be, planted on a stage."""

    def __init__(self, stage: Stage, request: int) -> None:
        self.stage = stage
        self.laboratory = stage.world.agencies["laboratory"].pk
        self.by: dict[str, Any] = {"by_id": stage.staff("officer"), "at": LONG_AGO}
        self.request = self.family(request)

    def family(self, number: int, **more: Any) -> int:
        """A request."""
        columns = {"jurisdiction_id": 1, "inquirer_id": self.stage.person["stranger"], "relation": "mother"}
        self.stage.plant("families_tracingrequest", id=number, **columns, **(self.by | more))
        return number

    def relative(self, request: int = 0, *, missing: bool = False, agreed: bool = True, **paper: Any) -> int:
        """Somebody of a family, who agreed."""
        of = request or self.request
        pk = self.stage.plant("families_relative", request_id=of, sex="F", missing=missing, **self.by)
        if agreed:
            self.consent(pk, **paper)
        return pk

    def consent(self, relative: int, signed_on: str = "2011-07-01", until: str = "2012-07-01") -> int:
        """What they signed."""
        paper = {"purpose": "search", "scope": "this_child", "given_by": "x", "form": "x"}
        return self.stage.plant("families_consent", relative_id=relative, signed_on=signed_on, until=until, **paper, **self.by)

    def record(self, how: str) -> tuple[int, int]:
        """A child at home, and a record of whose steps towards its own some were confirmed."""
        kept, record = (
            self.stage.plant_child(f"{name} {self.stage.ids}", *WAYS["welfare_institution"]) for name in ("kept", how)
        )
        for kind, confirmed in RECORDS[how]:
            columns = {"kept_id": kept, "absorbed_id": record, "reason": "x", "at": AT}
            step = self.stage.plant("children_mergestep", kind=kind, proposed_by_id=self.stage.staff("officer"), **columns)
            if confirmed:
                self.stage.plant("children_mergeconfirmation", step_id=step, by_id=self.stage.staff("officer2"), at=AT)
        return kept, record

    def columns(self, *, relative: int | None = None, child: int | None = None, **more: Any) -> dict[str, Any]:
        """An order."""
        known = {"relative_id": relative, "child_id": child, "laboratory_id": self.laboratory, "replaces_id": None}
        return known | {"second": False, "by_id": self.stage.staff("officer"), "at": AT} | more

    def kit(self, *kinds: str, takers: int = 0, **more: Any) -> int:
        """A kit to which all this happened, at `AT`."""
        pk = self.stage.plant("laboratory_kit", **self.columns(**({"at": LONG_AGO} | more)))
        for n, kind in enumerate(kinds, 1):
            self.stage.plant("laboratory_kithop", **self.hop(pk, n, kind, by_id=takers or self.stage.staff("officer"), at=AT))
        return pk

    def hop(self, kit: int, n: int, kind: str, **more: Any) -> dict[str, Any]:
        """A hop as it should be told."""
        analyst = kind in ("received", "refused")
        known = {"kit_id": kit, "n": n, "kind": kind, "place": "x" if kind in ("posted", "taken") else ""}
        known |= {"witness_id": self.stage.staff("nurse") if kind == "taken" else None}
        known |= {"note": "x" if kind == "refused" else ""}
        return known | {"by_id": self.stage.staff("analyst" if analyst else "officer"), "at": AFTER} | more


def orders(stage: Stage) -> Iterator[Case]:
    """Whom a kit may be ordered for, by whom, and when one is under way already."""
    shelf = Shelf(stage, 82_000_001)
    guard = "laboratory_kit_insert_gate"

    def case(name: str, code: str, *before: str, **columns: Any) -> Case:
        return judged(guard, name, code, *before, insert("laboratory_kit", **shelf.columns(**{"id": 630_000} | columns)))

    mother, child = shelf.relative(), stage.child["hospital"]
    nurse = {"child": child, "by_id": stage.staff("nurse")}
    yield case("of a mother", "", relative=mother)
    yield case("of a child in hospital", "", **nurse)
    yield case("to the police", "not_a_laboratory", relative=mother, laboratory_id=stage.world.agencies["police"].pk)
    yield case("to nobody", "not_a_laboratory", relative=mother, laboratory_id=999_999)
    yield case("of the missing child", "sample_of_missing", relative=shelf.relative(missing=True))
    yield case("of no relative", "sample_of_missing", relative=999_999)
    struck = shelf.relative()
    stage.plant("families_relativeend", relative_id=struck, reason="x", **shelf.by)
    yield case("of somebody struck out", "relative_struck", relative=struck)
    over = shelf.family(82_000_002)
    stage.plant("families_requestend", request_id=over, reason="withdrawn", kept_id=None, note="x", **shelf.by)
    yield case("of a request that is over", "request_over", relative=shelf.relative(over))
    yield from _consents(shelf, lambda name, code, relative, **more: case(name, code, relative=relative, **more))
    yield case("of a child that died", "not_in_care", child=stage.child["deceased"], by_id=stage.staff("nurse"))
    yield case("of a child never in care", "not_in_care", child=999_999)
    home = stage.staff("caseworker")
    for how in RECORDS:
        code = "merged_away" if how in ("merged", "to be split") else ""
        yield case(f"of a record {how}", code, child=shelf.record(how)[1], by_id=home)

    yield from _by_whom(shelf, case, mother, child)

    for state in NEXT:
        kinds = () if state == ORDERED else (state,)
        relative = shelf.relative()
        kit = shelf.kit(*kinds, relative=relative)
        yield case(f"after one {state}", "" if state in ENDS else "kit_under_way", relative=relative)
        yield case(
            f"in place of one {state}", "" if state in REPLACEABLE else "not_replaceable", relative=relative, replaces_id=kit
        )
    relative = shelf.relative()
    first = shelf.kit("posted", "lost", "returned", relative=relative)
    shelf.kit(relative=relative, replaces_id=first)
    yield case("beside one that replaces another", "kit_under_way", relative=relative)
    relative, other = shelf.relative(), shelf.relative()
    first = shelf.kit("returned", relative=relative)
    shelf.kit("lost", relative=relative, replaces_id=first)
    yield case("after a replaced one and one that was lost", "", relative=relative)
    lost = shelf.relative()
    kit = shelf.kit("posted", "lost", relative=lost)
    yield case("in place of one posted, then lost", "", relative=lost, replaces_id=kit)
    yield case("in place of another's", "not_replaceable", relative=other, replaces_id=first)
    yield case("in place of none", "not_replaceable", relative=other, replaces_id=999_999)
    shelf.kit("lost", "posted", relative=other)
    yield case("after one that was found again", "kit_under_way", relative=other)
    lost = shelf.kit("lost", child=child)
    yield case("of a child in place of one lost", "", **nurse, replaces_id=lost)
    yield case("of a child in place of a relative's", "not_replaceable", **nurse, replaces_id=first)
    shelf.kit(child=stage.child["uncleared"])
    yield case("of a child beside one under way", "kit_under_way", child=stage.child["uncleared"], by_id=stage.staff("nurse"))
    relative = shelf.relative()
    yield case("a second without a first", "no_first_sample", relative=relative, second=True)
    for state in ("received", "refused", "lost"):
        relative = shelf.relative()
        kit = shelf.kit("taken", state, relative=relative)
        yield case(
            f"a second after a first {state}", "" if state == "received" else "no_first_sample", relative=relative, second=True
        )
    relative = shelf.relative()
    second = shelf.kit("received", relative=relative, second=True)
    yield case("a second after a second", "no_first_sample", relative=relative, second=True)
    relative = shelf.relative()
    shelf.kit("received", relative=relative)
    second = shelf.kit("lost", relative=relative, second=True)
    yield case("a second in place of a second", "", relative=relative, second=True, replaces_id=second)
    yield case("a first in place of a second", "not_replaceable", relative=relative, replaces_id=second)
    for how in RECORDS:
        same = how in ("merged", "to be split")
        kept, record = shelf.record(how)
        shelf.kit(child=record)
        yield case(f"beside one of a record {how}", "kit_under_way" if same else "", child=kept, by_id=home)
        kept, record = shelf.record(how)
        lost = shelf.kit("lost", child=record)
        code = "" if same else "not_replaceable"
        yield case(f"in place of one of a record {how}", code, child=kept, by_id=home, replaces_id=lost)
        if same:
            stranger = shelf.record(how)[0]
            yield case(f"in place of one of another's {how}", "not_replaceable", child=stranger, by_id=home, replaces_id=lost)
        kept, record = shelf.record(how)
        shelf.kit("received", child=record)
        code = "" if same else "no_first_sample"
        yield case(f"a second after a first of a record {how}", code, child=kept, by_id=home, second=True)


def _consents(shelf: Shelf, case: Any) -> Iterator[Case]:
    """What a relative must have agreed to on the 20th."""
    for name, code, paper in (
        ("signed that day", "", {"signed_on": "2011-07-20"}),
        ("signed where the next day has not begun", "no_consent", {"signed_on": "2011-07-21"}),
        ("until that day", "", {"until": "2011-07-20"}),
        ("over the day before", "no_consent", {"until": "2011-07-19"}),
        ("never signed", "no_consent", {"agreed": False}),
    ):
        yield case(f"consent {name}", code, shelf.relative(**paper))
    early = shelf.relative(signed_on="2011-07-21")
    yield case("consent signed where the next day has begun", "", early, at="2011-07-20 10:00:00")
    yield case("consent signed where it begins within the hour", "no_consent", early, at="2011-07-20 09:30:00")
    withdrawn, anew = shelf.relative(agreed=False), shelf.relative(agreed=False)
    for relative in (withdrawn, anew):
        paper = shelf.consent(relative)
        shelf.stage.plant("families_consentwithdrawal", consent_id=paper, reason="", **shelf.by)
    shelf.consent(anew)
    yield case("consent withdrawn", "no_consent", withdrawn)
    yield case("consent given anew", "", anew)


def _by_whom(shelf: Shelf, case: Any, mother: int, child: int) -> Iterator[Case]:
    """Who may order: of the agency of the request; of one that has the child, rescued it or was assigned it."""
    stage = shelf.stage
    for role in Role:
        of_police, of_hospital = stage.member["police", role], stage.member["hospital_agency", role]
        yield case(f"of a mother, by a {role}", "" if role in KIN else "not_of_file", relative=mother, by_id=of_police)
        yield case(f"of a child, by a {role}", "" if role in KEEPERS else "not_of_file", child=child, by_id=of_hospital)
    yield case("by another agency", "not_of_file", relative=mother, by_id=stage.staff("officer_gd"))
    yield case("by somebody who left", "not_of_file", leaves(stage, "officer"), relative=mother)
    yield case("somebody else left", "", leaves(stage, "officer2"), relative=mother)
    theirs = shelf.relative(shelf.family(82_000_003, by_id=stage.staff("caseworker")))
    yield case("of another agency's family", "not_of_file", relative=theirs)
    yield case("of one's own agency's", "", relative=theirs, by_id=stage.staff("caseworker2"))
    yield case("of a child, by a home it is not in", "not_of_file", child=child, by_id=stage.staff("caseworker"))
    nurse = stage.staff("nurse")
    yield case("of a child, by a nurse who left", "not_of_file", leaves(stage, "nurse"), child=child, by_id=nurse)
    yield case("of a child, another nurse left", "", leaves(stage, "nurse2"), child=child, by_id=nurse)
    for n, (kind, place) in enumerate((("police", "post"), ("hospital", "hospital")), 2):
        stage.plant_episode(82_000_099, n, kind, place, "officer")
    yield case("of a child, by a police that was not the first", "not_of_file", child=82_000_099)
    yield case("of a child, by who rescued it", "", child=child, by_id=stage.staff("officer_gd"))
    at_home = stage.child["welfare_institution"]
    yield case("of a child, by the hospital before", "not_of_file", child=at_home, by_id=nurse)
    yield case("of a child, by its home", "", child=at_home, by_id=stage.staff("caseworker"))
    given = insert("custody_assignment", id=640_001, child_id=at_home, staff_id=nurse, by_id=stage.staff("supervisor"), at=AT)
    ended = insert("custody_assignmentend", assignment_id=640_001, by_id=stage.staff("supervisor"), at=AT)
    yield case("of a child, by somebody assigned", "", given, child=at_home, by_id=nurse)
    yield case("of a child, another was assigned", "not_of_file", given, child=at_home, by_id=stage.staff("nurse2"))
    yield case("of a child, assigned another", "not_of_file", given, child=stage.child["foster"], by_id=nurse)
    yield case("of a child, assigned no more", "not_of_file", given, ended, child=at_home, by_id=nurse)
    other = insert("custody_assignment", id=640_002, child_id=at_home, staff_id=nurse, by_id=stage.staff("supervisor"), at=AT)
    yield case("of a child, assigned anew", "", given, ended, other, child=at_home, by_id=nurse)


def hops(stage: Stage) -> Iterator[Case]:
    """What may happen to a kit next, who tells of it, and how."""
    shelf = Shelf(stage, 82_000_011)
    guard = "laboratory_kithop_insert_gate"

    def case(name: str, code: str, *before: str, kit: int, n: int, kind: str, **columns: Any) -> Case:
        return judged(guard, name, code, *before, insert("laboratory_kithop", **shelf.hop(kit, n, kind, **columns)))

    new = shelf.kit(relative=shelf.relative())
    for n, code in ((1, ""), (2, "not_last"), (0, "not_last")):
        yield case(f"the {n}. of a new kit", code, kit=new, n=n, kind="posted")
    for state, after in NEXT.items():
        before = () if state == ORDERED else ("lost", state)
        kit, n = shelf.kit(*before, relative=shelf.relative()), len(before) + 1
        for kind in NEXT:
            if kind != ORDERED:
                yield case(f"{state}, then {kind}", "" if kind in after else "no_such_hop", kit=kit, n=n, kind=kind)
    turned = shelf.kit("returned", "posted", relative=shelf.relative())
    yield case("what follows the last", "", kit=turned, n=3, kind="delivered")
    yield case("what follows the first", "no_such_hop", kit=turned, n=3, kind="posted")
    yield case("the same once more", "not_last", kit=turned, n=2, kind="delivered")
    yield case("one left out", "not_last", kit=turned, n=4, kind="delivered")
    relative = shelf.relative()
    replaced = shelf.kit("returned", relative=relative)
    shelf.kit(relative=relative, replaces_id=replaced)
    yield case("of one that was replaced", "kit_replaced", kit=replaced, n=2, kind="posted")

    fresh = shelf.kit(relative=shelf.relative(), at=AT)
    yield case("a second before it was ordered", "before_last", kit=fresh, n=1, kind="posted", at=BEFORE)
    yield case("when it was ordered", "", kit=fresh, n=1, kind="posted", at=AT)
    yield case("a second before the last", "before_last", kit=turned, n=3, kind="delivered", at=BEFORE)
    yield case("with the last", "", kit=turned, n=3, kind="delivered", at=AT)
    early = shelf.kit(relative=shelf.relative())
    for n, at in ((1, LONG_AGO), (2, AFTER)):
        stage.plant("laboratory_kithop", **shelf.hop(early, n, "posted", at=at))
    yield case("between the first and the last", "before_last", kit=early, n=3, kind="delivered", at=AT)

    yield from _told_by(shelf, case)
    yield from _as_told(shelf, case)
    yield from _hands(shelf, case)


def _told_by(shelf: Shelf, case: Any) -> Iterator[Case]:
    stage = shelf.stage
    new, sent = shelf.kit(relative=shelf.relative()), shelf.kit("sent", relative=shelf.relative())
    staff = {"name": "x", "name_latin": "", "phone": "", "address": "", "at": AT}
    signed = {"registered_by_id": None, "countersigned_by_id": None}
    for role in Role:
        code = "" if role in TAKERS else "not_of_kit"
        yield case(f"posted by a {role}", code, kit=new, n=1, kind="posted", by_id=stage.member["police", role])
        code = "" if role == Role.ANALYST else "not_of_kit"
        of = {"number": f"lab {role}", "id_number": f"lab {role}", "agency_id": shelf.laboratory, "role": str(role)}
        who = stage.plant("accounts_staff", **staff, **signed, **of)
        yield case(f"received by a {role}", code, kit=sent, n=2, kind="received", by_id=who)
        yield case(f"lost by a {role} of the laboratory", "not_of_kit", kit=sent, n=2, kind="lost", by_id=who)
    of_police = stage.member["police", Role.ANALYST]
    for kind in ("received", "refused"):
        yield case(f"{kind}: by who sent it", "not_of_kit", kit=sent, n=2, kind=kind, by_id=stage.staff("officer"))
        yield case(f"{kind}: by another laboratory", "not_of_kit", kit=sent, n=2, kind=kind, by_id=of_police)
        left = leaves(stage, "analyst")
        yield case(f"{kind}: by an analyst who left", "not_of_kit", left, kit=sent, n=2, kind=kind)
        yield case(f"{kind}: somebody else left", "", leaves(stage, "officer"), kit=sent, n=2, kind=kind)
    yield case("posted by another agency", "not_of_kit", kit=new, n=1, kind="posted", by_id=stage.staff("officer_gd"))
    yield case("posted by somebody who left", "not_of_kit", leaves(stage, "officer"), kit=new, n=1, kind="posted")
    yield case("posted, somebody else left", "", leaves(stage, "officer2"), kit=new, n=1, kind="posted")
    theirs = shelf.kit(child=stage.child["unfit"], by_id=stage.staff("nurse"))
    yield case("of another agency's kit", "not_of_kit", kit=theirs, n=1, kind="posted")
    yield case("of one's own agency's", "", kit=theirs, n=1, kind="posted", by_id=stage.staff("doctor"))
    away = shelf.kit("sent", relative=shelf.relative(), laboratory_id=stage.world.agencies["police"].pk)
    yield case("received elsewhere than sent to", "not_of_kit", kit=away, n=2, kind="received")
    yield case("received where it was sent to", "", kit=away, n=2, kind="received", by_id=of_police)
    yield case("of no kit", "before_last", kit=999_999, n=1, kind="posted")


def _as_told(shelf: Shelf, case: Any) -> Iterator[Case]:
    stage = shelf.stage
    new, sent = shelf.kit(relative=shelf.relative()), shelf.kit("sent", relative=shelf.relative())
    for kind in ("posted", "taken"):
        yield case(f"{kind} nowhere", "no_place", kit=new, n=1, kind=kind, place="")
    assert {"posted", "taken"} == PLACED
    yield case("lost somewhere", "", kit=new, n=1, kind="lost", place="x")
    yield case("refused without a reason", "no_reason", kit=sent, n=2, kind="refused", note="")
    yield case("received with a note", "", kit=sent, n=2, kind="received", note="x")
    for name, code, who in (
        ("by oneself", "no_witness", stage.staff("officer")),
        ("by nobody", "no_witness", None),
        ("by no staff", "no_witness", 999_999),
        ("by a colleague", "", stage.staff("officer2")),
        ("by somebody of another agency", "", stage.staff("caseworker_gd")),
    ):
        yield case(f"taken, seen {name}", code, kit=new, n=1, kind="taken", witness_id=who)
    yield case("taken, seen by who left", "no_witness", leaves(stage, "nurse"), kit=new, n=1, kind="taken")
    yield case("taken, somebody else left", "", leaves(stage, "nurse2"), kit=new, n=1, kind="taken")
    yield case("posted, seen by somebody", "no_witness", kit=new, n=1, kind="posted", witness_id=stage.staff("nurse"))

    def of(relative: int, name: str, code: str, kind: str, *before: str, **columns: Any) -> Case:
        kit = shelf.kit(*before, relative=relative)
        return case(f"{kind}, {name}", code, kit=kit, n=len(before) + 1, kind=kind, **columns)

    for kind, before in (("taken", ()), ("sent", ("taken",))):
        yield from _consents(
            shelf, lambda name, code, relative, kind=kind, before=before, **at: of(relative, name, code, kind, *before, **at)
        )
    assert {"taken", "sent"} == CONSENTED
    for kind in ("posted", "lost"):
        yield of(shelf.relative(agreed=False), "though nobody agreed", "", kind)
    kit = shelf.kit(child=stage.child["fit before"])
    yield case("taken of a child", "", kit=kit, n=1, kind="taken")


def _twin(stage: Stage, of: str) -> int:
    """Somebody once more in the register."""
    pattern = stage.world.staff[of]
    told = {"number": f"{of} twin", "name": "x", "name_latin": "", "phone": "", "address": "", "id_number": pattern.id_number}
    signed = {"registered_by_id": None, "countersigned_by_id": None, "at": AT}
    return stage.plant("accounts_staff", **told, **signed, agency_id=pattern.agency_id, role=pattern.role)


def _hands(shelf: Shelf, case: Any) -> Iterator[Case]:
    """The second sample is taken by other hands than the first, and the first than the second."""
    stage = shelf.stage
    officer, other = stage.staff("officer"), stage.staff("officer2")
    twin = _twin(stage, "officer")
    yield case("seen by oneself, under another number", "no_witness", kit=shelf.kit(relative=shelf.relative()), n=1, kind="taken",
               by_id=officer, witness_id=twin)  # fmt: skip
    for first, second, name in ((False, True, "second"), (True, False, "first")):
        relative = shelf.relative()
        shelf.kit("taken", "received", relative=relative, second=first)
        kit = shelf.kit(relative=relative, second=second)
        yield case(f"a {name}, by the same", "same_hands", kit=kit, n=1, kind="taken")
        yield case(f"a {name}, by the same, under another number", "same_hands", kit=kit, n=1, kind="taken", by_id=twin)
        yield case(f"a {name}, by another", "", kit=kit, n=1, kind="taken", by_id=other)
        yield case(f"a {name}, posted by the same", "", kit=kit, n=1, kind="posted")
        alike = shelf.kit(relative=relative, second=first)
        yield case(f"one more like the one that came, not the {name}", "", kit=alike, n=1, kind="taken")
    for end in ("refused", "lost", "sent"):
        relative = shelf.relative()
        shelf.kit("taken", end, relative=relative)
        kit = shelf.kit(relative=relative, second=True)
        yield case(f"by the same whose first was {end}", "", kit=kit, n=1, kind="taken")
    relative, stranger = shelf.relative(), shelf.relative()
    first = shelf.kit("posted", relative=relative)
    for n, (kind, by) in enumerate((("taken", other), ("sent", officer), ("received", officer)), 2):
        stage.plant("laboratory_kithop", **shelf.hop(first, n, kind, by_id=by))
    kit = shelf.kit(relative=relative, second=True)
    yield case("by who only posted the first", "", kit=kit, n=1, kind="taken")
    yield case("by who took it, though others received it", "same_hands", kit=kit, n=1, kind="taken", by_id=other)
    yield case("of somebody else", "", kit=shelf.kit(relative=stranger, second=True), n=1, kind="taken", by_id=other)
    for how in ("its own", *RECORDS):
        kept, record = shelf.record("merged" if how == "its own" else how)
        shelf.kit("taken", "received", child=kept if how == "its own" else record)
        kit = shelf.kit(child=kept, second=True)
        code = "same_hands" if how in ("its own", "merged", "to be split") else ""
        yield case(f"of a child, by the same under a record {how}", code, kit=kit, n=1, kind="taken")
