"""Whether the parents took part, and what is best for the child."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import raise_alarm, record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.audit.models import Alarm
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import NotAllowed, NotFound, Refused
from wayhome.casework.custody.queries import rescued_in
from wayhome.casework.reunification.actions.stopping import stop
from wayhome.casework.reunification.models import (
    Case,
    Countersignature,
    Determination,
    Enquiry,
    Guardianship,
    GuardianshipEnd,
    Release,
    Vote,
)
from wayhome.casework.reunification.queries.cases import case_of
from wayhome.casework.reunification.queries.releases import open_releases
from wayhome.casework.reunification.rules import DECISIONS, DETERMINED_FOR, DISCIPLINES, GUARDIANSHIP, RESULTS


def enquire(*, case: Case, result: str, by: Actor, at: datetime, document: str = "", note: str = "") -> Enquiry:
    """What the investigator found of the parents' part in the sale. The last word counts, and a release rests on that one alone.

    Parameters
    ----------
    document : number of the prosecutor's document, without which nobody is cleared.
    """
    require(by, Permission.ENQUIRE)
    case_of(by, case.pk, at=at)
    checks = Checks()
    checks.one_of("result", result, RESULTS)
    document = checks.text("document", document, 80, required=result == "cleared")
    note = checks.text("note", note, 5000, required=result != "cleared")
    checks.done()
    with gate(by=by, at=at, child_id=case.child_id, attempt="enquire"):
        n = Enquiry.objects.filter(case=case).count() + 1
        enquiry = Enquiry.objects.create(case=case, n=n, result=result, document=document, note=note, by_id=by.staff_id, at=at)
        involved = result == "involved"
        stop(Release.objects.filter(case=case) if involved else open_releases().filter(case=case), "enquiry", by=by, at=at)
        record(
            by=by,
            at=at,
            action="reunification.enquire",
            subject=f"enquiry:{enquiry.pk}",
            child_id=case.child_id,
            data={"n": n, "result": result},
        )
        if involved:
            Guardianship.objects.create(enquiry=enquiry, by_id=by.staff_id, at=at)
            raise_alarm(
                kind=Alarm.Kind.PARENT_INVOLVED,
                at=at,
                by=by,
                level=3,
                child_id=case.child_id,
                agency_id=0,
                jurisdiction=rescued_in(case.child),
                subject=f"enquiry:{enquiry.pk}",
            )
    return enquiry


def countersign(*, enquiry: Enquiry, by: Actor, at: datetime) -> Countersignature:
    """A case supervisor signs what the investigator found."""
    require(by, Permission.COUNTERSIGN_ENQUIRY)
    case = case_of(by, enquiry.case_id, at=at)
    if not by.stepped_up:
        raise NotAllowed("step_up")
    with gate(by=by, at=at, child_id=case.child_id, attempt="countersign"):
        if Countersignature.objects.filter(enquiry=enquiry).exists():
            raise Refused(["already_there"])
        signed = Countersignature.objects.create(enquiry=enquiry, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="reunification.countersign", subject=f"enquiry:{enquiry.pk}", child_id=case.child_id)
    return signed


def end_guardianship(*, guardianship: Guardianship, outcome: str, document: str, by: Actor, at: datetime) -> GuardianshipEnd:
    """What the court said. Where it leaves the guardianship, another enquiry is still wanted before a child goes home."""
    require(by, Permission.COUNTERSIGN_ENQUIRY)
    case = case_of(by, guardianship.enquiry.case_id, at=at)
    checks = Checks()
    checks.one_of("outcome", outcome, GUARDIANSHIP)
    document = checks.text("document", document, 80)
    checks.done()
    if not by.stepped_up:
        raise NotAllowed("step_up")
    with gate(by=by, at=at, child_id=case.child_id, attempt="end_guardianship"):
        if GuardianshipEnd.objects.filter(guardianship=guardianship).exists():
            raise Refused(["already_ended"])
        end = GuardianshipEnd.objects.create(
            guardianship=guardianship, outcome=outcome, document=document, by_id=by.staff_id, at=at
        )
        record(
            by=by,
            at=at,
            action="reunification.end_guardianship",
            subject=f"guardianship:{guardianship.pk}",
            child_id=case.child_id,
            data={"outcome": outcome},
        )
    return end


def propose_determination(
    *, case: Case, decision: str, reasons: str, by: Actor, at: datetime, until: datetime | None = None
) -> Determination:
    """What would be best for the child, for a panel to decide; the last one counts.

    Parameters
    ----------
    until : how long it holds; `rules.DETERMINED_FOR` at most, and by default.
    """
    require(by, Permission.PROPOSE_DETERMINATION)
    case_of(by, case.pk, at=at)
    until = until or at + DETERMINED_FOR
    checks = Checks()
    checks.one_of("decision", decision, DECISIONS)
    reasons = checks.text("reasons", reasons, 10_000)
    checks.must("until", at < until <= at + DETERMINED_FOR, "implausible")
    checks.done()
    with gate(by=by, at=at, child_id=case.child_id, attempt="propose_determination"):
        n = Determination.objects.filter(case=case).count() + 1
        made = Determination.objects.create(
            case=case, n=n, decision=decision, reasons=reasons, valid_until=until, by_id=by.staff_id, at=at
        )
        stop(open_releases().filter(case=case), "determination", by=by, at=at)
        record(
            by=by,
            at=at,
            action="reunification.propose_determination",
            subject=f"determination:{made.pk}",
            child_id=case.child_id,
            data={"n": n, "decision": decision},
        )
    return made


def vote(*, determination: Determination, agrees: bool, by: Actor, at: datetime, dissent: str = "") -> Vote:
    """A member of the panel agrees, or says why not; each speaks for their discipline, and police advise."""
    require(by, Permission.DETERMINE)
    case = case_of(by, determination.case_id, at=at)
    checks = Checks()
    dissent = checks.text("dissent", dissent, 5000, required=not agrees)
    checks.done()
    if not by.stepped_up:
        raise NotAllowed("step_up")
    with gate(by=by, at=at, child_id=case.child_id, attempt="vote"):
        if Vote.objects.filter(determination=determination, by=by.staff_id).exists():
            raise Refused(["already_there"])
        given = Vote.objects.create(
            determination=determination,
            discipline=DISCIPLINES.get(by.role, ""),
            agrees=agrees,
            dissent=dissent,
            by_id=by.staff_id,
            at=at,
        )
        record(
            by=by,
            at=at,
            action="reunification.vote",
            subject=f"determination:{determination.pk}",
            child_id=case.child_id,
            data={"discipline": given.discipline, "agrees": agrees},
        )
    return given


def enquiry_of(by: Actor, enquiry_id: int, *, at: datetime) -> Enquiry:
    """An enquiry in a file that the actor may know of; NotFound otherwise."""
    found = Enquiry.objects.filter(pk=enquiry_id).first()
    if found is None:
        raise NotFound(enquiry=enquiry_id)
    case_of(by, found.case_id, at=at)
    return found


def determination_of(by: Actor, determination_id: int, *, at: datetime) -> Determination:
    """A determination in a file that the actor may know of; NotFound otherwise."""
    found = Determination.objects.filter(pk=determination_id).first()
    if found is None:
        raise NotFound(determination=determination_id)
    case_of(by, found.case_id, at=at)
    return found
