"""What the worker does: whatever changed is searched, second samples are compared, consents that ran out are noticed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import Exists, OuterRef

from wayhome.casework.families.queries import in_force
from wayhome.casework.matching.actions import searching, seconds
from wayhome.casework.matching.models import Dossier, DossierSample, Due


def search(*, at: datetime, stopped: Callable[[], bool] = lambda: False) -> int:
    """Search whatever changed; how many children were searched."""
    return searching.search_due(at=at, stopped=stopped)


def check_seconds(*, at: datetime) -> int:
    """Compare second samples that a search left."""
    return seconds.check_left(at=at)


def notice_expired(*, at: datetime) -> int:
    """Families in which somebody is compared whose consent ran out: they are due, and leave the base."""
    newer = Dossier.objects.filter(request=OuterRef("dossier__request"), n__gt=OuterRef("dossier__n"))
    agrees = in_force(at).filter(relative=OuterRef("relative"))
    waiting = Due.objects.filter(request=OuterRef("dossier__request"))
    over = DossierSample.objects.filter(~Exists(newer), ~Exists(agrees), ~Exists(waiting))
    requests = sorted(set(over.values_list("dossier__request_id", flat=True)))
    Due.objects.bulk_create([Due(request_id=request, at=at) for request in requests])
    return len(requests)
