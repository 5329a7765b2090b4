"""Records of children, their wristbands, and merges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trust.gate.case import Case, judged
from trust.gate.stage import AT, Raw, Stage, insert


def children(stage: Stage) -> Iterator[Case]:
    """Records and wristbands."""
    child = stage.child["hospital"]
    yield judged("children_child_delete_gate", "any", "append_only", f"DELETE FROM children_child WHERE id = {child}")

    def update(name: str, code: str, what: str, *before: str, version: str = "version + 1") -> Case:
        write = f"UPDATE children_child SET {what + ', ' if what else ''}version = {version} WHERE id = {child}"
        return judged("children_child_update_gate", name, code, *before, write)

    def corrected(field: str, old: str, new: str, of: int = child, version: int = 2) -> str:
        columns = {"child_id": of, "version": version, "field": field, "old": old, "new": new}
        return insert("children_correction", **columns, by_id=stage.staff("officer"), at=AT)

    yield update("the version alone", "", "")
    yield update("the version by two", "child_version", "", version="version + 2")
    yield update("the version kept", "child_version", "", version="version")
    for column, value in (
        ("id", "1"),
        ("event_id", str(stage.event["elsewhere"])),
        ("first_episode_id", "1"),
        ("by_id", str(stage.staff("nurse"))),
        ("at", "'2000-01-01 00:00:00'"),
    ):
        yield update(column, "child_frozen", f"{column} = {value}")
    group = stage.plant("children_siblinggroup", ground="alleged", by_id=stage.staff("officer"), at=AT)
    for field, column, value, was, becomes in (
        ("call_name", "call_name", "'y'", "x", "y"),
        ("sex", "sex", "'M'", "F", "M"),
        ("siblings", "siblings_id", str(group), "", str(group)),
    ):
        what = f"{column} = {value}"
        missing = "correction_missing"
        yield update(f"{field} on record", "", what, corrected(field, was, becomes))
        yield update(f"{field} without a record", missing, what)
        yield update(f"{field} of another child", missing, what, corrected(field, was, becomes, of=stage.child["police"]))
        yield update(f"{field} of another version", missing, what, corrected(field, was, becomes, version=3))
        other = "sex" if field == "call_name" else "call_name"
        yield update(f"another field than {field}", missing, what, corrected(other, was, becomes))
        yield update(f"{field} from something else", missing, what, corrected(field, "z", becomes))
        yield update(f"{field} to something else", missing, what, corrected(field, was, "z"))

    def new(name: str, code: str, *before: str, **more: Any) -> Case:
        columns = {"id": 77_000_001, "call_name": "x", "sex": "F", "event_id": 1, "first_episode_id": stage.row["orphan"]}
        columns |= {"version": 1, "by_id": stage.staff("officer"), "at": AT} | more
        return judged("children_child_insert_gate", name, code, *before, insert("children_child", **columns))

    yield new("legal", "")
    yield new("there already", "already_there", id=child)
    yield new("with another's episode", "already_there", first_episode_id=stage.first[child])
    yield new("at version 2", "child_version", version=2)
    yield new("at version 0", "child_version", version=0)
    yield new("without an episode", "no_custodian", first_episode_id=999_999)
    yield new("of another's chain", "no_custodian", id=77_000_009)
    yield new("from a second episode", "no_custodian", id=77_000_002, first_episode_id=stage.row["orphan later"])

    def band(name: str, code: str, child: int, replaces: int | None) -> Case:
        columns = {"child_id": child, "code": "x", "replaces_id": replaces, "by_id": stage.staff("officer"), "at": AT}
        return judged("children_wristband_insert_gate", name, code, insert("children_wristband", **columns))

    worn = Raw(f"(SELECT id FROM children_wristband WHERE code = '{child}')")
    yield band("the first", "", 77_000_001, None)
    yield band("a second", "wristband_follows", child, None)
    yield band("in place of another", "", child, worn)  # type: ignore[arg-type]
    yield band("in place of another child's", "wristband_follows", 77_000_001, worn)  # type: ignore[arg-type]
    yield band("in place of nothing", "wristband_follows", child, 999_999)
    yield band("in place of nothing, the first", "wristband_follows", 77_000_001, 999_999)


def merges(stage: Stage) -> Iterator[Case]:
    """Merges and splits, asked for and confirmed."""
    one, other = stage.child["police"], stage.child["hospital"]
    absorbed, split = stage.child["absorbed"], stage.child["split again"]

    def step(name: str, code: str, kind: str, kept: int, gone: int, *before: str, pk: int = 600_001) -> Case:
        columns = {"id": pk, "kept_id": kept, "absorbed_id": gone, "kind": kind, "reason": "x"}
        write = insert("children_mergestep", **columns, proposed_by_id=stage.staff("officer"), at=AT)
        return judged("children_mergestep_insert_gate", name, code, *before, write)

    yield step("a merge", "", "merge", one, other)
    yield step("with itself", "merge_with_itself", "merge", one, one)
    for name, code, code_into in (
        ("absorbed", "merge_of_merged", "merge_into_merged"),
        ("absorbed anew", "merge_of_merged", "merge_into_merged"),
        ("to be split", "merge_of_merged", "merge_into_merged"),
        ("to be absorbed", "", ""),
        ("split again", "", ""),
    ):
        yield step(f"of one {name}", code, "merge", one, stage.child[name])
        yield step(f"into one {name}", code_into, "merge", stage.child[name], one)
        whole = "split_of_whole" if not code else ""
        yield step(f"a split of one {name}", whole, "split", stage.child["elsewhere"], stage.child[name])
    yield step("a split from one absorbed", "", "split", stage.child["absorbed anew"], absorbed)
    yield step("a split of a whole", "split_of_whole", "split", absorbed, one)

    def confirm(name: str, code: str, kind: str, kept: int, gone: int, *more: str, who: str = "officer2") -> Case:
        step = {"id": 650_001, "kept_id": kept, "absorbed_id": gone, "kind": kind, "reason": "x"}
        before = insert("children_mergestep", **step, proposed_by_id=stage.staff("officer"), at=AT)
        write = insert("children_mergeconfirmation", step_id=650_001, by_id=stage.staff(who), at=AT)
        return judged("children_mergeconfirmation_insert_gate", name, code, *more, before, write)

    def twin(child: int, group: int) -> str:
        return f"UPDATE children_child SET siblings_id = {group} WHERE id = {child}"

    yield confirm("a merge", "", "merge", one, other)
    yield confirm("by the proposer", "self_approval", "merge", one, other, who="officer")
    yield confirm("of one absorbed", "merge_of_merged", "merge", one, absorbed)
    yield confirm("into one absorbed since", "merge_into_merged", "merge", absorbed, one)
    for name in ("to be absorbed", "split again"):
        yield confirm(f"of one {name}", "", "merge", one, stage.child[name])
        yield confirm(f"into one {name}", "", "merge", stage.child[name], one)
        yield confirm(f"a split of one {name}", "split_of_whole", "split", stage.child["elsewhere"], stage.child[name])
    for name in ("to be split", "absorbed anew"):
        yield confirm(f"of one {name}", "merge_of_merged", "merge", one, stage.child[name])
        yield confirm(f"into one {name}", "merge_into_merged", "merge", stage.child[name], one)
        yield confirm(f"a split of one {name}", "", "split", stage.child["elsewhere"], stage.child[name])
    yield confirm("a split of a whole", "split_of_whole", "split", absorbed, split)
    yield confirm("a split of one that was absorbed", "", "split", stage.child["elsewhere"], absorbed)
    yield confirm("a split from one that was absorbed too", "", "split", stage.child["absorbed anew"], absorbed)
    yield confirm("of one split again and into one whole", "", "merge", one, split)
    yield confirm("of a twin", "siblings_lost", "merge", one, other, twin(other, 77))
    yield confirm("of a twin into another's", "siblings_lost", "merge", one, other, twin(other, 77), twin(one, 76))
    yield confirm("of a twin into another's, the later", "siblings_lost", "merge", one, other, twin(other, 77), twin(one, 78))
    yield confirm("of a twin into one of its group", "", "merge", one, other, twin(other, 77), twin(one, 77))
    yield confirm("into a twin", "", "merge", one, other, twin(one, 77))
    yield confirm("of another than a twin", "", "merge", one, other, twin(stage.child["elsewhere"], 77))
    yield confirm("a split of a twin", "", "split", one, stage.child["absorbed anew"], twin(stage.child["absorbed anew"], 77))
    write = insert("children_mergeconfirmation", step_id=999_999, by_id=stage.staff("officer2"), at=AT)
    yield judged("children_mergeconfirmation_insert_gate", "of nothing", "self_approval", write)
