"""Something announced, something that waits, in a house full of everything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wayhome.casework.overview.actions.announcing import approve_announcement, propose_announcement
from wayhome.casework.overview.actions.limits import approve_limit, set_limit
from wayhome.casework.overview.models import Announcement, AnnouncementApproval
from wayhome.casework.overview.queries.announced import Stated

NUMBER = "2011-07-27"


def propose(world: Any, who: str = "supervisor", *, at: datetime | None = None, **more: Any) -> Announcement:
    """The next version about the world's operation."""
    at = at or world.now()
    asked: dict[str, Any] = {"number": NUMBER, "operations": [world.operation], "cutoff": at, "at": at} | more
    return propose_announcement(by=world.actor(who), **asked)


def approve(
    world: Any, one: Announcement, who: str = "supervisor2", *, at: datetime | None = None, **more: Any
) -> AnnouncementApproval:
    """Another supervisor agrees."""
    digest = more.pop("digest", one.digest)
    return approve_announcement(announcement=one, digest=digest, by=world.actor(who), at=at or world.now())


def fill_announcements(world: Any) -> None:
    """A public version, and a later one that waits for the other supervisor."""
    stated = {world.operation.pk: Stated(300, "报告 7/16")}
    approve(world, propose(world, cutoff=world.operation.zero_hour, stated=stated))
    propose(world, stated=stated)


def fill_limits(world: Any) -> None:
    """A limit made shorter by two, and one that waits for the other supervisor."""
    told = (("placement", 12, "夜里到的婴儿多"), ("hospital", 1, "Two infants had been sedated; an hour is too long as it is."))
    for kind, hours, reason in told:
        at = world.now()
        world.limit = set_limit(kind=kind, hours=hours, since=at.date(), reason=reason, by=world.actor("supervisor"), at=at)
        if kind == "placement":
            approve_limit(limit=world.limit, by=world.actor("supervisor2"), at=world.now())
