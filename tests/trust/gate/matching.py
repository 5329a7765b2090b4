"""Candidates: what the search may write, who may read and confirm, and what ends them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trust.gate.case import Case, judged
from trust.gate.kits import RECORDS
from trust.gate.results import Bench
from trust.gate.stage import AT, WAYS, Stage, insert, nothing
from wayhome.casework.accounts.rules import Role

AWAY = ("merged", "to be split")
"""Records that are another child's."""
LATER = "2011-07-21 08:00:00"
"""The day after the last of the consents."""


@dataclass
class Pair:
    """A child and a request, each with a typed sample, and what a search made of them; the last is a relative's sample alone."""

    request: int
    relative: int
    kit: int
    child: int
    child_kit: int
    dossier: int
    sample: int
    search: int
    candidate: int


class Cast:
    """Pairs of every kind, planted on a stage."""

    def __init__(self, stage: Stage, name: str = "match", first: int = 81_000_052, sha: str = "de") -> None:
        self.stage, self.bench = stage, Bench(stage, name, first, sha)
        self.here, self.there = self.bench.here, self.bench.there
        self.head = self.bench.staff("head", self.here, "lab_supervisor")
        self.third = self.bench.staff("here3", self.here)
        self.by = {"by_id": stage.staff("officer"), "at": AT}
        self.request = first + 2_500_000

    def family(self, *, ended: bool = False) -> int:
        """A request."""
        self.request += 1
        columns = {"jurisdiction_id": 1, "inquirer_id": 1, "relation": "mother"}
        self.stage.plant("families_tracingrequest", id=self.request, **columns, **self.by)
        if ended:
            self.stage.plant(
                "families_requestend", request_id=self.request, reason="withdrawn", kept_id=None, note="x", **self.by
            )
        return self.request

    def relative(self, request: int, *, until: str = "2011-07-20", consent: bool = True, withdrawn: bool = False) -> int:
        """Somebody of a family, who agreed or not."""
        self.bench.request = request
        return self.bench.relative(until=until, consent=consent, withdrawn=withdrawn)

    def relatives_kit(self, relative: int, *, typed: bool = True, laboratory: int = 0) -> int:
        """Their sample."""
        kit = self.bench.kit(relative=relative, laboratory=laboratory)
        if typed:
            self.profile("relativeprofile", kit)
        return kit

    def child(self, how: str = "") -> int:
        """A child in a home, or a record of which this was said (`RECORDS`)."""
        return self.record(how)[1] if how else self.stage.plant_child(f"matched {self.stage.ids}", *WAYS["welfare_institution"])

    def record(self, how: str) -> tuple[int, int]:
        """A child, and a record of whose steps towards it some were confirmed."""
        kept, record = self.child(), self.child()
        for kind, confirmed in RECORDS[how]:
            columns = {"kept_id": kept, "absorbed_id": record, "reason": "x", "at": AT, "proposed_by_id": 1}
            step = self.stage.plant("children_mergestep", kind=kind, **columns)
            if confirmed:
                self.stage.plant("children_mergeconfirmation", step_id=step, siblings_id=None, by_id=1, at=AT)
        return kept, record

    def childs_kit(self, child: int, *, typed: bool = True, laboratory: int = 0) -> int:
        """A child's sample."""
        kit = self.stage.plant(
            "laboratory_kit", relative_id=None, child_id=child, laboratory_id=laboratory or self.here, replaces_id=None,
            second=False, **self.by,
        )  # fmt: skip
        if typed:
            self.profile("childprofile", kit)
        return kit

    def profile(self, table: str, kit: int) -> int:
        """What a sample showed."""
        told = {"panel": "", "loci": 20, "sealed": nothing(), "file_id": None, "by_id": 1, "at": AT}
        return self.stage.plant(f"laboratory_{table}", kit_id=kit, n=1, **told)

    def dossier(self, request: int, n: int = 1, at: str = AT) -> int:
        """What is compared of a request."""
        return self.stage.plant("matching_dossier", request_id=request, n=n, digest="x", at=at)

    def sample(self, dossier: int, relative: int, kit: int) -> int:
        """Somebody in it."""
        return self.stage.plant("matching_dossiersample", dossier_id=dossier, relative_id=relative, kit_id=kit, n=1)

    def search(self, child: int, kit: int, n: int = 1) -> int:
        """A child was compared."""
        return self.stage.plant("matching_search", **self.search_columns(child, kit, n))

    def search_columns(self, child: int, kit: int, n: int = 1) -> dict[str, Any]:
        """Of a search."""
        told = {"families": 9, "index": "x", "version": "x", "found": 1, "at": AT}
        return {"child_id": child, "kit_id": kit, "n": n} | told

    def candidate_columns(self, pair: Pair, **more: Any) -> dict[str, Any]:
        """Of a candidate."""
        told = {"data": "y", "rank": 1, "gate": "report", "at": AT}
        of = {"search_id": pair.search, "child_id": pair.child, "request_id": pair.request, "dossier_id": pair.dossier}
        return of | told | more

    def pair(self, *, child: str | int = "", ended: bool = False, there: str = "", **consent: Any) -> Pair:
        """A candidate with everything that it rests on; `there`: whose sample the other laboratory has."""
        request = self.family(ended=ended)
        relative = self.relative(request, **consent)
        kit = self.relatives_kit(relative, laboratory=self.there if "relative" in there else 0)
        one = child if isinstance(child, int) else self.child(child)
        child_kit = self.childs_kit(one, laboratory=self.there if "child" in there else 0)
        dossier = self.dossier(request)
        sample = self.sample(dossier, relative, kit)
        made = Pair(request, relative, kit, one, child_kit, dossier, sample, self.search(one, child_kit), 0)
        made.candidate = self.stage.plant("matching_candidate", **self.candidate_columns(made) | {"data": "x"})
        return made

    def read(self, pair: Pair, *conclusions: str, by: tuple[int, ...] = ()) -> None:
        """These analysts have read it."""
        for n, conclusion in enumerate(conclusions, 1):
            who = by[n - 1] if by else 900_000 + n
            told = {"n": n, "conclusion": conclusion, "note": "", "by_id": who, "at": AT}
            self.stage.plant("matching_reading", candidate_id=pair.candidate, **told)

    def checked(self, pair: Pair, agrees: bool = True) -> None:
        """Second samples were compared."""
        told = {"child_kit_id": 1, "relative_kit_id": 1, "agrees": agrees, "at": AT}
        self.stage.plant("matching_secondcheck", candidate_id=pair.candidate, **told)

    def confirmed(self, pair: Pair) -> int:
        """The head of the laboratory confirmed it."""
        return self.stage.plant("matching_confirmation", candidate_id=pair.candidate, note="", by_id=self.head, at=AT)

    def taken_back(self, confirmation: int) -> int:
        """And took it back."""
        told = {"confirmation_id": confirmation, "reason": "x", "by_id": self.head, "at": AT}
        return self.stage.plant("matching_confirmationend", **told)

    def end(self, pair: Pair, reason: str = "superseded") -> str:
        """SQL: it ends."""
        return insert("matching_candidateend", candidate_id=pair.candidate, reason=reason, by_id=None, at=AT)


def matching(stage: Stage) -> Iterator[Case]:
    """Of every guard of candidates."""
    cast = Cast(stage)
    other = cast.pair()
    yield judged("matching_due_update_gate", "changed", "append_only", _due(cast, other), "UPDATE matching_due SET at = at")
    yield from _dossiers(cast, other)
    yield from _searches(cast)
    yield from _candidates(cast, other)
    yield from _checks(cast, other)
    yield from _details(cast, other)
    yield from _reports(cast, other)
    yield from _ends(cast, other)
    yield from _readings(cast, other)
    yield from _confirmations(cast, other)


def _due(cast: Cast, pair: Pair) -> str:
    return insert("matching_due", child_id=pair.child, request_id=None, at=AT)


def _dossiers(cast: Cast, other: Pair) -> Iterator[Case]:
    def case(name: str, code: str, *, relative: int = 0, kit: int = 0, dossier: int = 0, n: int = 1) -> Case:
        told = {"dossier_id": dossier, "relative_id": relative, "kit_id": kit, "n": n}
        return judged("matching_dossiersample_insert_gate", name, code, insert("matching_dossiersample", **told))

    request = cast.family()
    dossier = cast.dossier(request)
    mine = cast.relative(request)
    kit = cast.relatives_kit(mine)
    sister = cast.relative(request)
    yield case("legal", "", relative=mine, kit=kit, dossier=dossier)
    yield case("another's kit", "other_person", relative=sister, kit=kit, dossier=dossier)
    yield case("of another family", "other_person", relative=other.relative, kit=other.kit, dossier=dossier)
    yield case("in another family's", "other_person", relative=mine, kit=kit, dossier=other.dossier)
    yield case("a child's", "other_person", relative=mine, kit=other.child_kit, dossier=dossier)
    yield case("no kit", "other_person", relative=mine, kit=999_999, dossier=dossier)
    yield case("no dossier", "other_person", relative=mine, kit=kit, dossier=999_999)
    yield case("never typed", "nothing_there", relative=mine, kit=cast.relatives_kit(mine, typed=False), dossier=dossier)
    yield case("typed once, not twice", "nothing_there", relative=mine, kit=kit, dossier=dossier, n=2)
    for name, consent in (
        ("nobody agreed", {"consent": False}),
        ("withdrawn", {"withdrawn": True}),
        ("over yesterday", {"until": "2011-07-19"}),
    ):
        relative = cast.relative(request, **consent)  # type: ignore[arg-type]
        yield case(name, "no_consent", relative=relative, kit=cast.relatives_kit(relative), dossier=dossier)
    late = cast.dossier(request, 2, LATER)
    yield case("over when it was made", "no_consent", relative=mine, kit=kit, dossier=late)


def _searches(cast: Cast) -> Iterator[Case]:
    def case(name: str, code: str, child: int, kit: int, n: int = 1) -> Case:
        told = insert("matching_search", **cast.search_columns(child, kit, n))
        return judged("matching_search_insert_gate", name, code, told)

    child = cast.child()
    kit = cast.childs_kit(child)
    yield case("legal", "", child, kit)
    for how in RECORDS:
        kept, record = cast.record(how)
        yield case(f"of a record {how}", "" if how in AWAY else "other_person", kept, cast.childs_kit(record))
        yield case(f"as a record {how}", "other_person", record, cast.childs_kit(kept))
    yield case("of another child", "other_person", cast.child(), kit)
    yield case("of another child's record", "other_person", child, cast.childs_kit(cast.record("merged")[1]))
    yield case("never typed", "other_person", child, cast.childs_kit(child, typed=False))
    yield case("typed once, not twice", "other_person", child, kit, 2)


def _candidates(cast: Cast, other: Pair) -> Iterator[Case]:
    def case(name: str, code: str, pair: Pair, *before: str, **more: Any) -> Case:
        told = insert("matching_candidate", **cast.candidate_columns(pair, **more))
        return judged("matching_candidate_insert_gate", name, code, *before, told)

    pair = cast.pair()
    yield case("legal", "", pair)
    yield case("of another child's search", "other_search", pair, search_id=other.search)
    yield case("of no search", "other_search", pair, search_id=999_999)
    yield case("of another family's dossier", "dossier_old", pair, dossier_id=other.dossier)
    older = cast.pair()
    cast.sample(cast.dossier(older.request, 2), older.relative, older.kit)
    yield case("of an old dossier", "dossier_old", older)
    empty = cast.pair()
    yield case("of nobody", "nobody_typed", empty, dossier_id=cast.dossier(empty.request, 2))
    yield case("nobody agreed", "no_consent", cast.pair(consent=False))
    yield case("withdrawn", "no_consent", cast.pair(withdrawn=True))
    yield case("over yesterday", "no_consent", cast.pair(until="2011-07-19"))
    yield case("over the day after", "no_consent", pair, at=LATER)
    two = cast.pair()
    sister = cast.relative(two.request, withdrawn=True)
    cast.sample(two.dossier, sister, cast.relatives_kit(sister))
    yield case("one of two withdrew", "no_consent", two)
    yield case("taken back", "request_over", cast.pair(ended=True))
    for how in RECORDS:
        yield case(f"of a record {how}", "merged_away" if how in AWAY else "", cast.pair(child=how))


def _checks(cast: Cast, other: Pair) -> Iterator[Case]:
    def case(name: str, code: str, pair: Pair, child: int | None, relative: int | None, agrees: bool, *before: str) -> Case:
        told = {"candidate_id": pair.candidate, "child_kit_id": child, "relative_kit_id": relative, "agrees": agrees, "at": AT}
        return judged("matching_secondcheck_insert_gate", name, code, *before, insert("matching_secondcheck", **told))

    pair = cast.pair()
    child, relative = cast.childs_kit(pair.child), cast.relatives_kit(pair.relative)
    yield case("agrees", "", pair, child, relative, True)
    for how in RECORDS:
        kept, record = cast.record(how)
        of = cast.pair(child=kept)
        second = cast.relatives_kit(of.relative)
        yield case(f"of a record {how}", "" if how in AWAY else "not_a_second", of, cast.childs_kit(record), second, True)
    second = cast.relatives_kit(other.relative)
    yield case("of another child's record", "not_a_second", pair, cast.childs_kit(cast.record("merged")[1]), relative, True)
    yield case("the second of a relative in another family", "not_a_second", pair, child, second, True)
    yield case("the child's differs", "", pair, child, None, False)
    yield case("the relative's differs", "", pair, None, relative, False)
    yield case("over", "candidate_over", pair, child, relative, True, cast.end(pair))
    yield case("another is over", "", pair, child, relative, True, cast.end(other))
    yield case("the child's first again", "not_a_second", pair, pair.child_kit, relative, True)
    yield case("another child's", "not_a_second", pair, other.child_kit, relative, True)
    yield case("the child's, not typed", "not_a_second", pair, cast.childs_kit(pair.child, typed=False), relative, True)
    yield case("no kit for the child", "not_a_second", pair, 999_999, relative, True)
    yield case("the relative's first again", "not_a_second", pair, child, pair.kit, True)
    yield case("another relative's", "not_a_second", pair, child, other.kit, True)
    stranger = cast.relative(pair.request)
    yield case("of one who was not compared", "not_a_second", pair, child, cast.relatives_kit(stranger), True)
    yield case("the relative's, not typed", "not_a_second", pair, child, cast.relatives_kit(pair.relative, typed=False), True)
    yield case("no kit for the relative", "not_a_second", pair, child, 999_999, True)
    yield case("agrees by the child's alone", "not_a_second", pair, child, None, True)
    yield case("agrees by the relative's alone", "not_a_second", pair, None, relative, True)
    yield case("agrees by nothing", "not_a_second", pair, None, None, True)
    yield case("both, and differs", "not_a_second", pair, child, relative, False)
    yield case("of no candidate", "not_a_second", Pair(0, 0, 0, 0, 0, 0, 0, 0, 999_999), child, relative, True)


def _details(cast: Cast, other: Pair) -> Iterator[Case]:
    table = "matching_candidatedetail"

    def detail(pair: Pair, pk: int = 792_001) -> str:
        return insert(table, id=pk, candidate_id=pair.candidate, sealed=nothing())

    def tomb(pair: Pair) -> str:
        return insert("matching_detailerasure", candidate_id=pair.candidate, by_id=None, at=AT)

    def ends(of: str) -> str:
        return insert("vault_datakeyend", of=of, by_id=None, at=AT)

    pair = cast.pair()
    gone = f"DELETE FROM {table} WHERE candidate_id = {pair.candidate}"
    for one in (pair, other):
        cast.bench.key(f"candidate:{one.candidate}")
    yield judged(
        f"{table}_update_gate", "changed", "append_only", detail(pair), f"UPDATE {table} SET candidate_id = candidate_id"
    )
    yield judged(f"{table}_delete_gate", "with its tombstone", "", detail(pair), tomb(pair), gone)
    yield judged(f"{table}_delete_gate", "without", "consent_stands", detail(pair), gone)
    yield judged(f"{table}_delete_gate", "with another's", "consent_stands", detail(pair), tomb(other), gone)
    name = f"{table}_insert_gate"
    yield judged(name, "new", "", detail(pair))
    yield judged(name, "beside another", "", detail(other, 792_002), detail(pair))
    yield judged(name, "in the place of another", "already_there", detail(other), detail(pair))
    yield judged(name, "a second one", "already_there", detail(pair, 792_002), detail(pair))
    yield judged(name, "after its tombstone", "candidate_over", tomb(pair), detail(pair))
    yield judged(name, "after another's tombstone", "", tomb(other), detail(pair))
    yield judged(name, "without a key", "key_unknown", detail(cast.pair()))
    left = cast.pair(withdrawn=True)
    name = "matching_detailerasure_insert_gate"
    yield judged(name, "who withdrew", "", tomb(left))
    yield judged(name, "who never agreed", "", tomb(cast.pair(consent=False)))
    yield judged(name, "who agrees", "consent_stands", tomb(pair))
    yield judged(name, "of no candidate", "consent_stands", tomb(Pair(0, 0, 0, 0, 0, 0, 0, 0, 999_999)))
    again = cast.pair(withdrawn=True)
    paper = {"purpose": "search", "scope": "x", "given_by": "x", "signed_on": "2011-07-01", "until": "2011-07-20", "form": "x"}
    cast.stage.plant("families_consent", relative_id=again.relative, **paper, **cast.by)
    yield judged(name, "who withdrew one of two", "consent_stands", tomb(again))
    name = "vault_datakeyend_insert_matching"
    yield judged(name, "with its tombstone", "", tomb(pair), ends(f"candidate:{pair.candidate}"))
    yield judged(name, "without", "key_in_use", ends(f"candidate:{pair.candidate}"))
    yield judged(name, "with another's", "key_in_use", tomb(other), ends(f"candidate:{pair.candidate}"))
    yield judged(name, "another kind of key", "", ends("relative:1:1"))


def _reports(cast: Cast, other: Pair) -> Iterator[Case]:
    table, bench = "matching_kinshipreport", cast.bench

    def report(pair: Pair, n: int = 1, pk: int = 793_001, by: int = 0) -> str:
        told = {"n": n, "sealed": nothing(), "made_by": "{}", "digests": "{}", "by_id": by or cast.head, "at": AT}
        return insert(table, id=pk, candidate_id=pair.candidate, **told)

    def tomb(pair: Pair) -> str:
        return insert("matching_detailerasure", candidate_id=pair.candidate, by_id=None, at=AT)

    def ready(*conclusions: str, key: bool = True, **more: Any) -> Pair:
        pair = cast.pair(**more)
        cast.read(pair, *(conclusions or ("supports", "excludes")))
        if key:
            bench.key(f"candidate:{pair.candidate}")
        return pair

    pair = ready()
    gone = f"DELETE FROM {table} WHERE candidate_id = {pair.candidate}"
    yield judged(f"{table}_update_gate", "changed", "append_only", report(pair), f"UPDATE {table} SET n = n")
    yield judged(f"{table}_delete_gate", "with its tombstone", "", report(pair), tomb(pair), gone)
    yield judged(f"{table}_delete_gate", "without", "consent_stands", report(pair), gone)
    yield judged(f"{table}_delete_gate", "with another's", "consent_stands", report(pair), tomb(other), gone)
    name = f"{table}_insert_gate"
    yield judged(name, "the first", "", report(pair))
    yield judged(name, "the second", "", report(pair), report(pair, 2, 793_002))
    yield judged(name, "beside another's", "", report(ready(), 1, 793_002), report(pair))
    yield judged(name, "in the place of another", "already_there", report(ready()), report(pair))
    yield judged(name, "the second first", "not_last", report(pair, 2))
    yield judged(name, "the first again", "not_last", report(pair), report(pair, 1, 793_002))
    yield judged(name, "after its tombstone", "candidate_over", tomb(pair), report(pair))
    yield judged(name, "after another's tombstone", "", tomb(other), report(pair))
    for role in Role:
        who = bench.staff(f"p {role}", cast.here, str(role))
        yield judged(name, f"by a {role}", "" if role is Role.LAB_SUPERVISOR else "not_allowed", report(pair, by=who))
    yield judged(name, "by nobody", "not_allowed", report(pair, by=999_999))
    yield judged(name, "by somebody who left", "not_allowed", bench.left(cast.head), report(pair))
    yield judged(name, "somebody else left", "", bench.left(bench.second), report(pair))
    yield judged(name, "of other laboratories", "not_allowed", report(ready(there="child relative")))
    yield judged(name, "of the child's laboratory", "", report(ready(there="relative")))
    yield judged(name, "of the relative's laboratory", "", report(ready(there="child")))
    yield judged(name, "read by one", "not_read", report(ready("supports")))
    yield judged(name, "read by nobody", "not_read", report(cast.pair()))
    yield judged(name, "without a key", "key_unknown", report(ready(key=False)))


def _ends(cast: Cast, other: Pair) -> Iterator[Case]:
    def case(name: str, code: str, pair: Pair, reason: str, *before: str) -> Case:
        return judged("matching_candidateend_insert_gate", name, code, *before, cast.end(pair, reason))

    pair, left = cast.pair(), cast.pair(withdrawn=True)
    yield case("withdrawn", "", left, "withdrawn")
    yield case("withdrawn, and agrees", "consent_stands", pair, "withdrawn")
    differs, agrees = cast.pair(), cast.pair()
    cast.checked(differs, False)
    cast.checked(agrees)
    yield case("refuted", "", differs, "refuted")
    yield case("refuted, unchecked", "not_refuted", pair, "refuted")
    yield case("refuted, and the check agrees", "not_refuted", agrees, "refuted")
    yield case("superseded, nothing changed", "nothing_changed", pair, "superseded")
    yield case("superseded, no candidate", "nothing_changed", Pair(0, 0, 0, 0, 0, 0, 0, 0, 999_999), "superseded")
    for how in RECORDS:
        away = "" if how in AWAY else "nothing_changed"
        yield case(f"superseded, a record {how}", away, cast.pair(child=how), "superseded")
    newer = cast.pair()
    cast.dossier(newer.request, 2)
    yield case("superseded, another dossier", "", newer, "superseded")
    for name, code, same in (("another sample", "", False), ("the same sample", "nothing_changed", True)):
        again = cast.pair()
        cast.search(again.child, again.child_kit if same else cast.childs_kit(again.child))
        yield case(f"superseded, searched with {name}", code, again, "superseded")
    retyped = cast.pair()
    cast.search(retyped.child, retyped.child_kit, 2)
    yield case("superseded, searched as typed again", "", retyped, "superseded")
    late = cast.pair()
    cast.stage.plant(
        "matching_search", **cast.search_columns(late.child, cast.childs_kit(late.child)) | {"id": late.search - 200_000}
    )
    yield case("superseded, searched otherwise before", "nothing_changed", late, "superseded")
    back, held = cast.pair(), cast.pair()
    cast.confirmed(held)
    cast.taken_back(cast.confirmed(cast.pair()))
    yield case("superseded, confirmed", "nothing_changed", held, "superseded")
    cast.taken_back(cast.confirmed(back))
    yield case("superseded, the confirmation taken back", "", back, "superseded")


def _readings(cast: Cast, other: Pair) -> Iterator[Case]:
    name = "matching_reading_insert_gate"
    bench = cast.bench

    def case(title: str, code: str, pair: Pair, n: int, by: int, *before: str) -> Case:
        told = {"candidate_id": pair.candidate, "n": n, "conclusion": "supports", "note": "", "by_id": by, "at": AT}
        return judged(name, title, code, *before, insert("matching_reading", **told))

    pair = cast.pair()
    yield case("the first", "", pair, 1, bench.analyst)
    yield case("over", "candidate_over", pair, 1, bench.analyst, cast.end(pair))
    yield case("another is over", "", pair, 1, bench.analyst, cast.end(other))
    for role in Role:
        who = bench.staff(f"r {role}", cast.here, str(role))
        yield case(f"by a {role}", "" if role is Role.ANALYST else "not_allowed", pair, 1, who)
    yield case("by nobody", "not_allowed", pair, 1, 999_999)
    yield case("by somebody who left", "not_allowed", pair, 1, bench.analyst, bench.left(bench.analyst))
    yield case("somebody else left", "", pair, 1, bench.analyst, bench.left(bench.second))
    yield case("of a laboratory without a sample", "not_allowed", pair, 1, bench.elsewhere)
    yield case("of the child's laboratory", "", cast.pair(there="child"), 1, bench.elsewhere)
    yield case("of the relative's laboratory", "", cast.pair(there="relative"), 1, bench.elsewhere)
    yield case("here, of the child's alone", "", cast.pair(there="relative"), 1, bench.analyst)
    yield case("here, of the relative's alone", "", cast.pair(there="child"), 1, bench.analyst)
    yield case("here, of neither", "not_allowed", cast.pair(there="child relative"), 1, bench.analyst)
    yield case("of no candidate", "not_allowed", Pair(0, 0, 0, 0, 0, 0, 0, 0, 999_999), 1, bench.analyst)
    yield case("the second first", "not_last", pair, 2, bench.analyst)
    once, differ, agree = cast.pair(), cast.pair(), cast.pair()
    cast.read(once, "supports")
    cast.read(differ, "supports", "excludes")
    cast.read(agree, "supports", "supports")
    yield case("the second", "", once, 2, bench.analyst)
    yield case("the first again", "not_last", once, 1, bench.analyst)
    yield case("the third, where two differ", "", differ, 3, bench.analyst)
    yield case("the third, where two agree", "read_already", agree, 3, bench.analyst)
    three = cast.pair()
    cast.read(three, "supports", "excludes", "supports")
    yield case("the fourth", "read_already", three, 4, bench.analyst)
    mine = cast.pair()
    cast.read(mine, "supports", by=(bench.analyst,))
    twin = bench.staff("twin", cast.here, papers=bench.papers(bench.analyst))
    yield case("the second by the same, under another number", "self_approval", mine, 2, twin)
    yield case("the second by one who is twice in the register", "", once, 2, twin)
    yield case("the second by the same", "self_approval", mine, 2, bench.analyst)
    theirs = cast.pair()
    cast.read(theirs, "supports", by=(bench.second,))
    yield case("the second by a colleague", "", theirs, 2, bench.analyst)


def _confirmations(cast: Cast, other: Pair) -> Iterator[Case]:
    bench = cast.bench
    cast.read(other, "supports", "supports")
    cast.checked(other)

    def ready(*conclusions: str, check: bool = True, by: tuple[int, ...] = (), **more: Any) -> Pair:
        pair = cast.pair(**more)
        cast.read(pair, *(conclusions or ("supports", "supports")), by=by)
        if check:
            cast.checked(pair)
        return pair

    def case(title: str, code: str, pair: Pair, *before: str, by: int = 0, at: str = AT) -> Case:
        told = {"candidate_id": pair.candidate, "note": "", "by_id": by or cast.head, "at": at}
        return judged("matching_confirmation_insert_gate", title, code, *before, insert("matching_confirmation", **told))

    pair = ready()
    yield case("legal", "", pair)
    yield case("over", "candidate_over", pair, cast.end(pair))
    yield case("another is over", "", pair, cast.end(cast.pair()))
    for role in Role:
        who = bench.staff(f"c {role}", cast.here, str(role))
        yield case(f"by a {role}", "" if role is Role.LAB_SUPERVISOR else "not_allowed", pair, by=who)
    yield case("by nobody", "not_allowed", pair, by=999_999)
    yield case("by somebody who left", "not_allowed", pair, bench.left(cast.head))
    yield case("somebody else left", "", pair, bench.left(bench.second))
    yield case("of no laboratory concerned", "not_allowed", ready(there="child relative"))
    yield case("of the child's laboratory", "", ready(there="relative"))
    yield case("of the relative's laboratory", "", ready(there="child"))
    yield case("by who read it", "self_approval", ready(by=(cast.head, bench.second)))
    boss = bench.staff("boss", cast.here, "lab_supervisor", papers=bench.papers(bench.second))
    yield case("by who read it, under another number", "self_approval", ready(by=(bench.analyst, bench.second)), by=boss)
    yield case("by who is twice in the register", "", pair, by=boss)
    yield case("read by colleagues", "", ready(by=(bench.analyst, bench.second)))
    cast.read(cast.pair(), "supports", by=(cast.head,))
    yield case("by who read another", "", pair)
    yield case("unread", "not_supported", cast.pair())
    yield case("one supports", "not_supported", ready("supports"))
    yield case("one of two supports", "not_supported", ready("supports", "excludes"))
    yield case("two exclude", "not_supported", ready("excludes", "excludes"))
    yield case("two of three", "", ready("supports", "excludes", "supports"))
    yield case("no second samples", "second_missing", ready(check=False))
    wrong = ready(check=False)
    cast.checked(wrong, False)
    yield case("second samples differ", "second_missing", wrong)
    both = ready()
    cast.checked(both, False)
    yield case("some agree and some differ", "second_differs", both)
    yield case("withdrawn", "no_consent", ready(withdrawn=True))
    yield case("over the day after", "no_consent", pair, at=LATER)
    yield case("taken back", "request_over", ready(ended=True))
    for how in RECORDS:
        yield case(f"of a record {how}", "merged_away" if how in AWAY else "", ready(child=how))
    confirmed = cast.stage.plant("matching_confirmation", candidate_id=ready().candidate, note="", by_id=cast.head, at=AT)
    whose = {
        there: cast.stage.plant(
            "matching_confirmation", candidate_id=ready(there=there).candidate, note="", by_id=cast.head, at=AT
        )
        for there in ("child", "relative", "child relative")
    }

    def taken(title: str, code: str, of: int, *before: str, by: int = 0) -> Case:
        told = {"confirmation_id": of, "reason": "x", "by_id": by or cast.head, "at": AT}
        return judged("matching_confirmationend_insert_gate", title, code, *before, insert("matching_confirmationend", **told))

    yield taken("legal", "", confirmed)
    yield taken("of other laboratories", "not_allowed", whose["child relative"])
    yield taken("of the child's laboratory", "", whose["relative"])
    yield taken("of the relative's laboratory", "", whose["child"])
    yield taken("by an analyst", "not_allowed", confirmed, by=bench.analyst)
    yield taken("by nobody", "not_allowed", confirmed, by=999_999)
    yield taken("by somebody who left", "not_allowed", confirmed, bench.left(cast.head))
    yield taken("somebody else left", "", confirmed, bench.left(bench.second))
    yield taken("of no confirmation", "not_allowed", 999_999)
    for title, code, one, two in (
        ("in order", "", 1, 2),
        ("the other way round", "same_person", 2, 1),
        ("one", "same_person", 1, 1),
    ):
        told = {"one_id": one, "other_id": two, "reason": "ages", "at": AT}
        yield judged("matching_freeze_insert_gate", title, code, insert("matching_freeze", **told))
