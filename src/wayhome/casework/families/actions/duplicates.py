"""Two requests that may be for one child: proposed by the house, decided by people."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import SYSTEM, Actor
from wayhome.casework.core.checks import Checks
from wayhome.casework.core.errors import Refused
from wayhome.casework.families import queries
from wayhome.casework.families.actions.file import mine, must_go_on, tell
from wayhome.casework.families.models import (
    DuplicateVerdict,
    RequestDuplicate,
    RequestEnd,
    TracingRequest,
)
from wayhome.casework.families.rules import (
    duplicate_reasons,
)


def propose_duplicates(*, request: TracingRequest, at: datetime) -> list[RequestDuplicate]:
    """Requests that may be for the same child, each proposed once, with the reasons. People decide; nothing is ended here."""
    sought = queries.sought(request)
    found = [
        (other, reasons) for other in queries.may_be(request) if (reasons := duplicate_reasons(sought, queries.sought(other)))
    ]
    if not found:
        return []
    with gate(by=SYSTEM, at=at, attempt="propose_request_duplicates"):
        proposals = []
        for other, reasons in found:
            one, two = sorted((request, other), key=lambda each: each.pk)
            proposal = RequestDuplicate.objects.create(one=one, other=two, reasons=reasons, at=at)
            proposals.append(proposal)
            tell(SYSTEM, at, "propose_duplicate", request, f"request_duplicate:{proposal.pk}", other=other.pk)
    return proposals


def settle_duplicate(
    *, proposal: RequestDuplicate, same: bool, note: str, by: Actor, at: datetime, kept: TracingRequest | None = None
) -> DuplicateVerdict:
    """Say whether two requests are for one child; if so, which of them goes on. The other ends and keeps all that it says.

    Nobody lets a request that they recorded themselves take the place of another.
    """
    one, other = mine(proposal.one, by), mine(proposal.other, by)
    checks = Checks()
    note = checks.text("note", note, 200)
    ends = {one.pk: other, other.pk: one}.get(kept.pk) if same and kept is not None else None
    checks.must("kept", ends is not None or not same, "required")
    checks.done()
    with gate(by=by, at=at, attempt="settle_duplicate"):
        if DuplicateVerdict.objects.filter(proposal=proposal).exists():
            raise Refused(["already_ended"])
        if ends is not None:
            must_go_on(ends)
            RequestEnd.objects.create(request=ends, reason="duplicate", kept=kept, note=note, by_id=by.staff_id, at=at)
        verdict = DuplicateVerdict.objects.create(proposal=proposal, same=same, note=note, by_id=by.staff_id, at=at)
        for request in (one, other):
            tell(by, at, "settle_duplicate", request, f"request_duplicate:{proposal.pk}", same=same)
    return verdict
