"""Who must be searched again: told in the transaction that changed them, so that no change is ever forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wayhome.casework.children.models import Child
from wayhome.casework.children.queries import kept_for
from wayhome.casework.core.bulk import insert_many
from wayhome.casework.laboratory.models import Kit, RelativeProfile
from wayhome.casework.matching.models import Due


def on_requests_changed(*, requests: Sequence[int], at: datetime, **_: Any) -> None:
    """A tree, a consent or the request itself changed: that matters once somebody in it was typed."""
    typed = RelativeProfile.objects.filter(kit__relative__request__in=list(requests))
    concerned = sorted(set(typed.values_list("kit__relative__request_id", flat=True)))
    insert_many(Due(request_id=request, at=at) for request in concerned)


def on_profile(*, kit: Kit, at: datetime, **_: Any) -> None:
    """A sample was typed."""
    if kit.child is not None:
        Due.objects.create(child=kept_for(kit.child), at=at)
    elif kit.relative is not None:
        Due.objects.create(request_id=kit.relative.request_id, at=at)


def on_records_changed(*, records: tuple[Child, ...], at: datetime, **_: Any) -> None:
    """Two records became one child, or one became two: their samples are looked at together, or apart."""
    for child in sorted({kept_for(one).pk for one in records}):
        Due.objects.create(child_id=child, at=at)
