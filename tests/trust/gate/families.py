"""Tracing requests: what is said of a child, its tree, consents, and requests that end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged
from trust.gate.stage import AT, Stage, insert

DAYS = {"born_from": "2011-01-01", "born_to": "2011-02-01", "lost_from": "2011-03-01", "lost_to": "2011-03-02"}


def requests(stage: Stage) -> Iterator[Case]:
    """What may be written into a request, and how one ends."""
    by = {"by_id": stage.staff("officer"), "at": AT}
    open_, other, over = (_request(stage, number) for number in (81_000_001, 81_000_002, 81_000_003))
    stage.plant("families_requestend", request_id=over, reason="withdrawn", kept_id=None, note="x", **by)
    stage.plant("families_relative", request_id=open_, sex="F", missing=True, **by)
    stage.plant("families_relative", request_id=other, sex="F", missing=False, **by)
    stage.plant("families_description", request_id=open_, n=1, **_said(), **by)
    stage.plant("families_description", request_id=other, n=3, **_said(), **by)

    def described(name: str, code: str, request: int, n: int) -> Case:
        write = insert("families_description", request_id=request, n=n, **_said(), **by)
        return judged("families_description_insert_gate", name, code, write)

    yield described("the next", "", open_, 2)
    yield described("the same once more", "not_last", open_, 1)
    yield described("one left out", "not_last", open_, 3)
    yield described("after the last of another", "not_last", open_, 4)
    yield described("of a request that is over", "request_over", over, 1)
    yield described("of no request", "request_over", 99, 1)
    for table, columns in (
        ("missingmark", {"place": "x", "kind": "x", "note": ""}),
        ("missingitem", {"what": "x"}),
        ("requestphoto", {"jpeg": "", "sha256": "", "shows": "x"}),
    ):
        for name, code, request in (("open", "", open_), ("over", "request_over", over), ("none", "request_over", 99)):
            write = insert(f"families_{table}", request_id=request, **columns, **by)
            yield judged(f"families_{table}_insert_gate", f"of a request: {name}", code, write)

    def relative(name: str, code: str, request: int, missing: bool) -> Case:
        write = insert("families_relative", request_id=request, sex="F", missing=missing, **by)
        return judged("families_relative_insert_gate", name, code, write)

    yield relative("beside the child", "", open_, missing=False)
    yield relative("the child, first of all", "", other, missing=True)
    yield relative("a second child", "missing_child_there", open_, missing=True)
    yield relative("somebody before the child", "missing_child_there", other, missing=False)
    yield relative("of a request that is over", "request_over", over, missing=True)
    yield relative("of no request", "request_over", 99, missing=True)

    def end(name: str, code: str, request: int, reason: str, kept: int | None, who: str = "officer2") -> Case:
        by = {"by_id": stage.staff(who), "at": AT}
        write = insert("families_requestend", request_id=request, reason=reason, kept_id=kept, note="x", **by)
        return judged("families_requestend_insert_gate", name, code, write)

    yield end("taken back", "", open_, "withdrawn", None)
    yield end("for another", "", open_, "duplicate", other)
    yield end("once more", "request_over", over, "withdrawn", None)
    yield end("of none", "request_over", 99, "withdrawn", None)
    yield end("for nothing", "kept_for_duplicates", open_, "duplicate", None)
    yield end("taken back for another", "kept_for_duplicates", open_, "withdrawn", other)
    yield end("for a reason of one's own", "kept_for_duplicates", open_, "x", None)
    yield end("for itself", "kept_is_over", open_, "duplicate", open_)
    yield end("for one that is over", "kept_is_over", open_, "duplicate", over)
    yield end("for what one recorded oneself", "self_approval", open_, "duplicate", other, "officer")
    yield end("taken back by who recorded it", "", open_, "withdrawn", None, "officer")
    yield end("for one that never was", "kept_is_over", open_, "duplicate", 99)


def trees(stage: Stage) -> Iterator[Case]:
    """Who is whose parent, what is told of them, whom it is struck out, and what they agreed to."""
    by = {"by_id": stage.staff("officer"), "at": AT}
    mine, other, over = (_request(stage, number) for number in (81_000_011, 81_000_012, 81_000_013))
    stage.plant("families_requestend", request_id=over, reason="withdrawn", kept_id=None, note="x", **by)

    def one(sex: str, request: int = mine, *, missing: bool = False) -> int:
        return stage.plant("families_relative", request_id=request, sex=sex, missing=missing, **by)

    child, mother, father, woman, man, unknown = one("F", missing=True), one("F"), one("M"), one("F"), one("M"), one("U")
    struck, stranger, late, lates_mother = one("F"), one("M", other), one("F", over, missing=True), one("F", over)
    above, far = one("F"), one("M")
    stage.plant("families_relativeend", relative_id=struck, reason="x", **by)

    def linked(child: int, parent: int) -> int:
        return stage.plant("families_parentage", child_id=child, parent_id=parent, **by)

    first, lates = linked(child, mother), linked(late, lates_mother)
    linked(mother, above)
    linked(above, far)
    ended = linked(woman, above)
    stage.plant("families_parentageend", parentage_id=ended, reason="x", **by)
    linked(man, struck)
    low, middle, gone, high = one("F"), one("F"), one("F"), one("F")
    linked(low, middle)
    linked(man, gone)
    linked(gone, high)
    stage.plant("families_relativeend", relative_id=gone, reason="x", **by)
    stage.plant("families_parentageend", parentage_id=linked(middle, high), reason="x", **by)

    def parent(name: str, code: str, child: int, parent: int) -> Case:
        write = insert("families_parentage", child_id=child, parent_id=parent, **by)
        return judged("families_parentage_insert_gate", name, code, write)

    yield parent("a father", "", child, father)
    yield parent("a mother in place of one struck out", "", man, woman)
    yield parent("a mother after a link that was undone", "", woman, mother)
    yield parent("a grandfather", "", mother, man)
    yield parent("who is above them by a link that was undone", "", high, low)
    yield parent("who is above them through somebody struck out", "", high, man)
    yield parent("a second mother", "has_parent", child, woman)
    yield parent("a child whose own mother is somebody else's", "", father, woman)
    yield parent("of a request that is over", "request_over", late, man)
    yield parent("of nobody", "request_over", 99, mother)
    yield parent("a parent who was struck out", "relative_struck", unknown, struck)
    yield parent("a child who was struck out", "relative_struck", struck, father)
    yield parent("nobody", "other_family", unknown, 99)
    yield parent("of another family", "other_family", child, stranger)
    yield parent("of unknown sex", "parent_sex_unknown", father, unknown)
    yield parent("themselves", "own_ancestor", far, far)
    yield parent("their child", "own_ancestor", far, above)
    yield parent("their grandchild", "own_ancestor", far, mother)
    yield parent("their great-grandchild", "own_ancestor", far, child)

    def state(name: str, code: str, relative: int, n: int) -> Case:
        columns = {"relative_id": relative, "n": n, "name": "x", "person_id": None, "born": None, "life": "living"}
        write = insert("families_relativestate", **columns, reach="willing", note="", **by)
        return judged("families_relativestate_insert_gate", name, code, write)

    stage.plant(
        "families_relativestate", relative_id=mother, n=1, name="", person_id=None, born=None, life="x", reach="x", note="", **by
    )
    yield state("the first", "", father, 1)
    yield state("the next", "", mother, 2)
    yield state("the same once more", "not_last", mother, 1)
    yield state("one left out", "not_last", father, 2)
    yield state("of somebody struck out", "relative_struck", struck, 1)
    yield state("of a request that is over", "request_over", late, 1)
    yield state("of nobody", "request_over", 99, 1)

    consented, freed = one("F"), one("M")
    for relative in (consented, freed):
        consent = stage.plant("families_consent", **_agreed(relative), **by)
    stage.plant("families_consentwithdrawal", consent_id=consent, reason="", **by)

    def strike(name: str, code: str, relative: int) -> Case:
        write = insert("families_relativeend", relative_id=relative, reason="x", **by)
        return judged("families_relativeend_insert_gate", name, code, write)

    yield strike("somebody", "", father)
    yield strike("whose consent was withdrawn", "", freed)
    yield strike("whose consent stands", "consent_stands", consented)
    yield strike("the child", "missing_child_stays", child)
    yield strike("of a request that is over", "request_over", lates_mother)
    yield strike("nobody", "request_over", 99)

    for name, code, link in (("a link", "", first), ("over", "request_over", lates), ("none", "request_over", 99)):
        write = insert("families_parentageend", parentage_id=link, reason="x", **by)
        yield judged("families_parentageend_insert_gate", name, code, write)

    def consents(name: str, code: str, relative: int, purpose: str = "search") -> Case:
        write = insert("families_consent", **_agreed(relative, purpose), **by)
        return judged("families_consent_insert_gate", name, code, write)

    yield consents("of a mother", "", mother)
    yield consents("of the child", "consent_of_missing", child)
    yield consents("of somebody struck out", "relative_struck", struck)
    yield consents("of a request that is over", "request_over", lates_mother)
    yield consents("of nobody", "request_over", 99)
    yield consents("to something else", "consent_purpose", mother, "anything")


def verdicts(stage: Stage) -> Iterator[Case]:
    """Two requests are for one child only where one of them ends."""
    by = {"by_id": stage.staff("officer"), "at": AT}
    numbers = [_request(stage, 81_000_021 + n) for n in range(6)]
    pairs = [
        stage.plant("families_requestduplicate", one_id=one, other_id=two, reasons="[]", at=AT)
        for one, two in zip(numbers[::2], numbers[1::2], strict=True)
    ]
    for ended, kept in ((numbers[2], numbers[3]), (numbers[5], numbers[4])):
        stage.plant("families_requestend", request_id=ended, reason="duplicate", kept_id=kept, note="x", **by)

    def verdict(name: str, code: str, pair: int, *, same: bool) -> Case:
        write = insert("families_duplicateverdict", proposal_id=pair, same=same, note="x", **by)
        return judged("families_duplicateverdict_insert_gate", name, code, write)

    yield verdict("two children", "", pairs[0], same=False)
    yield verdict("one child, and both go on", "duplicate_not_ended", pairs[0], same=True)
    yield verdict("one child, and the first ended", "", pairs[1], same=True)
    yield verdict("one child, and the second ended", "", pairs[2], same=True)


def _request(stage: Stage, number: int) -> int:
    columns: dict[str, Any] = {"jurisdiction_id": 1, "inquirer_id": stage.person["stranger"], "relation": "mother"}
    stage.plant("families_tracingrequest", id=number, **columns, by_id=stage.staff("officer"), at=AT)
    return number


def _said() -> dict[str, Any]:
    words = {"child_name": "x", "sex": "F", "place": "x", "where_id": None, "cause": "unknown"}
    return words | DAYS | {"circumstances": "", "looks": "", "blood_group": ""}


def _agreed(relative: int, purpose: str = "search") -> dict[str, Any]:
    paper = {"given_by": "x", "signed_on": "2011-07-20", "until": "2021-07-20", "form": "x"}
    return {"relative_id": relative, "purpose": purpose, "scope": "this_child"} | paper
