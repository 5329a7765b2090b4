"""A relative withdrew: what candidates showed of them is gone, in the same transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wayhome.casework.audit.actions import record
from wayhome.casework.core.actors import Actor
from wayhome.casework.families.models import Consent, Relative
from wayhome.casework.matching.models import Candidate, CandidateDetail, CandidateEnd, DetailErasure, Due, KinshipReport
from wayhome.casework.matching.queries.candidates import key_of
from wayhome.casework.vault.actions import end_key


def on_withdrawal(*, relative: int, by: Actor, at: datetime, **_: Any) -> None:
    """End every candidate in which the relative's sample was compared, and take away its detail; the base is to be made anew."""
    if Consent.objects.filter(relative=relative, withdrawal__isnull=True).exists():
        return
    rows = Candidate.objects.filter(dossier__samples__relative=relative).distinct().order_by("pk")
    by_id = by.staff_id or None
    for candidate in rows:
        if not CandidateEnd.objects.filter(candidate=candidate).exists():
            CandidateEnd.objects.create(candidate=candidate, reason="withdrawn", by_id=by_id, at=at)
        if CandidateDetail.objects.filter(candidate=candidate).exists():
            DetailErasure.objects.create(candidate=candidate, by_id=by_id, at=at)
            end_key(of=key_of(candidate.pk), by_id=by_id, at=at)
            KinshipReport.objects.filter(candidate=candidate).delete()
            CandidateDetail.objects.filter(candidate=candidate).delete()
            record(by=by, at=at, action="matching.erase", subject=f"candidate:{candidate.pk}", child_id=candidate.child_id)
    Due.objects.create(request_id=Relative.objects.values_list("request_id", flat=True).get(pk=relative), at=at)
