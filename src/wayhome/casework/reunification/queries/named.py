"""What somebody names by its number: rows of files and releases that they may know of, and NotFound for all others."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.families.models import Relative, RelativeState
from wayhome.casework.matching.models import DossierSample
from wayhome.casework.operations.models import Person
from wayhome.casework.reunification.models import Case, Evidence, Execution, Guardianship, Release
from wayhome.casework.reunification.queries.cases import case_of


def evidence_of(case: Case, evidence_id: int) -> Evidence:
    """A row of a file."""
    found = Evidence.objects.filter(case=case, pk=evidence_id).first()
    if found is None:
        raise NotFound(evidence=evidence_id)
    return found


def suits_of(case: Case) -> list[Guardianship]:
    """Suits for the guardianship of the child, the first first."""
    return list(Guardianship.objects.filter(enquiry__case=case).select_related("enquiry", "end").order_by("pk"))


def guardianship_of(by: Actor, guardianship_id: int, *, at: datetime) -> Guardianship:
    """A suit in a file that the actor may know of."""
    found = Guardianship.objects.filter(pk=guardianship_id).select_related("enquiry").first()
    if found is None:
        raise NotFound(guardianship=guardianship_id)
    case_of(by, found.enquiry.case_id, at=at)
    return found


def recipients_of(case: Case) -> dict[int, tuple[Relative, Person]]:
    """Relatives by their number to whom the child of a file may go: compared in its match, and on record as somebody."""
    if case.confirmation is None:
        return {}
    compared = DossierSample.objects.filter(dossier=case.confirmation.candidate.dossier_id).values("relative")
    told = RelativeState.objects.filter(relative__in=compared, relative__end__isnull=True).select_related("relative", "person")
    last = {state.relative_id: state for state in told.order_by("relative", "n")}
    return {pk: (state.relative, state.person) for pk, state in last.items() if state.person is not None}


def receiver_of(release: Release, person_id: int) -> Person:
    """Somebody to whom a release lets the child go."""
    row = release.people.filter(receives=True, person=person_id).select_related("person").first()
    if row is None:
        raise NotFound(person=person_id)
    return row.person


def carried_out(release: Release) -> Execution:
    """How a release was carried out."""
    found = Execution.objects.filter(release=release).first()
    if found is None:
        raise NotFound(release=release.pk)
    return found
