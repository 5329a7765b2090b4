"""Describe a child, correct what was typed wrongly, say which records are one child. Nothing is overwritten."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from wayhome import kinship
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.children import queries
from wayhome.casework.children.models import (
    AgeEstimate,
    Assertion,
    Child,
    Correction,
    DuplicateProposal,
    FoundItem,
    Mark,
    MergeConfirmation,
    MergeStep,
    Photo,
    SiblingGroup,
)
from wayhome.casework.children.rules import AGE_METHODS, ASSERTED, GROUNDS, OLDEST_DAYS, SEXES, duplicate_reasons
from wayhome.casework.children.signals import merge_confirmed, records_changed
from wayhome.casework.core.actors import SYSTEM, Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import Conflict, Invalid, NotAllowed, Refused
from wayhome.casework.core.photos import clean_photo

CORRECTABLE = ("call_name", "sex")
_EARLIEST = date(1990, 1, 1)


def estimate_age(*, child: Child, on: date, least_days: int, most_days: int, method: str, by: Actor, at: datetime) -> AgeEstimate:
    """How old a child was on a day, at least and at most, in days. The last word counts; those before it stay."""
    require(by, Permission.DESCRIBE_CHILD)
    checks = Checks()
    checks.must("least_days", least_days >= 0, "negative")
    checks.must("most_days", most_days >= least_days, "before_least")
    checks.must("most_days", most_days <= OLDEST_DAYS, "too_old")
    checks.one_of("method", method, AGE_METHODS)
    checks.day("on", on, at=at)
    checks.done()
    with gate(by=by, at=at, child_id=child.pk, attempt="estimate_age"):
        estimate = AgeEstimate.objects.create(
            child=child, on=on, least_days=least_days, most_days=most_days, method=method, by_id=by.staff_id, at=at
        )
        _told(by, at, "estimate_age", child, f"age:{estimate.pk}", method=method)
    return estimate


def add_mark(*, child: Child, place: str, kind: str, by: Actor, at: datetime, size_mm: int | None = None, note: str = "") -> Mark:
    """A mark on the body, at a coded place (`kinship.body_places`), of a kind (`kinship.mark_kinds`)."""
    require(by, Permission.DESCRIBE_CHILD)
    checks = Checks()
    checks.one_of("place", place, kinship.body_places())
    checks.one_of("kind", kind, kinship.mark_kinds())
    checks.within("size_mm", size_mm, 1, 1000)
    note = checks.text("note", note, 200, required=False)
    checks.done()
    with gate(by=by, at=at, child_id=child.pk, attempt="add_mark"):
        mark = Mark.objects.create(child=child, place=place, kind=kind, size_mm=size_mm, note=note, by_id=by.staff_id, at=at)
        _told(by, at, "add_mark", child, f"mark:{mark.pk}")
    return mark


def add_item(*, child: Child, what: str, by: Actor, at: datetime, kept_at: str = "") -> FoundItem:
    """Something found with a child, and where it is kept: a family may know it again."""
    require(by, Permission.DESCRIBE_CHILD)
    checks = Checks()
    what = checks.text("what", what, 200)
    kept_at = checks.text("kept_at", kept_at, 120, required=False)
    checks.done()
    with gate(by=by, at=at, child_id=child.pk, attempt="add_item"):
        item = FoundItem.objects.create(child=child, what=what, kept_at=kept_at, by_id=by.staff_id, at=at)
        _told(by, at, "add_item", child, f"item:{item.pk}")
    return item


def say(
    *,
    child: Child,
    field: str,
    value: str,
    said_by: str,
    by: Actor,
    at: datetime,
    supersedes: Assertion | None = None,
) -> Assertion:
    """Somebody says something of a child: it stands beside what others say, or takes the place of what was said before.

    Parameters
    ----------
    field : name, birth_date (ISO), nationality, origin, language, parent, blood_group, note.
    said_by : whose word it is; `by` only writes it down.
    """
    require(by, Permission.DESCRIBE_CHILD)
    checks = Checks()
    checks.one_of("field", field, ASSERTED)
    value = checks.text("value", value, 300)
    said_by = checks.text("said_by", said_by, 120)
    if field == "birth_date":
        born = _day(value)
        checks.must("value", born is not None, "not_a_date")
        if born is not None:
            checks.must("value", born >= _EARLIEST, "implausible")
            checks.day("value", born, at=at)
    if supersedes is not None:
        checks.must("supersedes", (supersedes.child_id, supersedes.field) == (child.pk, field), "something_else")
    checks.done()
    with gate(by=by, at=at, child_id=child.pk, attempt="say"):
        if supersedes is not None and Assertion.objects.filter(supersedes=supersedes).exists():
            raise Refused(["already_superseded"], child=child.pk)
        assertion = Assertion.objects.create(
            child=child, field=field, value=value, said_by=said_by, supersedes=supersedes, by_id=by.staff_id, at=at
        )
        _told(by, at, "say", child, f"assertion:{assertion.pk}", field=field, supersedes=supersedes.pk if supersedes else 0)
    return assertion


def add_photo(*, child: Child, data: bytes, by: Actor, at: datetime) -> Photo:
    """A picture, of which the pixels alone are kept (`photos.clean_photo`)."""
    require(by, Permission.DESCRIBE_CHILD)
    return keep_photo(child=child, jpeg=clean_photo(data), by=by, at=at)


def keep_photo(*, child: Child, jpeg: bytes, by: Actor, at: datetime) -> Photo:
    """Keep a picture that was cleaned before: cleaning takes its time, and this is inside a transaction."""
    require(by, Permission.DESCRIBE_CHILD)
    digest = hashlib.sha256(jpeg).hexdigest()
    with gate(by=by, at=at, child_id=child.pk, attempt="add_photo"):
        photo = Photo.objects.create(child=child, jpeg=jpeg, sha256=digest, by_id=by.staff_id, at=at)
        _told(by, at, "add_photo", child, f"photo:{photo.pk}", sha256=digest)
    return photo


def correct(*, child_id: int, version: int, changes: Mapping[str, str], by: Actor, at: datetime) -> Child:
    """Correct a call name or a sex as it was observed, if nobody else did since `version` was read.

    Raises
    ------
    Conflict
        somebody was quicker; `changes` tells for each field they changed how it was read and how it is now.
    """
    require(by, Permission.DESCRIBE_CHILD)
    checks = Checks()
    for field in changes:
        checks.must(field, field in CORRECTABLE, "unknown_field")
    wanted = dict(changes)
    if "call_name" in wanted:
        wanted["call_name"] = checks.text("call_name", wanted["call_name"], 40)
    if "sex" in wanted:
        checks.one_of("sex", wanted["sex"], SEXES)
    checks.must("changes", bool(changes), "required")
    checks.done()
    child = queries.child(child_id)
    if not 1 <= version <= child.version:
        raise Invalid({"version": "unknown_version"})
    if child.version == version:
        wanted = {field: new for field, new in wanted.items() if getattr(child, field) != new}
        if not wanted:
            return child
        old = {field: getattr(child, field) for field in wanted}
        try:
            with gate(by=by, at=at, child_id=child_id, attempt="correct"):
                _change(child_id, version, old, wanted, wanted, by=by, at=at)
                _told(by, at, "correct", child, f"child:{child_id}", fields=sorted(wanted), version=version + 1)
            return queries.child(child_id)
        except Conflict:
            pass
    raise Conflict(queries.changed_since(child_id, version), child=child_id, version=queries.child(child_id).version)


def propose_duplicates(*, child: Child, at: datetime) -> list[DuplicateProposal]:
    """Records that may be the same child, each proposed once, with the reasons. People decide; nothing is merged here."""
    others = queries.may_be(child)
    sought, *told = queries.sightings([child, *others], day=at.date())
    found = [
        (other, reasons) for other, sighting in zip(others, told, strict=True) if (reasons := duplicate_reasons(sought, sighting))
    ]
    if not found:
        return []
    with gate(by=SYSTEM, at=at, child_id=child.pk, attempt="propose_duplicates"):
        proposals = []
        for other, reasons in found:
            one, two = sorted((child, other), key=lambda record: record.pk)
            proposal = DuplicateProposal.objects.create(one=one, other=two, reasons=reasons, at=at)
            proposals.append(proposal)
            _told(SYSTEM, at, "propose_duplicate", child, f"duplicate:{proposal.pk}", other=other.pk)
    return proposals


def propose_merge(*, kept: Child, absorbed: Child, reason: str, by: Actor, at: datetime) -> MergeStep:
    """Say that two records are one child, `kept`. It counts when somebody else confirms it."""
    _may_merge(by)
    reason = _reason(reason)
    if kept.pk == absorbed.pk:
        raise Invalid({"absorbed": "merge_with_itself"})
    return _step(kept=kept, absorbed=absorbed, kind="merge", reason=reason, by=by, at=at)


def propose_split(*, absorbed: Child, reason: str, by: Actor, at: datetime) -> MergeStep:
    """Say that a record merged away is a child of its own after all. It counts when somebody else confirms it."""
    _may_merge(by)
    reason = _reason(reason)
    last = queries.last_step(absorbed)
    if last is None or last.kind != "merge":
        raise Refused(["split_of_whole"], child=absorbed.pk)
    return _step(kept=last.kept, absorbed=absorbed, kind="split", reason=reason, by=by, at=at)


def confirm_merge(*, step: MergeStep, by: Actor, at: datetime) -> MergeConfirmation:
    """The second person agrees to a merge or a split; never the one who proposed it."""
    _may_merge(by)
    with gate(by=by, at=at, child_id=step.absorbed_id, attempt=f"confirm_{step.kind}"):
        if MergeConfirmation.objects.filter(step=step).exists():
            raise Refused(["already_there"], child=step.absorbed_id)
        brought = None
        if step.kind == "merge":
            brought = _bring_siblings(step, by=by, at=at)
        else:
            _take_siblings_back(step, by=by, at=at)
        confirmation = MergeConfirmation.objects.create(step=step, siblings=brought, by_id=by.staff_id, at=at)
        if step.kind == "merge":
            merge_confirmed.send(MergeStep, by=by, at=at)
        records_changed.send(MergeStep, records=(step.kept, step.absorbed), by=by, at=at)
        for child in (step.kept, step.absorbed):
            _told(by, at, f"confirm_{step.kind}", child, f"merge:{step.pk}", kept=step.kept_id, absorbed=step.absorbed_id)
    return confirmation


def group_siblings(*, children: Sequence[Child], ground: str, by: Actor, at: datetime) -> SiblingGroup:
    """Children are twins or siblings, as alleged or as DNA shows. Those who were grouped with one of them come along.

    What is said of a record that was merged away is said of the child whose record goes on, too.
    """
    require(by, Permission.DESCRIBE_CHILD)
    checks = Checks()
    checks.one_of("ground", ground, GROUNDS)
    checks.must("children", len({child.pk for child in children}) >= 2, "two_needed")
    checks.done()
    with gate(by=by, at=at, attempt="group_siblings"):
        return _group({pk for child in children for pk in (child.pk, queries.kept_for(child).pk)}, ground, by=by, at=at)


def _group(ids: set[int], ground: str, *, by: Actor, at: datetime) -> SiblingGroup:
    """One new group of these children and of those who were grouped with one of them."""
    groups = Child.objects.filter(pk__in=ids, siblings__isnull=False).values("siblings")
    members = Child.objects.filter(Q(pk__in=ids) | Q(siblings__in=groups)).order_by("pk")
    group = SiblingGroup.objects.create(ground=ground, by_id=by.staff_id, at=at)
    for child in list(members):
        _regroup(child, group.pk, by=by, at=at)
        _told(by, at, "group_siblings", child, f"siblings:{group.pk}", ground=ground)
    return group


def _regroup(child: Child, group: int | None, *, by: Actor, at: datetime) -> None:
    old, new = {"siblings": str(child.siblings_id or "")}, {"siblings": str(group or "")}
    _change(child.pk, child.version, old, new, {"siblings_id": group}, by=by, at=at)


def _bring_siblings(step: MergeStep, *, by: Actor, at: datetime) -> SiblingGroup | None:
    """The child whose record goes on is a sibling of those whose sibling the other record's child was."""
    kept, absorbed = Child.objects.get(pk=step.kept_id), Child.objects.select_related("siblings").get(pk=step.absorbed_id)
    if absorbed.siblings is None or absorbed.siblings_id == kept.siblings_id:
        return None
    return _group({kept.pk, absorbed.pk}, absorbed.siblings.ground, by=by, at=at)


def _take_siblings_back(step: MergeStep, *, by: Actor, at: datetime) -> None:
    """Two children after all: whom the merge grouped is in its group of before again, unless it was grouped anew since."""
    brought = MergeConfirmation.objects.filter(step__absorbed=step.absorbed_id).latest("pk").siblings_id
    if brought is None:
        return
    before = dict(Correction.objects.filter(field="siblings", new=str(brought)).values_list("child_id", "old"))
    for child in Child.objects.filter(pk__in=before, siblings=brought).order_by("pk"):
        _regroup(child, int(before[child.pk]) if before[child.pk] else None, by=by, at=at)
        _told(by, at, "ungroup_siblings", child, f"siblings:{brought}")


def _change(
    child_id: int,
    version: int,
    old: Mapping[str, str],
    new: Mapping[str, str],
    columns: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Write what was and what will be, then change it; Conflict if the record is no longer at this version."""
    Correction.objects.bulk_create(
        Correction(child_id=child_id, version=version + 1, field=field, old=old[field], new=new[field], by_id=by.staff_id, at=at)
        for field in sorted(new)
    )
    if not Child.objects.filter(pk=child_id, version=version).update(version=version + 1, **columns):
        raise Conflict({}, child=child_id)


def _step(*, kept: Child, absorbed: Child, kind: str, reason: str, by: Actor, at: datetime) -> MergeStep:
    with gate(by=by, at=at, child_id=absorbed.pk, attempt=f"propose_{kind}"):
        step = MergeStep.objects.create(kept=kept, absorbed=absorbed, kind=kind, reason=reason, proposed_by_id=by.staff_id, at=at)
        _told(by, at, f"propose_{kind}", absorbed, f"merge:{step.pk}", kept=kept.pk)
    return step


def _may_merge(by: Actor) -> None:
    require(by, Permission.MERGE_CHILDREN)
    if not by.stepped_up:
        raise NotAllowed("step_up")


def _reason(reason: str) -> str:
    checks = Checks()
    reason = checks.text("reason", reason, 200)
    checks.done()
    return reason


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _told(by: Actor, at: datetime, verb: str, child: Child, subject: str, **data: Any) -> None:
    record(by=by, at=at, action=f"children.{verb}", subject=subject, child_id=child.pk, data=data)
