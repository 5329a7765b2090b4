"""The kits of a family, a relative or a child, as their own pages show them, and where one can be ordered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from wayhome.casework.core.actors import Actor
from wayhome.casework.laboratory.queries import kits as queries


def of_family(family: Any, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Of all relatives of a request."""
    return {"kits": queries.seen(queries.kits_of_request(by, family.pk, at=at), by=by, at=at)}


def of_relative(relative: Any, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Of one relative."""
    shown = queries.seen(queries.kits_of_relative(by, relative.pk, at=at), by=by, at=at)
    return _box(shown, relative, reverse("order_relative_kit", args=[relative.pk]), by, at)


def of_child(child: Any, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Of a child."""
    shown = queries.seen(queries.kits_of_child(by, child.pk, at=at), by=by, at=at)
    return _box(shown, child, reverse("order_child_kit", args=[child.number]), by, at)


def _box(shown: list[queries.Seen], person: Any, url: str, by: Actor, at: datetime) -> dict[str, Any]:
    following = queries.next_sample(person, shown, by=by, at=at)
    return {"kits": shown, "order_url": url if following else "", "order_next": following}
