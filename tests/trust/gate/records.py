"""What a ward writes down, and the chain of events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, doctor_elsewhere, judged, leaves
from trust.gate.stage import AT, ZEROS, Stage, insert
from wayhome.casework.accounts.rules import Role


def medical(stage: Stage) -> Iterator[Case]:
    """Charts and samples."""
    child = stage.child["hospital"]
    here = {"child_id": child, "at": AT}
    stay = here | {"episode_id": stage.head[child]}
    seen = {"taken_at": AT, "consciousness": "alert", "feeding": "", "note": "", "supersedes_id": None}
    earlier = insert("medical_observation", **stay | seen, id=610_001, by_id=stage.staff("nurse"))
    for table, columns in (
        ("observationplan", stay | {"every_minutes": 60, "sedation": False}),
        ("observation", stay | seen),
        ("measure", here | {"neglected": False, "taken_at": AT}),
        ("toxsample", here | {"barcode": "x", "kind": "urine", "taken_at": AT}),
    ):
        guard = f"medical_{table}_insert_gate"

        def write(who: str, table: str = table, columns: dict[str, Any] = columns, **more: Any) -> str:
            return insert(f"medical_{table}", **columns | {"by_id": stage.staff(who)} | more)

        yield judged(guard, "by a nurse", "", write("nurse"))
        yield judged(guard, "by a doctor", "", write("doctor"))
        yield judged(guard, "by another agency", "not_of_place", write("officer"))
        for role in Role:
            code = "" if role in ("nurse", "doctor") else "not_of_place"
            yield judged(guard, f"by a {role}", code, write("nurse", by_id=stage.member["hospital_agency", role]))
        yield judged(guard, "by somebody who left", "not_of_place", leaves(stage, "nurse"), write("nurse"))
        yield judged(guard, "somebody else left", "", leaves(stage, "doctor"), write("nurse"))
        doctor, made = doctor_elsewhere(stage)
        yield judged(guard, "by a doctor of another hospital", "not_of_place", *made, write("nurse", by_id=doctor))
        at_home = stage.child["welfare_institution"]
        elsewhere: dict[str, Any] = {"child_id": at_home} | (
            {"episode_id": stage.head[at_home]} if "episode_id" in columns else {}
        )
        yield judged(guard, "by the hospital before", "not_of_place", write("nurse", **elsewhere))
        yield judged(guard, "by another role", "not_of_place", write("caseworker", **elsewhere))
        if "episode_id" in columns:
            yield judged(guard, "of an older stay", "not_current", write("nurse", episode_id=stage.head[child] - 1))
        if table == "observation":
            yield judged(guard, "in place of another", "", earlier, write("nurse", supersedes_id=610_001))
            other = stage.child["unfit"]
            wrong = write("nurse", supersedes_id=610_001, child_id=other, episode_id=stage.head[other])
            yield judged(guard, "in place of another child's", "something_else", earlier, wrong)
            yield judged(guard, "in place of nothing", "something_else", earlier, write("nurse", supersedes_id=999_999))
    sample = here | {"kind": "urine", "taken_at": AT}
    samples = (
        insert("medical_toxsample", **sample, id=620_000, barcode="x", by_id=stage.staff("officer")),
        insert("medical_toxsample", **sample, id=620_001, barcode="y", by_id=stage.staff("nurse")),
    )
    guard = "medical_toxresult_insert_gate"

    def result(who: int, *before: str, sample: int = 620_001) -> tuple[str, ...]:
        columns = {"sample_id": sample, "substance": "x", "found": True, "by_id": who, "at": AT}
        return *samples, *before, insert("medical_toxresult", **columns)

    yield judged(guard, "by a nurse", "", *result(stage.staff("nurse2")))
    yield judged(guard, "by a doctor", "", *result(stage.staff("doctor")))
    yield judged(guard, "by an officer", "not_of_place", *result(stage.staff("officer")))
    for role in Role:
        code = "" if role in ("nurse", "doctor") else "not_of_place"
        yield judged(guard, f"by a {role}", code, *result(stage.member["hospital_agency", role]))
    yield judged(guard, "by somebody who left", "not_of_place", *result(stage.staff("nurse2"), leaves(stage, "nurse2")))
    yield judged(guard, "somebody else left", "", *result(stage.staff("nurse2"), leaves(stage, "doctor")))
    doctor, made = doctor_elsewhere(stage)
    yield judged(guard, "by a doctor of another hospital", "not_of_place", *result(doctor, *made))
    yield judged(guard, "of no sample", "not_of_place", *result(stage.staff("nurse"), sample=999_999))
    yield judged(guard, "of a sample that others took", "not_of_place", *result(stage.staff("nurse"), sample=620_000))


def chain(stage: Stage) -> Iterator[Case]:
    """Events that follow one another, or do not."""

    def event(name: str, code: str, *before: str, n: int, prev: str, chain: str = "new", own: str = "x") -> Case:
        columns = {"id": f"{chain}:{own}", "chain": chain, "n": n, "at": "x", "staff_id": 1, "agency_id": 1, "action": "x"}
        columns |= {"subject": "x", "child_id": 0, "data": "{}", "prev_hash": prev, "hash": own}
        return judged("audit_auditevent_insert_chain", name, code, *before, insert("audit_auditevent", **columns))

    first = event("first", "", n=1, prev=ZEROS)
    yield first
    yield event("a first that follows something", "chain_forked", n=1, prev="a")
    yield event("a second with nothing before it", "chain_forked", n=2, prev=ZEROS)
    (one,) = first.statements
    two = event("", "", n=2, prev="x", own="y").statements[0]
    yield event("second", "", one, n=2, prev="x", own="y")
    yield event("another first", "chain_forked", one, n=1, prev=ZEROS, own="y")
    yield event("a second that follows nothing", "chain_forked", one, n=2, prev="z", own="y")
    yield event("a third too early", "chain_forked", one, n=3, prev="x", own="y")
    yield event("third", "", one, two, n=3, prev="y", own="z")
    yield event("another second", "chain_forked", one, two, n=2, prev="x", own="z")
    yield event("a third that follows the first", "chain_forked", one, two, n=3, prev="x", own="z")
    yield event("a chain that follows another", "chain_forked", one, n=2, prev="x", chain="other", own="y")
    yield event("a first beside another chain", "", one, n=1, prev=ZEROS, chain="other", own="y")
    yield event(
        "a second beside a longer chain",
        "",
        one,
        two,
        *event("", "", n=1, prev=ZEROS, chain="other", own="a").statements,
        n=2,
        prev="a",
        chain="other",
        own="b",
    )
