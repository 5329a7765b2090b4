"""What laboratories found: files, profiles, entries, and how a relative's go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, leaves, signed
from trust.gate.stage import AT, Stage, insert, nothing
from wayhome.casework.accounts.models import Staff
from wayhome.casework.accounts.rules import Role

DIGEST, OTHER_DIGEST = "a" * 64, "b" * 64
LATER = "2011-07-21 08:00:00"
A_CHILD = 799_999
"""Whose kits no case of another table meets."""


class Bench:
    """Two laboratories with their analysts, kits of a child and of relatives on every step, and what was found in them."""

    def __init__(self, stage: Stage, name: str = "results", request: int = 81_000_051, digests: str = "ab") -> None:
        self.stage, self.name = stage, name
        self.here = stage.world.agencies["laboratory"].pk
        self.there = stage.world.agencies["hospital_agency"].pk
        self.analyst, self.second = self.staff("here1", self.here), self.staff("here2", self.here)
        self.elsewhere = self.staff("there1", self.there)
        self.file, self.other_file = (
            self.lab_file(laboratory, 64 * digest) for laboratory, digest in zip((self.here, self.there), digests, strict=True)
        )
        officer = {"by_id": stage.staff("officer"), "at": AT}
        stage.plant(
            "families_tracingrequest",
            id=request,
            jurisdiction_id=stage.world.jurisdictions["GX"].pk,
            inquirer_id=stage.person["x"],
            relation="mother",
            **officer,
        )
        self.request = request
        self.nurse = self.staff("nurse", self.here, "nurse")
        self.kit(laboratory=self.there)

    def staff(self, name: str, agency: int, role: str = "analyst", papers: str = "") -> int:
        """Somebody of a laboratory; `papers` as those of somebody else: one person twice."""
        number = f"{self.name} {name}"
        names = {"number": number, "name": "x", "name_latin": "", "id_number": papers or number, "phone": "", "address": ""}
        return self.stage.plant(
            "accounts_staff", **names, agency_id=agency, role=role, registered_by_id=None, countersigned_by_id=None, at=AT
        )

    def papers(self, staff: int) -> str:
        """The number of somebody's papers."""
        return str(Staff.objects.values_list("id_number", flat=True).get(pk=staff))

    def lab_file(self, laboratory: int, sha256: str) -> int:
        """A file of a laboratory."""
        return self.stage.plant("laboratory_labfile", **self.file_columns(laboratory_id=laboratory, sha256=sha256))

    def file_columns(self, **more: Any) -> dict[str, Any]:
        """Of a file."""
        told = {"name": "x", "format": "x", "sha256": "c" * 64, "size": 1, "signature": None}
        return {"laboratory_id": self.here, "by_id": self.analyst, "at": AT} | told | more

    def relative(self, *, until: str = "2011-07-20", consent: bool = True, withdrawn: bool = False) -> int:
        """A relative who agreed, or not, or not any more."""
        by = {"by_id": self.stage.staff("officer"), "at": AT}
        made = self.stage.plant("families_relative", request_id=self.request, sex="F", missing=False, **by)
        if consent:
            told = {"purpose": "search", "scope": "x", "given_by": "x", "signed_on": "2011-07-01", "form": "x"}
            given = self.stage.plant("families_consent", relative_id=made, until=until, **told, **by)
            if withdrawn:
                self.stage.plant("families_consentwithdrawal", consent_id=given, reason="", **by)
        return made

    def kit(self, *hops: str, relative: int | None = None, laboratory: int = 0) -> int:
        """A kit, of a child if of nobody else, and what happened to it."""
        child = None if relative else A_CHILD
        by = {"by_id": self.stage.staff("officer"), "at": AT}
        made = self.stage.plant(
            "laboratory_kit",
            relative_id=relative,
            child_id=child,
            laboratory_id=laboratory or self.here,
            replaces_id=None,
            second=False,
            **by,
        )
        for n, kind in enumerate(hops or ("taken", "sent", "received"), 1):
            told = {"place": "x", "witness_id": None, "note": ""}
            self.stage.plant("laboratory_kithop", kit_id=made, n=n, kind=kind, **told, **by)
        return made

    def key(self, of: str) -> None:
        """A key of this name is there."""
        self.stage.plant("vault_datakey", of=of, house_key_id="x", wrapped=nothing(), at=AT)

    def profile(self, table: str, kit: int, n: int = 1, **more: Any) -> str:
        """A profile comes in."""
        told = {"panel": "", "loci": 20, "sealed": nothing(), "file_id": self.file, "by_id": self.analyst, "at": AT}
        return insert(f"laboratory_{table}", kit_id=kit, n=n, **(told | more))

    def typed(self, kit: int, *by: int) -> None:
        """These people have typed it, one after the other."""
        for n, who in enumerate(by, 1):
            told = {"panel": "", "sealed": nothing(), "by_id": who, "at": AT}
            self.stage.plant("laboratory_entry", kit_id=kit, n=n, **told)

    def left(self, who: int) -> str:
        """Somebody leaves the service."""
        return insert("accounts_staffend", staff_id=who, reason="x", registered_by_id=1, countersigned_by_id=2, at=AT)

    def entry(self, kit: int, n: int, by: int, **more: Any) -> str:
        """Somebody types a profile."""
        return insert("laboratory_entry", kit_id=kit, n=n, panel="", sealed=nothing(), by_id=by, **({"at": AT} | more))


def results(stage: Stage) -> Iterator[Case]:
    """Of every guard of results."""
    bench = Bench(stage)
    yield from _registers(bench)
    yield from _files(bench)
    yield from _child_profiles(bench)
    yield from _relative_profiles(bench)
    yield from _entries(bench)
    yield from _verdicts(bench)
    yield from _flags(bench)
    yield from _looks(bench)
    yield from _originals(bench)
    yield from _erasures(bench)


def _registers(bench: Bench) -> Iterator[Case]:
    stage = bench.stage
    both = signed(stage)
    who, other = stage.staff("nurse"), stage.staff("doctor")

    def key(**more: Any) -> str:
        return insert("laboratory_labkey", **({"laboratory_id": bench.here, "public": nothing(), "at": AT} | both | more))

    def profile(n: int = 1, staff: int = who, **more: Any) -> str:
        told = {"staff_id": staff, "n": n, "loci": 20, "sealed": nothing(), "at": AT}
        return insert("laboratory_staffprofile", **(told | both | more))

    def tomb(n: int = 1, staff: int = who, **more: Any) -> str:
        return insert("laboratory_staffprofileend", **({"staff_id": staff, "n": n, "at": AT} | both | more))

    for n in (1, 2):
        bench.key(f"staff:{who}:{n}")
    bench.key(f"staff:{other}:1")
    for table, write, before in (
        ("laboratory_labkey", key, ()),
        ("laboratory_staffprofile", profile, ()),
        ("laboratory_staffprofileend", tomb, (profile(),)),
    ):
        for name, code, more, first in (
            ("by both", "", {}, ()),
            ("by one twice", "two_registrars", {"countersigned_by_id": both["registered_by_id"]}, ()),
            ("by an officer first", "two_registrars", {"registered_by_id": stage.staff("officer")}, ()),
            ("by an officer second", "two_registrars", {"countersigned_by_id": stage.staff("officer")}, ()),
            ("by nobody first", "two_registrars", {"registered_by_id": 999_999}, ()),
            ("by nobody second", "two_registrars", {"countersigned_by_id": 999_999}, ()),
            ("the first left", "two_registrars", {}, (leaves(stage, "registrar"),)),
            ("the second left", "two_registrars", {}, (leaves(stage, "registrar1"),)),
            ("somebody else left", "", {}, (leaves(stage, "doctor"),)),
        ):
            yield judged(f"{table}_insert_gate", name, code, *before, *first, write(**more))
    police = stage.world.agencies["police"].pk
    yield judged("laboratory_labkey_insert_gate", "of no laboratory", "not_a_laboratory", key(laboratory_id=police))
    yield judged("laboratory_labkey_insert_gate", "of nobody", "not_a_laboratory", key(laboratory_id=999_999))
    made = "laboratory_staffprofile_insert_gate"
    yield judged(made, "without a key", "key_unknown", profile(3))
    yield judged(made, "with another's key", "key_unknown", profile(2, other))
    new = "laboratory_staffprofile_insert_a_new_row"
    yield judged(new, "new", "", profile())
    yield judged(new, "the second", "", profile(), profile(2))
    yield judged(new, "of another", "", profile(), profile(staff=other))
    yield judged(new, "the same place", "already_there", profile(), profile())
    yield judged(new, "the same row", "already_there", profile(id=794_001), profile(2, id=794_001))
    here = f"WHERE staff_id = {who} AND n = 1"
    changed = f"UPDATE laboratory_staffprofile SET n = n {here}"
    yield judged("laboratory_staffprofile_update_gate", "changed", "append_only", profile(), changed)
    gone, name = f"DELETE FROM laboratory_staffprofile {here}", "laboratory_staffprofile_delete_gate"
    yield judged(name, "with its tombstone", "", profile(), tomb(), gone)
    yield judged(name, "without", "consent_stands", profile(), gone)
    yield judged(name, "with another time's", "consent_stands", profile(), profile(2), tomb(2), gone)
    yield judged(name, "with another's", "consent_stands", profile(), profile(staff=other), tomb(staff=other), gone)
    end = "laboratory_staffprofileend_insert_gate"
    yield judged(end, "of nothing", "nothing_there", tomb())
    yield judged(end, "of another's", "nothing_there", profile(staff=other), tomb())
    yield judged(end, "of another time", "nothing_there", profile(2), tomb())

    def ended(n: int = 1) -> str:
        return insert("vault_datakeyend", of=f"staff:{who}:{n}", by_id=None, at=AT)

    keys = "vault_datakeyend_insert_laboratory"
    yield judged(keys, "a member of staff's, erased", "", profile(), tomb(), ended())
    yield judged(keys, "a member of staff's, not erased", "key_in_use", profile(), ended())
    yield judged(keys, "a member of staff's, another time erased", "key_in_use", profile(2), tomb(2), ended())


def _files(bench: Bench) -> Iterator[Case]:
    stage = bench.stage

    def case(name: str, code: str, *before: str, **more: Any) -> Case:
        return judged(
            "laboratory_labfile_insert_gate", name, code, *before, insert("laboratory_labfile", **bench.file_columns(**more))
        )

    def signs(laboratory: int) -> str:
        by = {"registered_by_id": 1, "countersigned_by_id": 1, "at": AT}
        return insert("laboratory_labkey", laboratory_id=laboratory, public=nothing(), **by)

    yield case("legal", "")
    for role in Role:
        who = bench.staff(f"as {role}", bench.here, str(role))
        yield case(f"by a {role}", "" if role is Role.ANALYST else "not_allowed", by_id=who)
    yield case("of another laboratory", "not_allowed", by_id=bench.elsewhere)
    yield case("by nobody", "not_allowed", by_id=999_999)
    yield case("by somebody who left", "not_allowed", bench.left(bench.analyst))
    yield case("somebody else left", "", bench.left(bench.second))
    yield case("unsigned by who signs", "signature_missing", signs(bench.here))
    yield case("signed by who signs", "", signs(bench.here), signature=nothing())
    yield case("unsigned where another signs", "", signs(bench.there))
    yield case("signed by who has no key", "", signature=nothing())
    del stage


def _common(bench: Bench, table: str, kind: str, make: Any) -> Iterator[Case]:
    """What holds for a child's profile and for a relative's."""
    guard = f"laboratory_{table}_insert_gate"

    def case(name: str, code: str, kit: int, n: int = 1, *before: str, key: int | None = None, **more: Any) -> Case:
        bench.key(f"{kind}:{kit}:{n if key is None else key}")
        return judged(guard, name, code, *before, bench.profile(table, kit, n, **more))

    def verdict(kit: int, differs: str = "[]", by: int = 0) -> str:
        bench.typed(kit, bench.second, by or bench.analyst)
        return insert("laboratory_entryverdict", kit_id=kit, n=2, differs=differs, at=AT)

    yield case("legal", "", make())
    yield case("taken and not sent", "kit_not_received", make("taken"))
    yield case("not begun", "kit_not_received", make("posted"))
    yield case("received, then refused", "kit_not_received", make("taken", "sent", "received", "refused"))
    yield case("by another laboratory's", "not_allowed", make(), by_id=bench.elsewhere)
    yield case("by an officer", "not_allowed", make(), by_id=bench.stage.staff("officer"))
    yield case("by a nurse of the laboratory", "not_allowed", make(), by_id=bench.nurse)
    yield case("by nobody", "not_allowed", make(), by_id=999_999)
    yield case("by somebody who left", "not_allowed", make(), 1, bench.left(bench.analyst))
    yield case("somebody else left", "", make(), 1, bench.left(bench.second))
    yield case("from another laboratory's file", "one_entry", make(), file_id=bench.other_file)
    theirs = make(laboratory=bench.there)
    yield case("from this laboratory's file, of another's kit", "one_entry", theirs, by_id=bench.elsewhere)
    yield case("from no file that is there", "one_entry", make(), file_id=999_999)
    yield case("from nothing", "one_entry", make(), file_id=None)
    kits = [make() for _ in range(9)]
    yield case("typed alike by two", "", kits[0], 1, verdict(kits[0]), file_id=None)
    yield case("typed otherwise", "one_entry", kits[1], 1, verdict(kits[1], '["D8S1179"]'), file_id=None)
    yield case("typed by others", "one_entry", kits[2], 1, verdict(kits[2], by=bench.elsewhere), file_id=None)
    yield case("typed of another sample", "one_entry", kits[3], 1, verdict(kits[4]), file_id=None)
    bench.typed(kits[5], bench.second, bench.analyst, bench.second, bench.second)
    fourth = insert("laboratory_entryverdict", kit_id=kits[5], n=4, differs="[]", at=AT)
    yield case("alike of others, and once apart", "one_entry", kits[5], 1, fourth, file_id=None)
    bench.typed(kits[7], bench.second, bench.analyst)
    yield case("judged of others", "one_entry", kits[6], 1, verdict(kits[6], by=bench.elsewhere), file_id=None)
    alike = verdict(kits[8])
    yield case("from another's file, and typed alike", "one_entry", kits[8], 1, alike, file_id=bench.other_file)
    yield case("without a key", "key_unknown", make(), key=7)
    yield case("the second first", "not_last", make(), 2)
    again, once = make(), make()
    told = {"panel": "", "loci": 20, "sealed": nothing(), "file_id": bench.file, "by_id": bench.analyst, "at": AT}
    bench.stage.plant(f"laboratory_{table}", kit_id=again, n=1, **told)
    bench.stage.plant(f"laboratory_{table}", kit_id=once, n=2, **told)
    yield case("the second", "", again, 2)
    yield case("the first again", "not_last", once, 1)


def _child_profiles(bench: Bench) -> Iterator[Case]:
    yield from _common(bench, "childprofile", "child", lambda *hops, **more: bench.kit(*hops, **more))
    kit = bench.kit(relative=bench.relative())
    bench.key(f"child:{kit}:1")
    name = "laboratory_childprofile_insert_gate"
    yield judged(name, "of a relative", "other_person", bench.profile("childprofile", kit))
    yield judged(name, "of no kit", "other_person", bench.profile("childprofile", 999_999))


def _relative_profiles(bench: Bench) -> Iterator[Case]:
    table, name = "relativeprofile", "laboratory_relativeprofile_insert_gate"
    yield from _common(bench, table, "relative", lambda *hops, **more: bench.kit(*hops, relative=bench.relative(), **more))

    def case(title: str, code: str, kit: int, *before: str, **more: Any) -> Case:
        bench.key(f"relative:{kit}:1")
        return judged(name, title, code, *before, bench.profile(table, kit, **more))

    yield case("of a child", "other_person", bench.kit())
    yield case("of no kit", "other_person", 999_999)
    yield case("nobody agreed", "no_consent", bench.kit(relative=bench.relative(consent=False)))
    yield case("withdrawn", "no_consent", bench.kit(relative=bench.relative(withdrawn=True)))
    yield case("over yesterday", "no_consent", bench.kit(relative=bench.relative(until="2011-07-19")))
    yield case("over the day after", "no_consent", bench.kit(relative=bench.relative()), at=LATER)
    yield from _staying(bench, table, "profile", lambda kit, n=1: bench.profile(table, kit, n))


def _staying(bench: Bench, table: str, what: str, write: Any) -> Iterator[Case]:
    """Of what stays, and goes with its tombstone alone."""
    kit, other = bench.kit(relative=bench.relative()), bench.kit(relative=bench.relative())
    full = f"laboratory_{table}"
    here = f"WHERE kit_id = {kit} AND n = 1"
    yield judged(f"{full}_update_gate", "changed", "append_only", write(kit), f"UPDATE {full} SET n = n {here}")

    def erased(of: int, n: int = 1, kind: str = what) -> str:
        return insert("laboratory_erasure", kit_id=of, what=kind, n=n, by_id=None, at=AT)

    gone, wrong = f"DELETE FROM {full} {here}", "entry" if what == "profile" else "profile"
    yield judged(f"{full}_delete_gate", "with its tombstone", "", write(kit), erased(kit), gone)
    yield judged(f"{full}_delete_gate", "without", "consent_stands", write(kit), gone)
    yield judged(f"{full}_delete_gate", "with another's", "consent_stands", write(kit), erased(other), gone)
    yield judged(f"{full}_delete_gate", "with another time's", "consent_stands", write(kit), erased(kit, 2), gone)
    yield judged(f"{full}_delete_gate", "with another kind's", "consent_stands", write(kit), erased(kit, kind=wrong), gone)
    new = f"{full}_insert_a_new_row"

    def numbered(pk: int, n: int) -> str:
        return write(kit, n).replace("(", '("id", ', 1).replace("VALUES (", f"VALUES ({pk}, ", 1)

    yield judged(new, "new", "", write(kit))
    yield judged(new, "another time", "", write(kit, 2), write(kit))
    yield judged(new, "of another", "", write(other), write(kit))
    yield judged(new, "the same place", "already_there", numbered(790_001, 1), numbered(790_002, 1))
    yield judged(new, "the same row", "already_there", numbered(790_001, 2), numbered(790_001, 1))


def _entries(bench: Bench) -> Iterator[Case]:
    name = "laboratory_entry_insert_gate"
    one, two = bench.analyst, bench.second
    twin = bench.staff("twin", bench.here, papers=bench.papers(one))

    def case(title: str, code: str, kit: int, n: int, by: int, *before: str, key: bool = True, **more: Any) -> Case:
        if key:
            bench.key(f"entry:{kit}:{n}")
        return judged(name, title, code, *before, bench.entry(kit, n, by, **more))

    def judged_before(kit: int, n: int = 2) -> str:
        return insert("laboratory_entryverdict", kit_id=kit, n=n, differs="[]", at=AT)

    def typed(relative: int | None, *by: int) -> int:
        made = bench.kit(relative=relative)
        bench.typed(made, *by)
        return made

    for whose, of in (("a child's", None), ("a relative's", bench.relative())):
        yield case(f"{whose}, the first", "", typed(of), 1, one)
        yield case(f"{whose}, the second", "", typed(of, one), 2, two)
        typed(of, two)
        yield case(f"{whose}, the second by the same", "same_person", typed(of, one), 2, one)
        yield case(f"{whose}, the second by the same, under another number", "same_person", typed(of, one), 2, twin)
        yield case(f"{whose}, the second by one who is twice in the register", "", typed(of, two), 2, twin)
        yield case(f"{whose}, the third unjudged", "entry_waiting", typed(of, one, two), 3, one)
        kit = typed(of, one, two)
        yield case(f"{whose}, the third", "", kit, 3, one, judged_before(kit))
        other = typed(of, one, two)
        yield case(f"{whose}, the third, another judged", "entry_waiting", typed(of, one, two), 3, one, judged_before(other))
        kit = typed(of, one, two, one, two)
        yield case(f"{whose}, the fifth, the first pair judged", "entry_waiting", kit, 5, one, judged_before(kit))
        yield case(f"{whose}, the fourth by who typed the first", "", typed(of, one, two, two), 4, one)
        yield case(f"{whose}, the fourth by who typed the third", "same_person", typed(of, two, one, one), 4, one)
        yield case(f"{whose}, one left out", "not_last", typed(of), 3, one)
        yield case(f"{whose}, without a key", "key_unknown", typed(of), 1, one, key=False)
    yield case("not received", "kit_not_received", bench.kit("taken", "sent"), 1, one)
    yield case("refused", "kit_not_received", bench.kit("sent", "received", "refused"), 1, one)
    yield case("another received", "kit_not_received", bench.kit("sent"), 1, one)
    yield case("elsewhere", "not_allowed", bench.kit(), 1, bench.elsewhere)
    yield case("by a nurse", "not_allowed", bench.kit(), 1, bench.nurse)
    yield case("by nobody", "not_allowed", bench.kit(), 1, 999_999)
    yield case("by somebody who left", "not_allowed", bench.kit(), 1, one, bench.left(one))
    yield case("somebody else left", "", bench.kit(), 1, one, bench.left(two))
    yield case("nobody agreed", "no_consent", bench.kit(relative=bench.relative(consent=False)), 1, one)
    yield case("withdrawn", "no_consent", bench.kit(relative=bench.relative(withdrawn=True)), 1, one)
    yield case("over the day after", "no_consent", bench.kit(relative=bench.relative()), 1, one, at=LATER)
    kit, other = bench.kit(relative=bench.relative()), bench.kit()
    tomb = insert("laboratory_erasure", kit_id=kit, what="profile", n=1, by_id=None, at=AT)
    yield case("erased once", "sample_withdrawn", kit, 1, one, tomb)
    yield case("another erased", "", other, 1, one, tomb)
    yield from _staying(bench, "entry", "entry", lambda kit, n=1: bench.entry(kit, n, one))
    table, guard = "relativeprofile", "laboratory_relativeprofile_insert_gate"
    kits = [bench.kit(relative=bench.relative()) for _ in range(2)]
    for kit in kits:
        bench.key(f"relative:{kit}:1")
    tomb = insert("laboratory_erasure", kit_id=kits[0], what="entry", n=1, by_id=None, at=AT)
    yield judged(guard, "erased once", "sample_withdrawn", tomb, bench.profile(table, kits[0]))
    yield judged(guard, "another erased", "", tomb, bench.profile(table, kits[1]))


def _verdicts(bench: Bench) -> Iterator[Case]:
    name = "laboratory_entryverdict_insert_gate"
    kit, other = bench.kit(), bench.kit()
    both = (bench.entry(kit, 1, bench.analyst), bench.entry(kit, 2, bench.second))

    def verdict(n: int) -> str:
        return insert("laboratory_entryverdict", kit_id=kit, n=n, differs="[]", at=AT)

    yield judged(name, "of a pair", "", *both, verdict(2))
    yield judged(name, "of one", "not_a_pair", both[0], verdict(2))
    yield judged(name, "of the first", "not_a_pair", *both, verdict(1))
    yield judged(name, "of two of another", "not_a_pair", bench.entry(other, 1, 1), bench.entry(other, 2, 1), verdict(2))

    def write(kit: int, n: int = 1) -> str:
        return insert("laboratory_entryverdict", kit_id=kit, n=n, differs="[]", at=AT)

    yield from _staying(bench, "entryverdict", "entry", write)


def _flags(bench: Bench) -> Iterator[Case]:
    table = "laboratory_profileflag"
    childs, theirs, other = bench.kit(), bench.kit(relative=bench.relative()), bench.kit(relative=bench.relative())

    def flag(kit: int, about: int | None = None, detail: str = '{"loci": 3}', pk: int = 792_001) -> str:
        return insert(table, id=pk, kit_id=kit, n=1, kind="not_kin", other_id=about, detail=detail, at=AT)

    def tomb(kit: int) -> str:
        return insert("laboratory_erasure", kit_id=kit, what="profile", n=1, by_id=None, at=AT)

    made, names = f"{table}_insert_gate", '{"loci": ["D8S1179"]}'
    yield judged(made, "of a child, with names", "", flag(childs, detail=names))
    yield judged(made, "of a relative, with names", "detail_of_relative", flag(theirs, detail=names))
    yield judged(made, "of a relative, by count", "", flag(theirs, other))
    yield judged(made, "of no kit, with names", "detail_of_relative", flag(999_999, detail=names))
    for who, kit in (("its own", theirs), ("the other's", other)):
        yield judged(made, f"after {who} was erased", "sample_withdrawn", tomb(kit), flag(theirs, other))
    yield judged(made, "after somebody else's was erased", "", tomb(childs), flag(theirs, other))
    new = f"{table}_insert_a_new_row"
    yield judged(new, "new", "", flag(theirs))
    yield judged(new, "another", "", flag(theirs, pk=792_002), flag(theirs))
    yield judged(new, "in its place", "already_there", flag(childs), flag(theirs))
    yield judged(f"{table}_update_gate", "changed", "append_only", flag(theirs), f"UPDATE {table} SET n = n WHERE id = 792001")
    gone = f"DELETE FROM {table} WHERE id = 792001"
    for who, kit, code in (
        ("its own", theirs, ""),
        ("the other's", other, ""),
        ("somebody else's", childs, "consent_stands"),
    ):
        yield judged(f"{table}_delete_gate", f"with {who} tombstone", code, flag(theirs, other), tomb(kit), gone)
    yield judged(f"{table}_delete_gate", "without", "consent_stands", flag(theirs, other), gone)


def _looks(bench: Bench) -> Iterator[Case]:
    name = "laboratory_looked_insert_gate"
    kit, other = bench.kit(), bench.kit()
    theirs = bench.kit(laboratory=bench.there)

    def flag(kit: int) -> str:
        return insert("laboratory_profileflag", id=793_001, kit_id=kit, n=1, kind="x", other_id=None, detail="{}", at=AT)

    def look(kit: int, by: int, upto: int = 793_001) -> str:
        return insert("laboratory_looked", kit_id=kit, upto=upto, by_id=by, at=AT)

    yield judged(name, "by an analyst", "", flag(kit), look(kit, bench.analyst))
    yield judged(name, "by one of another laboratory", "not_allowed", flag(kit), look(kit, bench.elsewhere))
    yield judged(name, "by one of this one, at another's", "not_allowed", flag(theirs), look(theirs, bench.analyst))
    yield judged(name, "by a nurse", "not_allowed", flag(kit), look(kit, bench.nurse))
    yield judged(name, "by nobody", "not_allowed", flag(kit), look(kit, 999_999))
    yield judged(name, "by somebody who left", "not_allowed", bench.left(bench.analyst), flag(kit), look(kit, bench.analyst))
    yield judged(name, "somebody else left", "", bench.left(bench.second), flag(kit), look(kit, bench.analyst))
    yield judged(name, "at nothing", "nothing_there", flag(kit), look(kit, bench.analyst, 793_002))
    yield judged(name, "at another's", "nothing_there", flag(other), look(kit, bench.analyst))


def _originals(bench: Bench) -> Iterator[Case]:
    table = "laboratory_laboriginal"

    def original(file: int, pk: int = 791_001) -> str:
        return insert(table, id=pk, file_id=file, sealed=nothing())

    def tomb(file: int) -> str:
        return insert("laboratory_fileerasure", file_id=file, by_id=None, at=AT)

    mine, other = bench.file, bench.other_file
    yield judged(f"{table}_insert_gate", "new", "", original(mine))
    yield judged(f"{table}_insert_gate", "after another's", "", original(other, 791_002), original(mine))
    yield judged(f"{table}_insert_gate", "twice", "already_there", original(mine, 791_002), original(mine))
    yield judged(f"{table}_insert_gate", "in its place", "already_there", original(other), original(mine))
    yield judged(f"{table}_insert_gate", "after its end", "original_gone", tomb(mine), original(mine))
    yield judged(f"{table}_insert_gate", "after another's end", "", tomb(other), original(mine))
    change = f"UPDATE {table} SET file_id = file_id WHERE file_id = {mine}"
    yield judged(f"{table}_update_gate", "changed", "append_only", original(mine), change)
    gone = f"DELETE FROM {table} WHERE file_id = {mine}"
    yield judged(f"{table}_delete_gate", "with its tombstone", "", original(mine), tomb(mine), gone)
    yield judged(f"{table}_delete_gate", "without", "original_kept", original(mine), gone)
    yield judged(f"{table}_delete_gate", "with another's", "original_kept", original(mine), tomb(other), gone)


def _erasures(bench: Bench) -> Iterator[Case]:
    name = "laboratory_erasure_insert_gate"

    def tomb(kit: int, what: str = "profile", n: int = 1) -> str:
        return insert("laboratory_erasure", kit_id=kit, what=what, n=n, by_id=None, at=AT)

    gone, stays, childs = bench.kit(relative=bench.relative(withdrawn=True)), bench.kit(relative=bench.relative()), bench.kit()
    never = bench.kit(relative=bench.relative(consent=False))
    over = bench.kit(relative=bench.relative(until="2011-07-02"))
    profile, entry = bench.profile("relativeprofile", gone), bench.entry(gone, 1, bench.analyst)
    for what, row in (("profile", profile), ("entry", entry)):
        wrong = "entry" if what == "profile" else "profile"
        elsewhere = row.replace(f"VALUES ({gone},", f"VALUES ({stays},")
        yield judged(name, f"withdrawn: {what}", "", row, tomb(gone, what))
        yield judged(name, f"the other kind is there: {what}", "nothing_there", row, tomb(gone, wrong))
        yield judged(name, f"another time: {what}", "nothing_there", row, tomb(gone, what, 2))
        yield judged(name, f"another's is there: {what}", "nothing_there", elsewhere, tomb(gone, what))
    yield judged(name, "of a kind of its own", "nothing_there", profile, entry, tomb(gone, "x"))
    for told, kit, code in (
        ("agrees", stays, "consent_stands"),
        ("is over, not withdrawn", over, "consent_stands"),
        ("never agreed", never, ""),
        ("a child", childs, "consent_stands"),
    ):
        yield judged(name, f"who {told}", code, bench.profile("relativeprofile", kit), tomb(kit))
    yield judged(name, "of no kit", "consent_stands", tomb(999_999))

    files = "laboratory_fileerasure_insert_gate"
    mine = insert("laboratory_fileerasure", file_id=bench.file, by_id=None, at=AT)
    other = bench.profile("relativeprofile", stays, file_id=bench.other_file)
    yield judged(files, "of one that is erased", "", profile, tomb(gone), mine)
    yield judged(files, "of one that is not", "original_kept", profile, mine)
    yield judged(files, "another of the file is", "", profile, tomb(gone), bench.profile("relativeprofile", stays), mine)
    yield judged(files, "of another file is", "original_kept", other, tomb(stays), mine)
    yield judged(files, "an entry is", "original_kept", profile, tomb(gone, "entry"), mine)
    yield judged(files, "another time is", "original_kept", profile, tomb(gone, n=2), mine)
    yield judged(files, "another's is", "original_kept", profile, tomb(stays), mine)

    keys = "vault_datakeyend_insert_laboratory"

    def end(of: str) -> str:
        return insert("vault_datakeyend", of=of, by_id=None, at=AT)

    file_of = {bench.file: DIGEST[:32], bench.other_file: OTHER_DIGEST[:32]}
    yield judged(keys, "of nobody's", "", end("x"))
    yield judged(keys, "a child's", "key_in_use", tomb(gone), end(f"child:{gone}:1"))
    for what, kind, wrong in (("profile", "relative", "entry"), ("entry", "entry", "profile")):
        yield judged(keys, f"{kind}'s, erased", "", tomb(gone, what), end(f"{kind}:{gone}:1"))
        yield judged(keys, f"{kind}'s, not erased", "key_in_use", end(f"{kind}:{gone}:1"))
        yield judged(keys, f"{kind}'s, another kind erased", "key_in_use", tomb(gone, wrong), end(f"{kind}:{gone}:1"))
        yield judged(keys, f"{kind}'s, another erased", "key_in_use", tomb(stays, what), end(f"{kind}:{gone}:1"))
        yield judged(keys, f"{kind}'s, another time erased", "key_in_use", tomb(gone, what, 2), end(f"{kind}:{gone}:1"))
    yield judged(keys, "a file's, erased", "", mine, end(f"file:{file_of[bench.file]}"))
    yield judged(keys, "a file's, not erased", "key_in_use", end(f"file:{file_of[bench.file]}"))
    yield judged(keys, "a file's, another erased", "key_in_use", mine, end(f"file:{file_of[bench.other_file]}"))
