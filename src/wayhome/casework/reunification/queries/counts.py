"""Counts over all files, for whoever tells the whole story."""

from __future__ import annotations

from typing import Any

from wayhome.casework.families.models import Relative, RelativeState
from wayhome.casework.operations.models import Person
from wayhome.casework.reunification.models import Case, Execution, FileFreeze, Guardianship, Revocation, Visit


def person_of(relative: Relative) -> Person:
    """The record of a relative who is on record."""
    state = RelativeState.objects.filter(relative=relative).select_related("person").order_by("-n")[0]
    assert state.person is not None
    return state.person


def told() -> dict[str, Any]:
    """What the records say of returns."""
    home = Execution.objects.filter(release__kind="family")
    stopped = Guardianship.objects.filter(end__isnull=True).values("enquiry__case")
    return {
        "files": Case.objects.count(),
        "reunified": home.count(),
        "visits": Visit.objects.count(),
        "seller_stopped": Guardianship.objects.filter(end__isnull=True).exists()
        and not home.filter(release__case__in=stopped).exists(),
        "revoked": Revocation.objects.count() + FileFreeze.objects.count(),
    }
