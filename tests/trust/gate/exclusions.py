"""Whoever meets an exclusion, wherever exclusions are looked at, and whoever just does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, admission_columns, request_columns
from trust.gate.stage import AT, Stage, insert


def _excluded(stage: Stage, n: int, key: tuple[str, str] | None, **more: Any) -> tuple[str, ...]:
    """SQL that excludes a thing with a key, or a person."""
    pk = 900_000 + n
    columns = {
        "id": pk,
        "subject": "phone",
        "person_id": None,
        "value": "",
        "scope": "all",
        "child_id": None,
        "operation_id": None,
        "ground": "buyer",
        "note": "",
        "by_id": stage.staff("officer"),
        "at": AT,
    } | more
    first = insert("custody_exclusion", **columns)
    if key is None:
        return (first,)
    return first, insert("custody_exclusionkey", id=pk, exclusion_id=pk, kind=key[0], key=key[1])


def _known(stage: Stage, person: str, kind: str, key: str) -> str:
    """SQL that gives a person a key."""
    return insert("operations_personkey", person_id=stage.person[person], kind=kind, key=key)


def _merged(stage: Stage, *steps: tuple[str, int, int, bool]) -> tuple[str, ...]:
    """SQL of merges and splits, one after the other: the kind, who is kept, who is absorbed, and whether it was confirmed."""
    said = []
    for pk, (kind, kept, absorbed, confirmed) in enumerate(steps, 950_001):
        columns = {"id": pk, "kept_id": kept, "absorbed_id": absorbed, "kind": kind, "reason": "x"}
        said.append(insert("children_mergestep", **columns, proposed_by_id=stage.staff("officer"), at=AT))
        if confirmed:
            said.append(insert("children_mergeconfirmation", step_id=pk, by_id=stage.staff("officer2"), at=AT))
    return tuple(said)


def merged_records(stage: Stage, child: int) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """How a record of another operation may have been merged into a child's, and whether what is known of it follows."""
    record, between, elsewhere = (stage.child[name] for name in ("record", "between", "elsewhere"))
    merge, split = ("merge", child, record, True), ("split", child, record, True)
    away, others = ("merge", elsewhere, record, True), ("merge", elsewhere, between, True)
    for name, steps, follow in (
        ("merged", (merge,), True),
        ("to be merged", (("merge", child, record, False),), False),
        ("split again", (merge, split), False),
        ("to be split", (merge, ("split", child, record, False)), True),
        ("merged anew", (merge, split, merge), True),
        ("merged by way of another", (("merge", between, record, True), ("merge", child, between, True)), True),
        ("merged before others were", (merge, others), True),
        ("split before others were merged", (merge, split, others), False),
        ("merged into another child's", (away,), False),
        ("merged into another child's since", (merge, split, away), False),
    ):
        yield f"a record {name}", _merged(stage, *steps), follow


def ways(
    stage: Stage, child: int | None, kind: str, key: str, other: tuple[str, str]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """How somebody with a key, on the way to a child, can meet an exclusion, or just not; `other` is the key of somebody else."""
    anywhere = "" if child is not None else "excluded"
    kin_anywhere = "" if child is not None else "kin_of_excluded"
    here = child or stage.child["police"]
    elsewhere = stage.child["hospital"]
    scopes: list[tuple[str, dict[str, Any], bool]] = [
        ("all", {}, True),
        ("this child", {"scope": "child", "child_id": here}, True),
        ("another child", {"scope": "child", "child_id": elsewhere}, False),
        ("this operation", {"scope": "operation", "operation_id": stage.operation["this"]}, True),
        ("another operation", {"scope": "operation", "operation_id": stage.operation["other"]}, False),
        ("a merged child", {"scope": "child", "child_id": stage.child["absorbed"]}, True),
        ("a child merged anew", {"scope": "child", "child_id": stage.child["absorbed anew"]}, True),
        ("a child to be merged", {"scope": "child", "child_id": stage.child["to be absorbed"]}, False),
        ("a child split again", {"scope": "child", "child_id": stage.child["split again"]}, False),
    ]
    x = {"subject": "person", "person_id": stage.person["x"]}
    for scope, columns, concerned in scopes:
        same = "excluded" if concerned else anywhere
        kin = "kin_of_excluded" if concerned else kin_anywhere
        yield f"a thing, for {scope}", same, _excluded(stage, 1, (kind, key), **columns)
        person = _excluded(stage, 1, None, **x, **columns)
        yield f"a person, for {scope}", same, (_known(stage, "x", kind, key), *person)
        yield f"kin, for {scope}", kin, (_known(stage, "y", kind, key), *person)
    for name, merges, follow in merged_records(stage, child) if child is not None else ():
        of = {"scope": "operation", "operation_id": stage.operation["of a record"]}
        person = _excluded(stage, 1, None, **x, **of)
        same, kin = ("excluded", "kin_of_excluded") if follow else ("", "")
        yield f"a thing, for the operation of {name}", same, (*merges, *_excluded(stage, 1, (kind, key), **of))
        yield f"a person, for the operation of {name}", same, (*merges, _known(stage, "x", kind, key), *person)
        yield f"kin, for the operation of {name}", kin, (*merges, _known(stage, "y", kind, key), *person)
    person = _excluded(stage, 1, None, **x)
    yield "kin of kin", "kin_of_excluded", (_known(stage, "z", kind, key), *person)
    yield "kin of kin of kin", "", (_known(stage, "w", kind, key), *person)
    yield "kin of somebody who is not excluded", "", (_known(stage, "w", kind, key), _known(stage, "z", "id", "x"), *person)
    yield "somebody else than the excluded", "", (_known(stage, "v", kind, key), *person)
    yield "a person without the key", "", (_known(stage, "x", kind, "other"), *person)
    yield "a person with the key as another kind", "", (_known(stage, "x", "other", key), *person)
    yield "kin with the key as another kind", "", (_known(stage, "y", "other", key), *person)
    yield "kin without the key", "", (_known(stage, "y", kind, "other"), *person)
    yield "another thing", "", _excluded(stage, 1, (kind, "other"))
    yield "another kind of thing", "", _excluded(stage, 1, ("other", key))
    yield "somebody else's thing", "", _excluded(stage, 1, other)
    yield "somebody else's kin", "", (_known(stage, "y", *other), *person)
    if child is not None:
        one = _excluded(stage, 1, (kind, key), scope="child", child_id=elsewhere)
        yield "a key of another exclusion", "", (*one, *_excluded(stage, 2, None, **x))
    else:
        of_nothing = insert("custody_exclusionkey", exclusion_id=999_999, kind=kind, key=key)
        yield "a key of no exclusion", "", (of_nothing, *person)


def _namesakes(stage: Stage, name: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Staff are told from their namesakes by the identity number, where the other's is known."""
    person = _excluded(stage, 1, None, subject="person", person_id=stage.person["x"])
    for who, code in (("x", "excluded"), ("y", "kin_of_excluded")):
        numbered = _known(stage, who, "id", "other")
        for kind in ("name", "slip"):
            same = _known(stage, who, kind, f"{kind}-{name}")
            yield f"{kind} of {who} alone", code, (same, *person)
            yield f"{kind} of {who} with a number", "", (same, numbered, *person)
            yield f"{kind} of {who} and a number of somebody else", code, (same, _known(stage, "v", "id", "other"), *person)
            yield f"{kind} of {who} and a telephone", code, (same, _known(stage, who, "phone", "other"), *person)
        yield f"telephone of {who} with a number", code, (_known(stage, who, "phone", f"phone-{name}"), numbered, *person)


def exclusions(stage: Stage) -> Iterator[Case]:
    """Everybody who is looked at, at each guard that looks."""
    child = stage.child["welfare_institution"]
    with_escort = insert("custody_handoveroffer", **stage.offer_columns(child, "hospital", escort_id=stage.person["escort"]))
    fostered = stage.child["foster ready"]
    foster = insert("custody_handoveroffer", **stage.offer_columns(fostered, "foster", foster_id=stage.request["ready"]))
    taken, carried = stage.child["offered welfare_institution"], stage.offer["with escort"]
    episode = insert("custody_custodyepisode", **stage.episode_columns(taken, "hospital", carried))
    placed = stage.child["fostered ready"]
    to_foster = insert(
        "custody_custodyepisode",
        **stage.episode_columns(placed, "foster", stage.offer["foster ready"], responsible_id=stage.staff("caseworker2")),
    )
    request = insert("custody_fosterrequest", **request_columns(stage))
    visit = insert("custody_admission", **admission_columns(stage))
    waits, asked_of = stage.child["unfit"], stage.child["uncleared"]
    asks = {"child_id": waits, "facility_id": stage.place("home"), "line_id": None, "reason": "", "at": AT}
    ask = insert("placements_placement", **asks, by_id=stage.staff("placement"))
    answers = {"placement_id": stage.row["asked of the home"], "accepted": True, "code": "", "note": "", "at": AT}
    answer = insert("placements_placementanswer", **answers, by_id=stage.staff("caseworker"))
    in_gd = {"placement_id": stage.row["asked of the home in GD"], "by_id": stage.staff("caseworker_gd")}
    answer_in_gd = insert("placements_placementanswer", **answers | in_gd)
    of_gd = stage.child["begun in hospital"]
    phone, address = "phone", "address"
    stranger = (phone, "phone-stranger")
    officer = (phone, "phone-officer2")
    nursery = (address, "address-nursery")
    for table, what, on, write, key, other in (
        ("custody_handoveroffer", "giver", child, with_escort, (phone, "phone-caseworker"), officer),
        ("custody_handoveroffer", "facility", child, with_escort, (address, "address-hospital"), nursery),
        ("custody_handoveroffer", "escort", child, with_escort, (phone, "phone-escort"), stranger),
        ("custody_handoveroffer", "household", fostered, foster, (address, "k-ready"), (address, "k-by one")),
        ("custody_handoveroffer", "foster mother", fostered, foster, (phone, "phone-household"), stranger),
        ("custody_custodyepisode", "receiver", taken, episode, (phone, "phone-nurse2"), officer),
        ("custody_custodyepisode", "giver", taken, episode, (phone, "phone-caseworker"), officer),
        ("custody_custodyepisode", "facility", taken, episode, (address, "address-hospital"), nursery),
        ("custody_custodyepisode", "escort", taken, episode, (phone, "phone-escort"), stranger),
        ("custody_custodyepisode", "vehicle", taken, episode, ("vehicle", "car"), ("vehicle", "another car")),
        ("custody_custodyepisode", "household", placed, to_foster, (address, "k-taken ready"), (address, "k-by one")),
        ("custody_custodyepisode", "foster mother", placed, to_foster, (phone, "phone-household"), stranger),
        ("custody_fosterrequest", "foster mother", child, request, (phone, "phone-household"), stranger),
        ("custody_fosterrequest", "facility", child, request, (address, "address-home"), nursery),
        ("custody_admission", "visitor", None, visit, (phone, "phone-stranger"), (phone, "phone-household")),
        ("placements_placement", "facility", waits, ask, (address, "address-home"), nursery),
        ("placements_placementanswer", "facility", of_gd, answer_in_gd, (address, "address-home_gd"), nursery),
        ("placements_placementanswer", "who accepts", asked_of, answer, (phone, "phone-caseworker"), officer),
    ):
        for name, code, before in ways(stage, on, *key, other):
            yield Case(f"wayhome_{table}_insert_gate", f"{what}: {name}", code, (*before, write))
    for table, what, write, who in (
        ("custody_handoveroffer", "giver", with_escort, "caseworker"),
        ("custody_custodyepisode", "receiver", episode, "nurse2"),
        ("custody_custodyepisode", "giver", episode, "caseworker"),
        ("placements_placementanswer", "who accepts", answer, "caseworker"),
    ):
        for name, code, before in _namesakes(stage, who):
            yield Case(f"wayhome_{table}_insert_gate", f"{what}: {name}", code, (*before, write))
    # A person from outside has no number that two registrars saw: a shared name is enough.
    for table, what, write, shared in (
        ("custody_handoveroffer", "escort", with_escort, "name-escort"),
        ("custody_custodyepisode", "escort", episode, "name-escort"),
        ("custody_custodyepisode", "foster mother", to_foster, "name-household"),
        ("custody_fosterrequest", "foster mother", request, "name-household"),
        ("custody_admission", "visitor", visit, "name-stranger"),
    ):
        person = _excluded(stage, 1, None, subject="person", person_id=stage.person["x"])
        before = (_known(stage, "x", "name", shared), _known(stage, "x", "id", "other"), *person)
        yield Case(f"wayhome_{table}_insert_gate", f"{what}: namesake with a number", "excluded", (*before, write))
