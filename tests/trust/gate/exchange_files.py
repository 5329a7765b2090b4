"""What is told of a child abroad, and whom its return waits for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged, twin_of
from trust.gate.exchange import by_roles
from trust.gate.exchange_dna import BOTH, SUPERVISOR, TIED, TIED_ELSEWHERE, out
from trust.gate.stage import AT, Stage, insert
from wayhome.casework.accounts.rules import Role
from wayhome.casework.exchange.rules.asking import BASES
from wayhome.casework.exchange.rules.packages import FIELDS

EVENT, CHILD = 798_001, 798_002
FOUND, BEFORE, AFTER_IT, LATER = "2011-07-21 08:00:00", "2011-07-20 12:00:00", "2011-07-22 08:00:00", "2011-07-23 08:00:00"
NOW = "2011-07-24 08:00:00"
BOTH_ROLES = {Role.SUPERVISOR, Role.LIAISON}


def exchange_files(stage: Stage) -> Iterator[Case]:
    """Of every guard of these tables."""
    yield from _packages(stage)
    yield from _steps(stage)


def package(n: int = 1, of: int = TIED, **more: Any) -> str:
    return insert("exchange_package", **{"id": n, "of_id": of, "digest": "d", "by_id": 1, "at": AT} | more)


def field(n: int = 1, of: int = 1, name: str = "sex", basis: str = "treaty") -> str:
    return insert("exchange_packagefield", id=n, package_id=of, name=name, basis=basis)


def approval(n: int = 1, of: int = 1, **more: Any) -> str:
    return insert("exchange_packageapproval", **{"id": n, "package_id": of, "by_id": 2, "at": AT} | more)


def sent(n: int = 1, of: int = 1, message: int = 1) -> str:
    return insert("exchange_packagesent", id=n, approval_id=of, message_id=message, at=AT)


def _packages(stage: Stage) -> Iterator[Case]:
    one, other = stage.staff("supervisor"), stage.staff("supervisor2")
    yield from by_roles(stage, "exchange_package_insert_gate", package, BOTH_ROLES)
    guard = "exchange_packagefield_insert_gate"
    for name, bases in (*FIELDS.items(), ("address", frozenset[str]())):
        for basis in (*BASES, "because"):
            yield judged(guard, f"{name} by {basis}", "" if basis in bases else "no_basis", field(name=name, basis=basis))
    yield judged(guard, "approved", "package_approved", approval(), field())
    yield judged(guard, "another approved", "", approval(2, 2), field())
    guard = "exchange_packageapproval_insert_gate"
    here = (package(1, by_id=999_998), field(1), package(2, by_id=other), field(2, 2), package(3, by_id=one), field(3, 3))
    yield from by_roles(stage, guard, approval, SUPERVISOR, *here)
    for name, code, before, of in (
        ("by the other", "", (), 2),
        ("by oneself", "self_approval", (), 3),
        ("of nothing", "self_approval", (), 4),
        ("without a field", "nothing_chosen", (package(5, by_id=other),), 5),
    ):
        yield judged(guard, name, code, *here, *before, approval(9, of, by_id=one))
    twin, there = twin_of(stage, "supervisor2")
    yield judged(guard, "by the other, under another number", "self_approval", there, *here, approval(9, 2, by_id=twin))
    yield judged(guard, "by one who is twice there, of another's", "", there, *here, approval(9, 3, by_id=twin))
    guard = "exchange_packagesent_insert_gate"
    here = (
        *BOTH,
        package(1, TIED_ELSEWHERE),
        package(2, TIED),
        approval(1, 1),
        approval(2, 2),
        out(1, "package", 797_012),
        out(2, "package"),
        out(3, "notice", sequence=2),
    )
    for name, code, of, message in (
        ("its own", "", 2, 2),
        ("the other its own", "", 1, 1),
        ("the other's", "not_its_package", 2, 1),
        ("mine for the other", "not_its_package", 1, 2),
        ("a notice", "not_its_package", 2, 3),
        ("none", "not_its_package", 2, 4),
        ("of nothing", "not_its_package", 3, 2),
    ):
        yield judged(guard, name, code, *here, sent(of=of, message=message))
    guard, by = "exchange_outgoing_insert_gate", {"by_id": one}
    mine, second = (package(1, TIED_ELSEWHERE), approval(1, 1)), (package(2, TIED), approval(2, 2))
    for name, code, before in (
        ("a package, approved", "", (*mine, *second)),
        ("a package, proposed", "not_approved", (*mine, second[0])),
        ("a package, approved of another", "not_approved", mine),
        ("a package, sent", "not_approved", (*second, sent(2, 2, 99))),
        ("a package, another sent", "", (*mine, *second, sent(1, 1, 99))),
    ):
        yield judged(guard, name, code, *BOTH, *before, out(1, "package", **by))


def step(n: int = 1, of: int = TIED, **more: Any) -> str:
    told = {"of_id": of, "n": n, "who": "ours", "what": "x", "since": FOUND, "by_id": 1, "at": NOW}
    return insert("exchange_waitingstep", **told | more)


def rescued_child(stage: Stage) -> tuple[str, ...]:
    """One in a shared case, after another who was rescued earlier."""
    event = insert(
        "operations_rescueevent",
        id=EVENT,
        operation_id=stage.operation["this"],
        jurisdiction_id=stage.world.jurisdictions["GX"].pk,
        clue_of_id=None,
        place="x",
        facility_id=None,
        found_at=FOUND,
        sedation_suspected=False,
        circumstances="",
        corrects_id=None,
        by_id=1,
        at=AT,
    )
    child = insert(
        "children_child", id=CHILD, call_name="x", sex="F", event_id=EVENT, first_episode_id=CHILD, version=1, by_id=1, at=AT
    )
    # The first child in a shared case is one that was rescued earlier.
    early = insert("exchange_casechild", id=1, case_id=1, child_id=stage.child["hospital"], by_id=1, at=AT)
    tied = insert("exchange_casechild", id=TIED, case_id=1, child_id=CHILD, by_id=1, at=AT)
    return event, child, early, tied


def _steps(stage: Stage) -> Iterator[Case]:
    guard, by = "exchange_waitingstep_insert_gate", {"by_id": stage.staff("supervisor")}
    here = rescued_child(stage)
    yield from by_roles(stage, guard, step, BOTH_ROLES, *here)
    for who in ("ours", "theirs", "court", "documents"):
        yield judged(guard, f"for {who}", "", *here, step(who=who, **by))
    yield judged(guard, "for somebody", "unknown_choice", *here, step(who="else", **by))
    first, second = step(since=AFTER_IT, **by), step(2, since=LATER, **by)
    elsewhere = insert(
        "exchange_waitingstep", of_id=1, n=1, who="ours", what="x", since="2011-07-23 09:00:00", by_id=by["by_id"], at=NOW
    )
    for name, code, before, row in (
        ("the second", "", (first,), step(2, since=AFTER_IT, **by)),
        ("the third", "", (first, second), step(3, since=LATER, **by)),
        ("the first again", "not_next", (first,), step(1, since=LATER, **by)),
        ("the second first", "not_next", (), step(2, **by)),
        ("the second of another", "not_next", (elsewhere,), step(2, since="2011-07-23 10:00:00", **by)),
        ("the first beside another", "", (elsewhere,), step(since=AFTER_IT, **by)),
        ("before the last", "step_before_last", (first, second), step(3, since=AFTER_IT, **by)),
        ("after the first and before the second", "step_before_last", (first,), step(2, since=FOUND, **by)),
        ("before the rescue", "before_rescue", (), step(since=BEFORE, **by)),
        ("of nobody", "before_rescue", (), step(of=999_999, **by)),
        ("at once", "", (), step(since=NOW, **by)),
        ("ahead", "in_the_future", (), step(since="2011-07-24 08:00:01", **by)),
    ):
        yield judged(guard, name, code, *here, *before, row)
