"""What was counted, what is announced of it, and whose signature stands under it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, leaves
from trust.gate.stage import AFTER, AT, BEFORE, ZEROS, Stage, insert
from wayhome.casework.accounts.rules import Role


def announced(stage: Stage) -> Iterator[Case]:
    """Counts, versions and approvals."""
    mine, other, officer = stage.staff("supervisor"), stage.staff("supervisor2"), stage.staff("officer")
    of_police, clerk = stage.member["police", Role.SUPERVISOR], stage.staff("administrator")
    operation = stage.plant(
        "operations_operation", code="a", title="x", zero_hour=AT, time_zone="x", by_id=officer, at=AT,
        jurisdiction_id=stage.world.jurisdictions["GX"].pk,
    )  # fmt: skip

    def counted(by: int = mine, **more: Any) -> dict[str, Any]:
        told = {"cutoff": AT, "definitions": 1, "rescued": 8, "arrested": 39, "figures": "{}", "digest": ZEROS}
        return told | {"by_id": by, "at": AT} | more

    def version(snapshot: int, **more: Any) -> dict[str, Any]:
        told = {"number": "a", "n": 1, "snapshot_id": snapshot, "rescued": 8, "arrested": 39, "by_id": mine, "at": AT}
        return told | {"provinces": "{}", "changes": "{}", "texts": "{}", "digest": ZEROS} | more

    def snapshot(**more: Any) -> int:
        return stage.plant("overview_snapshot", **counted(**more))

    for name, code, who in (("by a supervisor", "", mine), ("by an officer", "not_an_announcer", officer)):
        yield judged("overview_snapshot_insert_gate", name, code, insert("overview_snapshot", **counted(who)))
    for name, code, who, first in (
        ("by the police's own", "not_an_announcer", of_police, ()),
        ("by another of the ministry", "not_an_announcer", clerk, ()),
        ("by nobody", "not_an_announcer", 99, ()),
        ("by somebody who left", "not_an_announcer", mine, (leaves(stage, "supervisor"),)),
        ("when a colleague left", "", mine, (leaves(stage, "supervisor2"),)),
    ):
        yield judged("overview_snapshot_insert_gate", name, code, *first, insert("overview_snapshot", **counted(who)))
    for name, code, cutoff in (("until before", "", BEFORE), ("until later", "cutoff_ahead", AFTER)):
        yield judged("overview_snapshot_insert_gate", name, code, insert("overview_snapshot", **counted(cutoff=cutoff)))

    free, told = snapshot(), snapshot()
    first = stage.plant("overview_announcement", **version(told, number="told"))
    for name, code, of in (("of a count", "", free), ("of what was announced", "announced_already", told)):
        write = insert("overview_snapshotoperation", snapshot_id=of, operation_id=operation)
        yield judged("overview_snapshotoperation_insert_gate", name, code, write)

    def announce(name: str, code: str, *before: str, **more: Any) -> Case:
        write = insert("overview_announcement", **version(free, **more))
        return judged("overview_announcement_insert_gate", name, code, *before, write)

    yield announce("as counted", "")
    yield announce("the next of another number", "", number="told", n=2)
    yield announce("by an officer", "not_an_announcer", by_id=officer)
    yield announce("by the police's own", "not_an_announcer", by_id=of_police)
    yield announce("by another of the ministry", "not_an_announcer", by_id=clerk)
    yield announce("by somebody who left", "not_an_announcer", leaves(stage, "supervisor"))
    yield announce("when a colleague left", "", leaves(stage, "supervisor2"))
    yield announce("more children than counted", "not_as_counted", rescued=9)
    yield announce("fewer arrests than counted", "not_as_counted", arrested=38)
    yield announce("by another than who counted", "not_as_counted", by_id=other)
    yield announce("of no count", "not_as_counted", snapshot_id=99)
    yield announce("the second before the first", "not_last", n=2)
    yield announce("the first once more", "not_last", number="told")

    def approve(name: str, code: str, of: int, *before: str, who: int = other, digest: str = ZEROS) -> Case:
        write = insert("overview_announcementapproval", announcement_id=of, digest=digest, by_id=who, at=AT)
        return judged("overview_announcementapproval_insert_gate", name, code, *before, write)

    followed = stage.plant("overview_announcement", **version(snapshot(), number="followed"))
    follows = stage.plant("overview_announcement", **version(snapshot(), number="followed", n=2))
    abroad = stage.plant("accounts_agency", code="a", kind="ministry", name="x", name_en="", at=AT, registered_by_id=None,
                         countersigned_by_id=None, jurisdiction_id=stage.world.jurisdictions["VN"].pk)  # fmt: skip
    sworn = {"name": "x", "name_latin": "", "phone": "", "address": "", "registered_by_id": None, "countersigned_by_id": None}
    foreign = stage.plant("accounts_staff", number="a", id_number="a", agency_id=abroad, role="supervisor", at=AT, **sworn)
    colleague = stage.plant("accounts_staff", number="c", id_number="c", agency_id=abroad, role="supervisor", at=AT, **sworn)
    back = stage.plant(
        "accounts_staff", number="b", id_number=stage.world.staff["supervisor"].id_number, role="supervisor", at=AT,
        agency_id=stage.world.agencies["civil"].pk, **sworn,
    )  # fmt: skip
    yield approve("by another supervisor", "", first)
    yield approve("by an officer", "not_an_announcer", first, who=officer)
    yield approve("by the police's own", "not_an_announcer", first, who=of_police)
    yield approve("by another of the ministry", "not_an_announcer", first, who=clerk)
    yield approve("by somebody who left", "not_an_announcer", first, leaves(stage, "supervisor2"))
    yield approve("when a colleague left", "", first, leaves(stage, "supervisor"))
    yield approve("of something else", "changed_request", first, digest="1" * 64)
    yield approve("of nothing", "changed_request", 99)
    yield approve("by a supervisor of another country", "other_jurisdiction", first, who=foreign)
    yield approve("by who wrote it", "self_approval", first, who=mine)
    yield approve("by who wrote it, back under another number", "self_approval", first, who=back)
    theirs = stage.plant("overview_announcement", **version(snapshot(), number="theirs", by_id=other))
    yield approve("of what the other wrote, by the one", "", theirs, who=mine)
    yield approve("of what the other wrote, by the other", "self_approval", theirs)
    strange = stage.plant("overview_announcement", **version(snapshot(), number="strange", by_id=foreign))
    yield approve("in another country, among its own", "", strange, who=colleague)
    yield approve("of one that a later one follows", "later_version", followed)
    yield approve("of that later one", "", follows)

    def shared(number: str, *, public: bool, of: int = operation) -> int:
        count = snapshot()
        stage.plant("overview_snapshotoperation", snapshot_id=count, operation_id=of)
        made = stage.plant("overview_announcement", **version(count, number=number))
        if public:
            stage.plant("overview_announcementapproval", announcement_id=made, digest=ZEROS, by_id=other, at=AT)
        return made

    elsewhere = stage.plant(
        "operations_operation", code="b", title="x", zero_hour=AT, time_zone="x", by_id=officer, at=AT,
        jurisdiction_id=stage.world.jurisdictions["GX"].pk,
    )  # fmt: skip
    lone = shared("lone", public=False, of=elsewhere)
    shared("waits", public=False, of=elsewhere)
    yield approve("while another that tells of the case waits", "", lone)
    shared("public", public=True)
    yield approve("of a case that is public under another number", "announced_elsewhere", shared("late", public=False))
    count = snapshot()
    stage.plant("overview_snapshotoperation", snapshot_id=count, operation_id=operation)
    again = stage.plant("overview_announcement", **version(count, number="public", n=2))
    yield approve("of a further version under the same number", "", again)
