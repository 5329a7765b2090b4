"""A stage for the gate's mutants: children in every kind of care, offers and foster requests, legal and not, planted while no
guard stood, so that one condition at a time can be tried by a single INSERT."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from factories.world import World
from wayhome.casework.accounts.rules import Role

AT = "2011-07-20 08:00:00"
BEFORE, AFTER = "2011-07-20 07:59:59", "2011-07-20 08:00:01"
ZEROS = "0" * 64

PLACE = {
    "police": "post",
    "hospital": "hospital",
    "emergency_nursery": "nursery",
    "relief_station": "relief",
    "welfare_institution": "home",
    "foster": "home",
    "deceased": "hospital",
    "reunified": "home",
    "repatriated": "abroad",
}
GIVER = {"police": "officer", "hospital": "nurse", "deceased": "nurse", "repatriated": "partner_liaison"}
TAKER = {"police": "officer2", "hospital": "nurse2", "deceased": "nurse2", "repatriated": "partner_liaison"}


class Raw(str):
    """SQL as it is, where another string would be quoted."""


def nothing() -> Raw:
    """A byte, in the words of the engine."""
    return Raw("X'00'" if connection.vendor == "sqlite" else "'\\x00'")


def a_supervisor() -> Raw:
    """One at work, where it does not matter which."""
    return Raw("(SELECT MIN(s.id) FROM accounts_staff s WHERE s.role = 'supervisor')")


def insert(table: str, **columns: Any) -> str:
    """SQL of an INSERT."""

    def literal(value: Any) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return "(1 = 1)" if value else "(1 = 0)"
        return str(value) if isinstance(value, int | Raw) else "'" + value.replace("'", "''") + "'"

    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(map(literal, columns.values()))})"


@dataclass
class Stage:
    """What was planted. `child[name]` is a child's id, `head[id]` its present episode, `first[id]` its first."""

    world: World
    child: dict[str, int] = field(default_factory=dict)
    head: dict[int, int] = field(default_factory=dict)
    first: dict[int, int] = field(default_factory=dict)
    kind: dict[int, str] = field(default_factory=dict)
    event: dict[str, int] = field(default_factory=dict)
    operation: dict[str, int] = field(default_factory=dict)
    person: dict[str, int] = field(default_factory=dict)
    request: dict[str, int] = field(default_factory=dict)
    offer: dict[str, int] = field(default_factory=dict)
    row: dict[str, int] = field(default_factory=dict)
    member: dict[tuple[str, Role], int] = field(default_factory=dict)
    ids: int = 500_000

    def staff(self, name: str) -> int:
        """Number of the row."""
        return self.world.staff[name].pk

    def place(self, name: str) -> int:
        """Number of the row."""
        return self.world.facilities[name].pk

    def plant(self, table: str, **columns: Any) -> int:
        """A row as it is said to be, legal or not."""
        self.ids += 1
        with connection.cursor() as cursor:
            cursor.execute(insert(table, **{"id": self.ids} | columns))
        return self.ids

    def key(self, table: str, owner: str, pk: int, kind: str, key: str) -> None:
        """An identity key."""
        self.plant(table, **{owner: pk}, kind=kind, key=key)

    def plant_child(self, name: str, *kinds: str, event: str = "here") -> int:
        """A child whose chain went through these kinds of care."""
        self.ids += 1
        child = self.ids
        for n, kind in enumerate(kinds, 1):
            facility, by = PLACE[kind], TAKER.get(kind, "caseworker2")
            if n == 1 and kind == "police":
                facility, by = "post_gd", "officer_gd"
            self.head[child] = self.plant_episode(child, n, kind, facility, by)
            self.first.setdefault(child, self.head[child])
        self.plant(
            "children_child",
            id=child,
            call_name="x",
            sex="F",
            event_id=self.event[event],
            first_episode_id=self.first.get(child, 1),
            version=1,
            by_id=self.staff("officer"),
            at=AT,
        )
        old = self.plant(
            "children_wristband", child_id=child, code=f"old {child}"[:12], by_id=self.staff("officer"), at=AT, replaces_id=None
        )
        self.plant("children_wristband", child_id=child, code=str(child), replaces_id=old, by_id=self.staff("officer"), at=AT)
        self.child[name], self.kind[child] = child, kinds[-1] if kinds else ""
        return child

    def plant_episode(self, child: int, n: int, kind: str, facility: str, by: str, **more: Any) -> int:
        """A link of a chain."""
        return self.plant(
            "custody_custodyepisode",
            **{
                "child_id": child,
                "n": n,
                "kind": kind,
                "facility_id": self.place(facility),
                "responsible_id": self.staff(by),
                "offer_id": None,
                "wristband": str(child),
                "condition": "",
                "started_at": AT if n > 1 else "2011-07-15 08:00:00",
                "at": AT,
            }
            | more,
        )

    def plant_clearance(self, child: int, *words: bool, episode: int = 0) -> None:
        """What a doctor said, the first first."""
        for fit in words:
            self.plant(
                "custody_clearance",
                child_id=child,
                episode_id=episode or self.head[child],
                fit=fit,
                level="ordinary",
                limits="",
                by_id=self.staff("doctor"),
                at=AT,
            )

    def plant_request(self, name: str, child: int, *approvers: str, **more: Any) -> int:
        """A foster request, approved by these."""
        pk = self.plant(
            "custody_fosterrequest",
            **{
                "child_id": child,
                "institution_id": self.place("home"),
                "person_id": self.person["household"],
                "address": "x",
                "reason": "x",
                "digest": "d",
                "valid_until": AFTER,
                "by_id": self.staff("caseworker"),
                "at": AT,
            }
            | more,
        )
        for one in approvers:
            who, _, digest = one.partition(":")
            self.plant("custody_fosterapproval", request_id=pk, digest=digest or "d", by_id=self.staff(who), at=AT)
        self.key("custody_fosterkey", "request_id", pk, "address", f"k-{name}")
        self.request[name] = pk
        return pk

    def offer_columns(self, child: int, kind: str, **more: Any) -> dict[str, Any]:
        """An offer of a child to the usual place of a kind of care, at `AFTER`."""
        return {
            "child_id": child,
            "from_episode_id": self.head[child],
            "to_facility_id": self.place(PLACE[kind]),
            "kind": kind,
            "foster_id": None,
            "giver_id": self.staff(GIVER.get(self.kind[child], "caseworker")),
            "escort_id": None,
            "recipient_id": None,
            "vehicle": "",
            "wristband": str(child),
            "place": "x",
            "condition": "x",
            "items": "",
            "at": AFTER,
        } | more

    def plant_offer(self, name: str, child: int, kind: str, **more: Any) -> int:
        """An offer that waits."""
        self.offer[name] = self.plant("custody_handoveroffer", **self.offer_columns(child, kind, **more))
        return self.offer[name]

    def episode_columns(self, child: int, kind: str, offer: int | None, **more: Any) -> dict[str, Any]:
        """The episode that an offer leads to, begun at `AFTER`."""
        n = Raw(f"(SELECT MAX(n) + 1 FROM custody_custodyepisode WHERE child_id = {child})")
        return {
            "child_id": child,
            "n": n,
            "kind": kind,
            "facility_id": self.place(PLACE[kind]),
            "responsible_id": self.staff(TAKER.get(kind, "caseworker2")),
            "offer_id": offer,
            "wristband": str(child),
            "condition": "",
            "started_at": AFTER,
            "at": AFTER,
        } | more


WAYS = {
    "police": ("police", "police"),
    "hospital": ("police", "hospital"),
    "emergency_nursery": ("police", "hospital", "emergency_nursery"),
    "relief_station": ("police", "hospital", "relief_station"),
    "welfare_institution": ("police", "hospital", "welfare_institution"),
    "foster": ("police", "hospital", "welfare_institution", "foster"),
    "deceased": ("police", "hospital", "deceased"),
    "reunified": ("police", "hospital", "welfare_institution", "reunified"),
    "repatriated": ("police", "hospital", "welfare_institution", "repatriated"),
}
KINDS = tuple(WAYS)
