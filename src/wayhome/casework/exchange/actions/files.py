"""Tell a partner of a child, field by field, and keep whom its return waits for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid, Refused
from wayhome.casework.exchange.actions.messages import put, still_open, still_tied
from wayhome.casework.exchange.models import CaseChild, Package, PackageApproval, PackageField, PackageSent, WaitingStep
from wayhome.casework.exchange.queries import corrections
from wayhome.casework.exchange.queries import files as queries
from wayhome.casework.exchange.queries.desk import case_of
from wayhome.casework.exchange.rules import packages, waiting


def propose(*, of: CaseChild, fields: Mapping[str, str], by: Actor, at: datetime) -> Package:
    """Choose what a partner is to be told of a child; `fields` has each with what lets it be told."""
    if wrong := packages.fault(fields):
        raise Invalid(wrong)
    with gate(by=by, at=at, child_id=of.child_id, attempt="propose_package"):
        require(by, Permission.WRITE_PARTNERS)
        case_of(by, of.case_id)
        still_open(of.case)
        still_tied(of)
        digest = packages.digest(queries.values(of.child, fields, at=at))
        package = Package.objects.create(of=of, digest=digest, by_id=by.staff_id, at=at)
        for name, basis in fields.items():
            PackageField.objects.create(package=package, name=name, basis=basis)
        record(
            by=by,
            at=at,
            action="exchange.propose_package",
            subject=f"package:{package.pk}",
            child_id=of.child_id,
            data={"fields": dict(fields)},
        )
    return package


def approve(*, package: Package, by: Actor, at: datetime) -> PackageApproval:
    """Let it go out, as it was proposed; every field told is an event of its own."""
    of = package.of
    with gate(by=by, at=at, child_id=of.child_id, attempt="approve_package"):
        require(by, Permission.APPROVE_DISCLOSURE)
        if not by.stepped_up:
            raise Refused(["step_up"])
        case_of(by, of.case_id)
        if by.staff_id == package.by_id:
            raise Refused(["self_approval"])
        still_tied(of)
        chosen = queries.chosen(package)
        told = queries.values(of.child, chosen, at=package.at)
        if packages.digest(told) != package.digest:
            raise Refused(["package_changed"])
        approval = PackageApproval.objects.create(package=package, by_id=by.staff_id, at=at)
        message = put(case=of.case, kind="package", content={"fields": told, "bases": chosen}, by=by, at=at)
        PackageSent.objects.create(approval=approval, message=message, at=at)
        subject = f"package:{package.pk}"
        for name, basis in chosen.items():
            data = {"field": name, "basis": basis}
            record(by=by, at=at, action="exchange.disclose", subject=subject, child_id=of.child_id, data=data)
        record(by=by, at=at, action="exchange.approve_package", subject=subject, child_id=of.child_id)
    return approval


def wait_for(*, of: CaseChild, who: str, what: str, since: datetime, by: Actor, at: datetime) -> WaitingStep:
    """From a moment on, the child's return waits for somebody else."""
    if who not in waiting.WHO:
        raise Invalid({"who": "unknown_choice"})
    if not what.strip():
        raise Invalid({"what": "required"})
    if len(what) > 200:
        raise Invalid({"what": "too_long"})
    with gate(by=by, at=at, child_id=of.child_id, attempt="wait_for"):
        require(by, Permission.WRITE_PARTNERS)
        case_of(by, of.case_id)
        still_tied(of)
        if of.child_id in queries.handed_over([of.child_id]):
            raise Refused(["handed_over_already"])
        if since > at:
            raise Refused(["in_the_future"])
        if since < of.child.event.found_at:
            raise Refused(["before_rescue"])
        n = 1 + WaitingStep.objects.filter(of=of).count()
        if not waiting.has_place(n, since, corrections.steps_of([of])[of.pk]):
            raise Refused(["step_before_last"])
        step = WaitingStep.objects.create(of=of, n=n, who=who, what=what.strip(), since=since, by_id=by.staff_id, at=at)
        record(
            by=by,
            at=at,
            action="exchange.wait_for",
            subject=f"case_child:{of.pk}",
            child_id=of.child_id,
            data={"n": step.n, "who": who},
        )
    return step
