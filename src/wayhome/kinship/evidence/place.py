"""Where and when a child was lost, against where and when it was rescued.

    LR(i) = (1 - open) * K(i) / sum_j q(j) K(j) + open,    K = (distance + routes) * delay

q is the share of rescued children in each rescue event j; K says how a child lost there and then spreads over the events, near
its home, far away, or along a known route of traffickers. The open part, in which the child turns up like any other, keeps every
event possible: dates and places told by traffickers are lies. Over the events the mean LR of a stranger is one, exactly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from wayhome.kinship.errors import InputError, UnknownName
from wayhome.kinship.evidence.base import DEFAULT_CAP, Cap, Finding, missing

EARTH_KM = 6371.0088
MOST_DELAYS = 61
"""An uncertain date of loss is taken at no more than so many days, evenly spread."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place: degrees north and east."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise InputError(
                f"{self.latitude}, {self.longitude} is no place on earth", "Give degrees north, then east", field="place"
            )


def distance_km(one: Point, other: Point) -> float:
    """Great-circle distance on a sphere."""
    phi, psi = math.radians(one.latitude), math.radians(other.latitude)
    across = math.radians(other.longitude - one.longitude)
    h = math.sin((psi - phi) / 2) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(across / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


@dataclass(frozen=True, slots=True)
class Loss:
    """Where and when a family lost its child; None where not known.

    Parameters
    ----------
    place, radius_km : within so many km of a place.
    earliest, latest : the days between which it happened; one of them alone stands for both.
    """

    place: Point | None = None
    radius_km: float = 0.0
    earliest: date | None = None
    latest: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "earliest", self.earliest or self.latest)
        object.__setattr__(self, "latest", self.latest or self.earliest)
        if self.earliest and self.latest and self.latest < self.earliest:
            raise InputError(f"lost from {self.earliest} to {self.latest}", "Put the earlier day first", field="loss")
        if not 0 <= self.radius_km < math.inf:
            raise InputError(f"a radius of {self.radius_km} km", "Give 0 or more", field="radius_km")

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "place": None if self.place is None else [self.place.latitude, self.place.longitude],
            "radius_km": self.radius_km,
            "earliest": None if self.earliest is None else self.earliest.isoformat(),
            "latest": None if self.latest is None else self.latest.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class RescueEvent:
    """One place and day where children were rescued: its id, where and when as far as known, and how many (> 0)."""

    id: str
    place: Point | None
    day: date | None
    children: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.children < math.inf:
            raise InputError(f"{self.children} children in event {self.id}", "Give a number above 0", field="children")


@dataclass(frozen=True, slots=True)
class Route:
    """A way of traffickers: children lost around `start` turn up around `end`, both normal with `spread_km` on each axis.

    `weight` compares it with the local and the far part of the kernel, whose weights sum to one.
    """

    start: Point
    end: Point
    weight: float = 1.0
    spread_km: float = 100.0

    def __post_init__(self) -> None:
        if not (0 < self.weight < math.inf and 0 < self.spread_km < math.inf):
            raise InputError("a route needs a weight and a spread above 0", "Give both", field="route")


@dataclass(frozen=True, slots=True)
class PlaceModel:
    """Everything assumed about the way from loss to rescue.

    Parameters
    ----------
    near_km, far_km : scales of two exponential falls with distance.
    near_share : of the near one. 0.45: 55 % of trafficked children in Chinese judgments crossed a provincial border (Xin & Cai
        2018, Int J Popul Stud 4(2)).
    delay_days : after so many days the rescue is half as likely as at once, by 1 / (1 + t / delay_days). Assumed.
    before : relative weight of an event before the loss as told, above 0. Assumed.
    open : share of children who turn up like any other, whatever the family says, 0 < open < 1. Assumed.
    routes : see `Route`.
    """

    near_km: float = 100.0
    far_km: float = 600.0
    near_share: float = 0.45
    delay_days: float = 180.0
    before: float = 0.02
    open: float = 0.2
    routes: tuple[Route, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "routes", tuple(self.routes))
        for name, value in (("near_km", self.near_km), ("far_km", self.far_km), ("delay_days", self.delay_days)):
            if not 0 < value < math.inf:
                raise InputError(f"{name} is {value}", "Give a number above 0", field=name)
        for name, value in (("near_share", self.near_share), ("before", self.before), ("open", self.open)):
            if not 0 < value < 1:
                raise InputError(f"{name} is {value}", "Give a share above 0 and below 1", field=name)

    def spread(self, loss: Loss, place: Point) -> float:
        """Relative density of turning up at a place, per square km; the loss has a place."""
        assert loss.place is not None
        away = max(0.0, distance_km(loss.place, place) - loss.radius_km)
        density = self.near_share * _fall(away, self.near_km) + (1 - self.near_share) * _fall(away, self.far_km)
        for route in self.routes:
            here = max(0.0, distance_km(loss.place, route.start) - loss.radius_km) / route.spread_km
            there = distance_km(route.end, place) / route.spread_km
            density += route.weight * math.exp(-(here**2 + there**2) / 2) / (2 * math.pi * route.spread_km**2)
        return density

    def delay(self, loss: Loss, day: date) -> float:
        """Relative weight of a rescue on a day, mean over the days on which the loss may have happened; the loss has a date."""
        assert loss.earliest is not None
        assert loss.latest is not None
        span = (loss.latest - loss.earliest).days
        steps = min(span + 1, MOST_DELAYS)
        lost = [loss.earliest + timedelta(round(i * span / max(1, steps - 1))) for i in range(steps)]
        after = [(day - one).days for one in lost]
        return math.fsum(self.before if t < 0 else 1 / (1 + t / self.delay_days) for t in after) / steps

    def parameters(self) -> dict[str, Any]:
        """For provenance, as JSON values."""
        return {
            "near_km": self.near_km,
            "far_km": self.far_km,
            "near_share": self.near_share,
            "delay_days": self.delay_days,
            "before": self.before,
            "open": self.open,
            "routes": [
                [r.start.latitude, r.start.longitude, r.end.latitude, r.end.longitude, r.weight, r.spread_km] for r in self.routes
            ],
        }


def place_and_date(
    rescue: str | None,
    loss: Loss | None,
    events: Sequence[RescueEvent],
    model: PlaceModel | None = None,
    *,
    cap: Cap = DEFAULT_CAP,
) -> Finding:
    """How well a rescue fits a loss; the finding is called "place".

    Parameters
    ----------
    rescue : id of the event in which the child was rescued; None where not known.
    loss : as the family tells it.
    events : every rescue event of the base, ids unique, this one among them: what a child like any other may come from.

    Place and date are used as far as both the loss and this rescue have them; events that lack what is used are left out.

    Raises
    ------
    UnknownName
        where the event is not among the events.
    InputError
        where an id is told twice.
    """
    model = model or PlaceModel()
    if rescue is None:
        return missing("place", "the rescue event", cap)
    by_id = _by_id(events)
    if rescue not in by_id:
        raise UnknownName(f'no rescue event is called "{rescue}"', "Put it among the events", field="rescue")
    own = by_id[rescue]
    if loss is None or (loss.place is None and loss.earliest is None):
        return missing("place", "place and date of the loss", cap)
    use_place = loss.place is not None and own.place is not None
    use_date = loss.earliest is not None and own.day is not None
    if not use_place and not use_date:
        return missing("place", "place or date of the rescue", cap)
    weights: dict[str, float] = {}
    for event in events:
        if (use_place and event.place is None) or (use_date and event.day is None):
            continue
        weight = model.spread(loss, event.place) if use_place and event.place is not None else 1.0
        weights[event.id] = weight * (model.delay(loss, event.day) if use_date and event.day is not None else 1.0)
    children = math.fsum(by_id[key].children for key in weights)
    mean = math.fsum(weight * by_id[key].children for key, weight in weights.items()) / children
    # Events all out of reach of the loss tell nothing about it.
    fit = weights[rescue] / mean if mean > 0 else 1.0
    log10_lr = math.log10((1 - model.open) * fit + model.open)
    data: dict[str, Any] = {"distance_km": None, "days_after_earliest": None, "days_after_latest": None}
    parts = []
    if use_place and loss.place is not None and own.place is not None:
        data["distance_km"] = round(distance_km(loss.place, own.place))
        parts.append(f"{data['distance_km']} km from where the family lost its child")
    if use_date and loss.earliest is not None and loss.latest is not None and own.day is not None:
        first, last = (own.day - loss.latest).days, (own.day - loss.earliest).days
        data["days_after_latest"], data["days_after_earliest"] = first, last
        parts.append(f"{first} days after the loss" if first == last else f"{first} to {last} days after the loss")
    inputs = {
        "rescue": rescue,
        "loss": loss.to_json(),
        "events": len(weights),
        "children": children,
        "fit": fit,
        "model": model.parameters(),
    }
    return Finding("place", log10_lr, "place_compared", f"The child was rescued {', '.join(parts)}", data, inputs, cap)


def _fall(distance: float, scale: float) -> float:
    """An exponential fall in the plane, per square km; its integral is one."""
    return math.exp(-distance / scale) / (2 * math.pi * scale * scale)


def _by_id(events: Sequence[RescueEvent]) -> Mapping[str, RescueEvent]:
    by_id: dict[str, RescueEvent] = {}
    for event in events:
        if event.id in by_id:
            raise InputError(f"the rescue event {event.id} is told twice", "Add its children up", field="rescue")
        by_id[event.id] = event
    return by_id
