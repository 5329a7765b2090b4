"""What is asked of a laboratory: its files, entries by two, what is odd, what goes with a consent; legal and not."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import override_settings

from factories.laboratory import LOCI, PANEL, somebody, table
from trust.acts.bench import Case
from trust.acts.stage import Stage
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.errors import Invalid
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import ConsentWithdrawal, Parentage
from wayhome.casework.laboratory.actions import comparing, entries, erasure, files, reading, registers
from wayhome.casework.laboratory.models import ChildProfile, Entry, LabOriginal, RelativeProfile, StaffProfile
from wayhome.casework.laboratory.queries import opened
from wayhome.kinship import Profile

DENIED = "not allowed: not_allowed"
HERS, HIS, ANOTHERS = somebody(random.Random(1)), somebody(random.Random(2), "M"), somebody(random.Random(3))
FEW = {locus: HERS[locus] for locus in LOCI[:9]}
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))


def _shown(profile: Any) -> str:
    """Of a profile, enough to tell it from any other."""
    return f"{profile.sample} {profile.kit} {sorted(profile.genotypes.items())[:3]} {sorted(profile.flags.items())[:2]}"


def _sealed(s: Stage) -> list[str]:
    """What can be read of all that was sealed since the stage was set."""
    rows = opened.children(ChildProfile.objects.filter(pk__gt=s.last_child).select_related("kit"))
    rows |= opened.relatives(RelativeProfile.objects.filter(pk__gt=s.last_relative).select_related("kit"))
    typed = opened.entries(Entry.objects.filter(pk__gt=s.last_entry).select_related("kit"))
    originals = [opened.original(one.file) for one in LabOriginal.objects.filter(pk__gt=s.last_original)]
    told = [f"{kit} {n}: {_shown(one)}" for (kit, n), one in sorted(rows.items())]
    return [*told, *(f"typed {_shown(one)}" for one in typed.values()), *(f"{len(one or b'')} original" for one in originals)]


def _signs(s: Stage) -> None:
    """The laboratory signs its files from now on."""
    for private in (OTHER, PRIVATE):
        public = private.public_key().public_bytes_raw()
        registers.register_lab_key(laboratory=s.world.agencies["laboratory"], public=public, by=s.registrars, at=s.at())


def _run(s: Stage, **more: Any) -> bytes:
    kits = {"fresh": HERS, "ward": HIS, **more}
    return table(
        {getattr(s, f"{name}_sample").number if hasattr(s, f"{name}_sample") else name: one for name, one in kits.items()}
    )


def looks() -> Iterator[Case]:
    """A file is looked at."""

    def look(s: Stage, data: bytes | None = None, by: str = "analyst", name: str = "a/run.csv", **given: Any) -> Any:
        found = files.preview(**({"name": name, "data": data or _run(s), "signature": None} | given | s.who(by)))
        rows = [
            f"{row.sample} {row.kit and row.kit.pk} {row.loci} {row.panel} {row.code} {[(f.kind, f.other) for f in row.flags]}"
            for row in found.rows
        ]
        taken, left = len(found.taken), len(found.left)
        told = [found.name, found.format, found.sha256[:8], found.size, found.signed, found.before, found.notes, taken, left]
        return [*map(str, told), *rows]

    def signed(s: Stage, private: Any = PRIVATE, signature: bytes | None = None, flip: bool = False) -> Any:
        _signs(s)
        data = _run(s)
        return look(s, data + b"\n" if flip else data, signature=signature or (private and private.sign(data)))

    def elsewhere(s: Stage) -> Any:
        public = OTHER.public_key().public_bytes_raw()
        registers.register_lab_key(laboratory=s.world.agencies["lab_gd"], public=public, by=s.registrars, at=s.at())
        return look(s)

    def short(s: Stage) -> Any:
        return look(s, _run(s).replace(s.ward_sample.number.encode(), s.ward_sample.number.lstrip("0").encode()))

    yield Case("preview", "done", look)
    yield Case("preview: the same profile twice", "done", lambda s: look(s, _run(s, ward=HERS)))
    yield Case("preview: few loci, and the other sex", "done", lambda s: look(s, _run(s, fresh={**FEW, "AMEL": ("X", "Y")})))
    yield Case("preview: a control", "done", lambda s: look(s, _run(s, K562=ANOTHERS)))
    yield Case("preview: without its zeros", "done", short)
    yield Case("preview: not received, and nobody agrees", "done", lambda s: look(s, _run(s, sent=HIS, left=ANOTHERS)))
    yield Case("preview: nothing read", "done", lambda s: look(s, _run(s, ward={"D8S1179": ("OL", "OL")})))
    yield Case("preview: taken before", "done", lambda s: look(s, s.taken_run))
    yield Case("preview: signed, where nobody signs", "done", lambda s: look(s, signature=b"x" * 64))
    yield Case("preview: an officer", DENIED, lambda s: look(s, by="officer"))
    yield Case("preview: another laboratory's", "done", lambda s: look(s, by="analyst_gd"))
    yield Case("preview: empty, without a name", "invalid: file empty, name required",
               lambda s: files.preview(name="", data=b"", signature=None, **s.who("analyst")))  # fmt: skip
    yield Case("preview: of no panel", "done", lambda s: look(s, table({s.ward_sample.number: HIS, "K562": HERS}, panel="")))
    yield Case("preview: where another signs", "done", elsewhere)
    yield Case("preview: a long name", "invalid: name too_long", lambda s: look(s, name="n" * 121))
    yield Case("preview: the longest name", "done", lambda s: look(s, name="x" * 200 + "/" + "n" * 120))
    yield Case("preview: too large", "invalid: file too_large", lambda s: look(s, b"x" * (files.MOST_BYTES + 1)))
    yield Case("preview: as large as may be", "invalid: file unreadable", lambda s: look(s, b"x" * files.MOST_BYTES))
    yield Case("preview: signed", "done", signed)
    yield Case("preview: unsigned", "invalid: signature signature_missing", lambda s: signed(s, private=None))
    yield Case("preview: signed with the key before", "refused: signature_wrong", lambda s: signed(s, OTHER))
    yield Case("preview: signed, then altered", "refused: signature_wrong", lambda s: signed(s, flip=True))


def unreadable() -> Iterator[Case]:
    """What the reader tells of a file."""

    def told(s: Stage) -> Any:
        try:
            files.preview(name="x", data=b"sample,marker,allele1\n1,D8S1179,xx\n", signature=None, **s.who("analyst"))
        except Invalid as invalid:
            return f"{invalid.fields} {sorted(invalid.data.items())}"
        return "read"

    yield Case("preview: unreadable", "done", told)


def imports() -> Iterator[Case]:
    """A file is taken."""

    def take(s: Stage, by: str = "analyst", leave_out: Any = (), data: bytes | None = None, **given: Any) -> Any:
        whole = {"name": "run.csv", "data": data or _run(s, **given.pop("more", {})), "signature": None} | given
        return [files.import_file(leave_out=leave_out, **whole, **s.who(by)), *_sealed(s)]

    def signed(s: Stage) -> Any:
        _signs(s)
        data = _run(s)
        return take(s, data=data, signature=PRIVATE.sign(data))

    def left(s: Stage) -> Any:
        try:
            return take(s, more={"K562": ANOTHERS, "sent": HIS, "K563": HIS}, leave_out=["K562"])
        except Invalid as invalid:
            return f"{invalid.fields} {sorted(invalid.data.items())}"

    yield Case("import_file", "done", take)
    yield Case("import_file: a control left out", "done", lambda s: take(s, more={"K562": ANOTHERS}, leave_out=["K562"]))
    yield Case("import_file: some left", "done", left)
    yield Case("import_file: nothing of it", "invalid: file nothing_to_take",
               lambda s: take(s, data=table({"K562": HERS}), leave_out=["K562"]))  # fmt: skip
    yield Case("import_file: one left out that could be taken", "done", lambda s: take(s, leave_out=[s.ward_sample.number]))
    yield Case("import_file: unknown left out", "invalid: leave_out unknown_sample", lambda s: take(s, leave_out=["x"]))
    yield Case("import_file: twice", "invalid: file taken_before", lambda s: take(s, data=s.taken_run))
    yield Case("import_file: odd ones", "done", lambda s: take(s, more={"ward": HERS, "fresh": {**FEW, "AMEL": ("X", "Y")}}))
    yield Case("import_file: a second of one", "done", lambda s: take(s, more={"stays": HIS}))
    yield Case("import_file: of no panel", "done", lambda s: take(s, data=table({s.ward_sample.number: HIS}, panel="")))
    yield Case("import_file: signed", "done", signed)
    yield Case("import_file: an officer", DENIED, lambda s: take(s, "officer"))


def typings() -> Iterator[Case]:
    """Profiles typed by hand."""

    def enter(s: Stage, by: str = "analyst", kit: str = "fresh", calls: Any = None, panel: str = PANEL) -> Any:
        sample = getattr(s, f"{kit}_sample")
        return [entries.enter(kit=sample, panel=panel, calls=calls or HERS, **s.who(by)), *_sealed(s)]

    def apart(s: Stage, kit: str = "once", calls: Any = None, by: str = "analyst2") -> Any:
        with override_settings(WAYHOME_OPENS=frozenset({"children"})):
            entries.enter(kit=getattr(s, f"{kit}_sample"), panel=PANEL, calls=calls or HERS, **s.who(by))
        judged = [comparing.judge_entries(at=s.at()) for _ in range(2)]
        return [*map(str, judged), *_sealed(s)]

    def once_more(s: Stage) -> Any:
        with override_settings(WAYHOME_OPENS=frozenset({"children"})):
            for who in ("analyst", "analyst2"):
                entries.enter(kit=s.differing_sample, panel=PANEL, calls=HERS, **s.who(who))
        return [str(comparing.judge_entries(at=s.at())), *_sealed(s)]

    def withdrawn(s: Stage) -> Any:
        with override_settings(WAYHOME_OPENS=frozenset({"children"})):
            entries.enter(kit=s.once_sample, panel=PANEL, calls=HERS, **s.who("analyst2"))
        first = Entry.objects.get(kit=s.once_sample, n=1)
        own = opened.entries

        def without(rows: Any) -> Any:
            return {pk: one for pk, one in own(rows).items() if pk != first.pk}

        opened.entries = without
        try:
            return str(comparing.judge_entries(at=s.at()))
        finally:
            opened.entries = own

    def wrong(s: Stage) -> Any:
        try:
            enter(s, calls={"D8S1179": ("13", "xx")})
        except Invalid as invalid:
            return f"{invalid.fields} {sorted(invalid.data.items())}"
        return "entered"

    yield Case("enter", "done", enter)
    yield Case("enter: a child's", "done", lambda s: enter(s, kit="ward"))
    yield Case("enter: the second, alike", "done", lambda s: enter(s, "analyst2", "once"))
    yield Case("enter: the second, otherwise", "done", lambda s: enter(s, "analyst2", "once", {**HERS, LOCI[4]: ("9", "9")}))
    yield Case("enter: the second, with less", "done", lambda s: enter(s, "analyst2", "once", FEW))
    yield Case("enter: the second, with a locus set aside", "done",
               lambda s: enter(s, "analyst2", "once", {**HERS, LOCI[4]: ("9", "OL")}))  # fmt: skip
    yield Case("enter: the second, of no panel", "done", lambda s: enter(s, "analyst2", "once", panel=""))
    yield Case("enter: the second, by the same", "refused: same_person", lambda s: enter(s, "analyst", "once"))
    yield Case("enter: the third", "done", lambda s: enter(s, kit="differing"))
    yield Case(
        "enter: a child's second", "done", lambda s: [*enter(s, "analyst", "ward", HIS), *enter(s, "analyst2", "ward", HIS)]
    )
    yield Case("enter: the other sex", "done", lambda s: [
        *enter(s, "analyst", "ward", {**HIS, "AMEL": ("X", "X")}), *enter(s, "analyst2", "ward", {**HIS, "AMEL": ("X", "X")})
    ])  # fmt: skip
    yield Case("enter: of no panel", "done", lambda s: enter(s, panel=""))
    yield Case("enter: both of no panel", "done", lambda s: [
        *enter(s, "analyst", "ward", HIS, panel=""), *enter(s, "analyst2", "ward", HIS, panel="")
    ])  # fmt: skip
    yield Case("enter: an unknown locus", "done", lambda s: enter(s, calls={"D99S1": ("9", "9")}))
    yield Case("enter: of another panel", "invalid: panel unknown_panel", lambda s: enter(s, panel="PowerFlex"))
    yield Case("enter: no allele", "done", wrong)
    yield Case("enter: nothing", "invalid: calls nothing_read", lambda s: enter(s, calls={"D8S1179": ("", "")}))
    yield Case("enter: not received", "refused: kit_not_received", lambda s: enter(s, kit="sent"))
    yield Case("enter: nobody agrees", "refused: no_consent", lambda s: enter(s, kit="left"))
    yield Case("enter: another laboratory's", "not found", lambda s: enter(s, "analyst_gd"))
    yield Case("enter: an officer", DENIED, lambda s: enter(s, "officer"))
    yield Case("judge_entries", "done", apart)
    yield Case("judge_entries: otherwise", "done", lambda s: apart(s, calls={**HERS, LOCI[4]: ("9", "9")}))
    yield Case("judge_entries: the first alone", "done", lambda s: apart(s, "fresh"))
    yield Case("judge_entries: a child's", "done", lambda s: apart(s, "ward"))
    yield Case("judge_entries: once more", "done", once_more)
    yield Case("judge_entries: the first is gone", "done", withdrawn)


def ends() -> Iterator[Case]:
    """What goes with a consent."""

    def withdraw(s: Stage, *names: str) -> Any:
        for name in names:
            for consent in getattr(s, name).consents.filter(withdrawal__isnull=True).order_by("-pk"):
                families.withdraw_consent(consent=consent, **s.who("officer"))
        return _sealed(s)

    def one_of_two(s: Stage) -> Any:
        first, _ = s.stays.consents.order_by("pk")
        families.withdraw_consent(consent=first, **s.who("officer"))

    def typed_by_two(s: Stage) -> Any:
        entries.enter(kit=s.once_sample, panel=PANEL, calls=HERS, **s.who("analyst2"))
        return withdraw(s, "once")

    def entries_alone(s: Stage) -> Any:
        """Of a relative who withdrew past the action, and of a child, who stays."""
        entries.enter(kit=s.ward_sample, panel=PANEL, calls=HIS, **s.who("analyst"))
        consent = s.differing.consents.get()
        ConsentWithdrawal.objects.create(consent=consent, by=s.staff("officer"), at=s.at())
        return by_the_system(s)

    def by_the_system(s: Stage, times: int = 2) -> Any:
        return [str(erasure.erase_withdrawn(at=s.at())) for _ in range(times)]

    yield Case("withdraw: who was typed", "done", lambda s: withdraw(s, "stays"))
    yield Case("withdraw: one of two", "done", one_of_two)
    yield Case("withdraw: who shares a file", "done", lambda s: withdraw(s, "stays", "shares"))
    yield Case("withdraw: who was typed by hand", "done", lambda s: withdraw(s, "once"))
    yield Case("withdraw: whose entries differ", "done", lambda s: withdraw(s, "differing"))
    yield Case("withdraw: who was in another file before", "done", lambda s: withdraw(s, "odd", "stays"))
    yield Case("withdraw: who was typed alike by two", "done", typed_by_two)
    yield Case("withdraw: of whom nothing is there", "done", lambda s: withdraw(s, "fresh"))
    yield Case("erase: who agrees", "refused: consent_stands", lambda s: _erased(s, "stays"))
    yield Case("erase: who left", "done", lambda s: _erased(s, "left"))
    yield Case("erase: of whom nothing is there", "done", lambda s: _erased(s, "fresh"))
    yield Case("erase_withdrawn: entries alone", "done", entries_alone)
    yield Case("erase_withdrawn", "done", by_the_system)


def _erased(s: Stage, who: str) -> Any:
    with gate(**s.who("officer"), attempt="erase"):
        return str(erasure.erase(relative=getattr(s, who).pk, **s.who("officer")))


def comparisons() -> Iterator[Case]:
    """What is odd when samples are held against each other."""

    def compare(s: Stage, *runs: dict[str, Any]) -> Any:
        for run in runs:
            data = table({getattr(s, f"{name}_sample").number: calls for name, calls in run.items()})
            files.import_file(name="x", data=data, signature=None, **s.who("analyst"))
        return [str(comparing.compare_new(at=s.at())) for _ in range(2)]

    def with_staff(s: Stage) -> Any:
        nurse = Profile.from_calls("x", ANOTHERS, kit=PANEL)
        registers.register_staff_profiles(profiles={s.staff("nurse"): nurse}, by=s.registrars, at=s.at())
        return compare(s, {"ward": ANOTHERS, "fresh": ANOTHERS})

    def without(s: Stage, whose: str, *runs: dict[str, Any]) -> Any:
        """As if somebody's key had gone while profiles are read."""
        kit, own = getattr(s, f"{whose}_sample").pk, opened.relatives
        opened.relatives = lambda rows: {place: one for place, one in own(rows).items() if place[0] != kit}
        try:
            return compare(s, *runs)
        finally:
            opened.relatives = own

    def meanwhile(s: Stage, who: str) -> Any:
        """Somebody withdraws while profiles are held against each other."""
        own = comparing._flags

        def flags(*given: Any) -> Any:
            found = own(*given)
            for consent in getattr(s, who).consents.filter(withdrawal__isnull=True) if found else ():
                families.withdraw_consent(consent=consent, **s.who("officer"))
            return found

        comparing._flags = flags
        try:
            return compare(s, {"elder": ANOTHERS, "partner": HIS})
        finally:
            comparing._flags = own

    def unlinked(s: Stage) -> Any:
        families.unlink(parentage=Parentage.objects.get(child=s.stays, parent=s.elder), reason="x", **s.who("officer"))
        return compare(s, {"elder": ANOTHERS})

    turned = {"elder": "other_elder_calls", "other_elder": "elder_calls"}
    yield Case("compare_new", "done", compare)
    yield Case("compare_new: a child typed twice", "done",
               lambda s: compare(s, {"ward": HIS}, {"ward": HIS | {LOCI[0]: ("9", "9")}}))  # fmt: skip
    yield Case("compare_new: exchanged in two files", "done",
               lambda s: compare(s, *({name: getattr(s, calls)} for name, calls in turned.items())))  # fmt: skip
    yield Case("compare_new: one of two exchanged", "done",
               lambda s: compare(s, {"elder": ANOTHERS, "other_elder": s.elder_calls}))  # fmt: skip
    yield Case("compare_new: a parent of another's", "done", lambda s: compare(s, {"elder": ANOTHERS}, {"partner": HIS}))
    yield Case("compare_new: whose key is gone", "done", lambda s: without(s, "stays", {"stays": ANOTHERS}))
    yield Case("compare_new: a parent's key is gone", "done", lambda s: without(s, "elder", {"elder": ANOTHERS}, {"stays": HERS}))
    yield Case("compare_new: one of a file's key is gone", "done",
               lambda s: without(s, "partner", {"elder": ANOTHERS, "partner": HIS}))  # fmt: skip
    yield Case("compare_new: who withdraws meanwhile", "done", lambda s: meanwhile(s, "stays"))
    yield Case("compare_new: the new one withdraws meanwhile", "done", lambda s: meanwhile(s, "elder"))
    yield Case("compare_new: no child of hers any more", "done", unlinked)
    yield Case("compare_new: two children alike", "done", lambda s: compare(s, {"ward": s.child_calls}))
    yield Case("compare_new: a child's second", "done", lambda s: compare(s, {"ward": HIS}, {"ward": ANOTHERS}))
    yield Case("compare_new: a relative's second", "done", lambda s: compare(s, {"stays": ANOTHERS}))
    yield Case("compare_new: a parent who is none", "done", lambda s: compare(s, {"elder": ANOTHERS}))
    yield Case("compare_new: a parent who is one", "done", lambda s: compare(s, {"elder": s.elder_calls}))
    yield Case("compare_new: exchanged", "done",
               lambda s: compare(s, {"elder": s.other_elder_calls, "other_elder": s.elder_calls}))  # fmt: skip
    yield Case("compare_new: one who handles samples", "done", with_staff)


def readings() -> Iterator[Case]:
    """Looks."""

    def profile(s: Stage, by: str = "analyst", kit: str = "typed_child", n: int = 1) -> Any:
        return _shown(reading.read_profile(kit=getattr(s, f"{kit}_sample"), n=n, **s.who(by)))

    def results(s: Stage, by: str = "analyst", kit: str = "odd", times: int = 1) -> Any:
        for _ in range(times):
            read = reading.read_results(number=getattr(s, f"{kit}_sample").number, **s.who(by))
        return read

    def kit(s: Stage, by: str, name: str) -> Any:
        return reading.read_kit(number=getattr(s, f"{name}_sample").number, **s.who(by))

    yield Case("read_profile", "done", profile)
    yield Case("read_profile: of a relative", "not found", lambda s: profile(s, kit="stays"))
    yield Case("read_profile: the second of one", "not found", lambda s: profile(s, n=2))
    yield Case("read_profile: another laboratory's", "not found", lambda s: profile(s, "analyst_gd"))
    yield Case("read_profile: an officer", DENIED, lambda s: profile(s, "officer"))
    yield Case("read_results", "done", results)
    yield Case("read_results: twice", "done", lambda s: results(s, times=2))
    yield Case("read_results: of a child, nothing odd", "done", lambda s: results(s, kit="typed_child"))
    yield Case("read_results: another laboratory's", "not found", lambda s: results(s, "analyst_gd"))
    yield Case("read_results: an officer", DENIED, lambda s: results(s, "officer"))
    yield Case("read_kit", "done", lambda s: kit(s, "officer", "stays"))
    yield Case("read_kit: of a child", "done", lambda s: kit(s, "analyst", "typed_child"))
    yield Case("read_kit: of nobody's", "not found", lambda s: kit(s, "nurse", "stays"))


def registered() -> Iterator[Case]:
    """What two registrars sign."""

    def key(s: Stage, public: bytes = PRIVATE.public_key().public_bytes_raw(), by: Any = None) -> Any:
        laboratory = s.world.agencies["laboratory"]
        return registers.register_lab_key(laboratory=laboratory, public=public, by=by or s.registrars, at=s.at())

    def profiles(s: Stage, by: Any = None, **calls: Any) -> Any:
        told = {s.staff(name): Profile.from_calls("x", one, kit=PANEL) for name, one in calls.items()}
        n = registers.register_staff_profiles(profiles=told, by=by or s.registrars, at=s.at())
        rows = StaffProfile.objects.order_by("pk")
        return [str(n), *(f"{row.staff.number} {row.n} {row.loci}" for row in rows)] + [
            f"{number} {_shown(one)}" for number, one in sorted(opened.staff().items())
        ]

    def ended(s: Stage, who: str = "nurse") -> Any:
        profiles(s, nurse=HERS, doctor=HIS)
        profiles(s, nurse=ANOTHERS)
        gone = [str(registers.end_staff_profiles(staff=s.staff(who), by=s.registrars, at=s.at())) for _ in range(2)]
        return [*gone, *profiles(s, nurse=HERS, caseworker=HIS)]

    def officers(s: Stage) -> Any:
        return (s.by("officer"), s.registrars[1])

    yield Case("register_lab_key", "done", key)
    yield Case("register_lab_key: too short", "invalid: public_key not_a_key", lambda s: key(s, b"x" * 31))
    yield Case("register_lab_key: an officer", DENIED, lambda s: key(s, by=officers(s)))
    yield Case("register_staff_profiles", "done", lambda s: profiles(s, nurse=HERS, doctor=HIS))
    yield Case("register_staff_profiles: eight loci", "done", lambda s: profiles(s, nurse={one: HERS[one] for one in LOCI[:8]}))
    yield Case("register_staff_profiles: seven", "invalid: profile too_few_loci",
               lambda s: profiles(s, nurse={one: HERS[one] for one in LOCI[:7]}))  # fmt: skip
    yield Case("register_staff_profiles: an officer", DENIED, lambda s: profiles(s, officers(s), nurse=HERS))
    yield Case("end_staff_profiles", "done", ended)


SOURCES = (looks, unreadable, imports, typings, ends, comparisons, readings, registered)
