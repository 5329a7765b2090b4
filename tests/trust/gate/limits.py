"""How long clocks of the house run, and whose signature stands under it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, leaves
from trust.gate.stage import AT, Stage, insert
from wayhome.casework.accounts.rules import Role
from wayhome.casework.overview.rules.clocks import LIMITED, most_hours


def limits(stage: Stage) -> Iterator[Case]:
    """Limits and approvals."""
    mine, officer = stage.staff("supervisor"), stage.staff("officer")
    of_police, clerk = stage.member["police", Role.SUPERVISOR], stage.staff("administrator")
    told = {"kind": "hospital", "hours": 1, "since": "2011-07-20", "reason": "x", "by_id": mine, "at": AT}

    def limit(name: str, code: str, *before: str, **more: object) -> Case:
        return judged("overview_limit_insert_gate", name, code, *before, insert("overview_limit", **{**told, **more}))

    yield limit("by a supervisor", "")
    yield limit("by an officer", "not_allowed", by_id=officer)
    yield limit("by the police's own", "not_allowed", by_id=of_police)
    yield limit("by another of the ministry", "not_allowed", by_id=clerk)
    yield limit("by nobody", "not_allowed", by_id=99)
    yield limit("by somebody who left", "not_allowed", leaves(stage, "supervisor"))
    yield limit("when a colleague left", "", leaves(stage, "supervisor2"))
    yield limit("of no time", "limit_too_long", hours=0)
    yield limit("of a clock that knows its own days", "limit_too_long", kind="visit")
    for kind in LIMITED:
        yield limit(f"{kind}, as long as the law's", "", kind=kind, hours=most_hours(kind))
        yield limit(f"{kind}, longer than the law's", "limit_too_long", kind=kind, hours=most_hours(kind) + 1)

    yield from _approvals(stage, "overview_limit", "overview_limitapproval", "limit_id", told)


def calendars(stage: Stage) -> Iterator[Case]:
    """Calendars of years, and approvals."""
    mine, officer = stage.staff("supervisor"), stage.staff("officer")
    told = {"year": 2026, "days": "{}", "source": "x", "by_id": mine, "at": AT}

    def calendar(name: str, code: str, *before: str, by: int = mine) -> Case:
        write = insert("overview_calendaryear", **{**told, "by_id": by})
        return judged("overview_calendaryear_insert_gate", name, code, *before, write)

    yield calendar("by a supervisor", "")
    yield calendar("by an officer", "not_allowed", by=officer)
    yield calendar("by the police's own", "not_allowed", by=stage.member["police", Role.SUPERVISOR])
    yield calendar("by another of the ministry", "not_allowed", by=stage.staff("administrator"))
    yield calendar("by nobody", "not_allowed", by=99)
    yield calendar("by somebody who left", "not_allowed", leaves(stage, "supervisor"))
    yield calendar("when a colleague left", "", leaves(stage, "supervisor2"))
    yield from _approvals(stage, "overview_calendaryear", "overview_calendarapproval", "calendar_id", told)


def _approvals(stage: Stage, table: str, approval: str, column: str, told: dict[str, Any]) -> Iterator[Case]:
    """Of what one supervisor said, by another."""
    mine, other, officer = stage.staff("supervisor"), stage.staff("supervisor2"), stage.staff("officer")
    of_police, clerk = stage.member["police", Role.SUPERVISOR], stage.staff("administrator")
    tag = table[-1]
    first, theirs = (stage.plant(table, **{**told, "by_id": by}) for by in (mine, other))
    abroad = stage.plant("accounts_agency", code=f"q{tag}", kind="ministry", name="x", name_en="", at=AT, registered_by_id=None,
                         countersigned_by_id=None, jurisdiction_id=stage.world.jurisdictions["VN"].pk)  # fmt: skip
    sworn = {"name": "x", "name_latin": "", "phone": "", "address": "", "registered_by_id": None, "countersigned_by_id": None}
    sworn |= {"role": "supervisor", "at": AT}
    foreign = stage.plant("accounts_staff", number=f"q{tag}", id_number=f"q{tag}", agency_id=abroad, **sworn)
    colleague = stage.plant("accounts_staff", number=f"r{tag}", id_number=f"r{tag}", agency_id=abroad, **sworn)
    back = stage.plant(
        "accounts_staff",
        number=f"s{tag}",
        id_number=stage.world.staff["supervisor"].id_number,
        agency_id=stage.world.agencies["civil"].pk,
        **sworn,
    )
    strange = stage.plant(table, **{**told, "by_id": foreign})

    def approve(name: str, code: str, of: int, *before: str, who: int = other) -> Case:
        write = insert(approval, **{column: of}, by_id=who, at=AT)
        return judged(f"{approval}_insert_gate", name, code, *before, write)

    yield approve("by another supervisor", "", first)
    yield approve("by an officer", "not_allowed", first, who=officer)
    yield approve("by the police's own", "not_allowed", first, who=of_police)
    yield approve("by another of the ministry", "not_allowed", first, who=clerk)
    yield approve("by somebody who left", "not_allowed", first, leaves(stage, "supervisor2"))
    yield approve("when a colleague left", "", first, leaves(stage, "supervisor"))
    yield approve("of nothing", "other_jurisdiction", 99)
    yield approve("by a supervisor of another country", "other_jurisdiction", first, who=foreign)
    yield approve("in another country, among its own", "", strange, who=colleague)
    yield approve("by who set it", "self_approval", first, who=mine)
    yield approve("by who set it, back under another number", "self_approval", first, who=back)
    yield approve("of what the other set, by the one", "", theirs, who=mine)
    yield approve("of what the other set, by the other", "self_approval", theirs)
