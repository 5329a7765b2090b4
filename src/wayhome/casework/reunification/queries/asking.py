"""Whether a release can be asked for: what stands in the way, and to whom the child can go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import NotFound
from wayhome.casework.custody.models import CustodyEpisode
from wayhome.casework.custody.queries import head
from wayhome.casework.families.models import TracingRequest
from wayhome.casework.families.queries import Kin, open_requests, tree
from wayhome.casework.matching.models import DossierSample
from wayhome.casework.matching.queries.candidates import frozen_confirmations, standing_confirmations
from wayhome.casework.reunification.models import Case, Release
from wayhome.casework.reunification.queries.cases import cases_of, file_of
from wayhome.casework.reunification.queries.releases import open_release_of


@dataclass(frozen=True, slots=True)
class Asking:
    """What a release would rest on now.

    Parameters
    ----------
    kind : "family" or "authority", as the determination says.
    against : codes of what stands in the way.
    receivers : relatives whose samples the match was made by, and who are on record: the child can go to them.
    others : the rest of the tree that is on record, who may live there.
    """

    case: Case
    kind: str
    stay: CustodyEpisode
    request: TracingRequest | None
    release: Release | None
    against: tuple[str, ...]
    receivers: tuple[Kin, ...]
    others: tuple[Kin, ...]


def last_case(by: Actor, child_id: int, *, at: datetime) -> Case:
    """The file of a child's return that was opened last; NotFound otherwise."""
    found = cases_of(by, at=at).filter(child=child_id).order_by("-pk").first()
    if found is None:
        raise NotFound(child=child_id)
    return found


def asking(case: Case, *, by: Actor, at: datetime) -> Asking:
    """What stands between a file and its release, as the database will judge it."""
    file, stay, release = file_of(case, by=by), head(case.child_id), open_release_of(case.child_id)
    made, confirmation = file.determination, case.confirmation
    kind = "authority" if confirmation is None or (made is not None and made.decision == "repatriate") else "family"
    wanted = "reunify" if kind == "family" else "repatriate"
    agreed = made is not None and made.decision == wanted and made.valid_until >= at and file.decided is True
    request: TracingRequest | None = None
    receivers: list[Kin] = []
    others: list[Kin] = []
    wrong = [("already_asked", release is not None), ("not_here", stay.facility.agency_id != by.agency_id)]
    if kind == "family" and confirmation is not None:
        request = confirmation.candidate.request
        compared = set(
            DossierSample.objects.filter(dossier=confirmation.candidate.dossier_id).values_list("relative_id", flat=True)
        )
        for kin in tree(request.pk, at=at).values():
            if kin.state.person is not None and not kin.relative.missing:
                (receivers if kin.relative.pk in compared else others).append(kin)
        stands = standing_confirmations().filter(pk=confirmation.pk).exists() and confirmation.pk not in frozen_confirmations()
        wrong += [
            ("match_over", not stands),
            ("request_over", not open_requests().filter(pk=request.pk).exists()),
            ("not_verified", not file.verified),
            ("parents_not_cleared", not file.cleared),
        ]
    wrong.append(("not_determined", not agreed))
    return Asking(
        case=case,
        kind=kind,
        stay=stay,
        request=request,
        release=release,
        against=tuple(code for code, is_wrong in wrong if is_wrong),
        receivers=tuple(receivers),
        others=tuple(others),
    )
