"""What is asked of kits for samples, legal and not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from trust.acts.bench import NOON, Case, numbered
from trust.acts.stage import Stage
from trust.acts.typed import typed
from wayhome.casework.custody import actions as custody
from wayhome.casework.laboratory.actions import kits as actions
from wayhome.casework.laboratory.rules.kits import MOST_SCANNED

DENIED = "not allowed: not_allowed"


def orders() -> Iterator[Case]:
    """A kit for somebody."""

    def order(s: Stage, by: str = "officer", person: str = "willing", replaces: str = "", **given: Any) -> Any:
        laboratory = s.world.agencies["laboratory"]
        old = getattr(s, replaces) if replaces else None
        return actions.order_kit(person=getattr(s, person), laboratory=laboratory, replaces=old, **s.who(by), **given)

    def numbered_from(s: Stage, first: int, **given: Any) -> Any:
        with numbered(first):
            return order(s, **given)

    def taken(s: Stage) -> Any:
        order(s)
        return numbered_from(s, 91_000_001, person="found")

    def glass(s: Stage) -> Any:
        custody.break_glass(child_id=s.home.pk, reason="a call in the night", **s.who("doctor"))
        return order(s, "doctor", "home")

    yield Case("order_kit", "done", order)
    yield Case("order_kit: whose number would be another's", "done", taken)
    yield Case("order_kit: whose number would be none", "done", lambda s: numbered_from(s, 0))
    yield Case("order_kit: of a child", "done", lambda s: order(s, "officer", "found"))
    yield Case("order_kit: in place of one lost", "done", lambda s: order(s, "caseworker", "home", "lost_kit"))
    yield Case("order_kit: a second", "done", lambda s: order(s, person="typed", second=True))
    yield Case("order_kit: a second without a first", "refused: no_first_sample", lambda s: order(s, second=True))
    yield Case("order_kit: in place of one replaced", "refused: kit_replaced", lambda s: order(s, "nurse", "patient", "old_kit"))
    yield Case("order_kit: beside another", "refused: kit_under_way", lambda s: order(s, "nurse", "patient"))
    yield Case("order_kit: a supervisor", DENIED, lambda s: order(s, "supervisor"))
    yield Case("order_kit: of a family elsewhere", "not found", lambda s: order(s, "officer_gd"))
    yield Case("order_kit: of a child elsewhere", "not found", lambda s: order(s, "nurse", "home"))
    yield Case("order_kit: who broke the glass", "refused: not_of_file", glass)


def hops() -> Iterator[Case]:
    """What happened to a kit."""

    def tell(s: Stage, kind: str = "posted", by: str = "nurse", kit: str = "new_kit", **given: Any) -> Any:
        known = {"place": " " + "p" * 200, "note": " " + "n" * 200} if kind == "posted" else {}
        who = given.pop("who", "")
        witness = {"witness": s.staff(who)} if who else {}
        return actions.tell_hop(kit=getattr(s, kit), kind=kind, **(known | given), **witness, **s.who(by))

    yield Case("tell_hop", "done", tell)
    yield Case("tell_hop: a while ago", "done", lambda s: tell(s, happened_at=NOON - timedelta(hours=1)))
    yield Case("tell_hop: taken", "done", lambda s: tell(s, "taken", place="ward 3", who="doctor"))
    yield Case("tell_hop: lost", "done", lambda s: tell(s, "lost", kit="sent_kit"))
    yield Case("tell_hop: received", "done", lambda s: tell(s, "received", "analyst", "sent_kit"))
    yield Case("tell_hop: refused", "done", lambda s: tell(s, "refused", "analyst", "sent_kit", note="broken"))
    yield Case("tell_hop: of a relative's", "done", lambda s: tell(s, "lost", "officer", "posted_kit"))
    yield Case("tell_hop: what cannot be", "refused: no_such_hop", lambda s: tell(s, "sent"))
    yield Case("tell_hop: before the last", "refused: before_last", lambda s: tell(s, happened_at=NOON - timedelta(days=30)))
    yield Case("tell_hop: the laboratory's, by the agency", DENIED, lambda s: tell(s, "received", kit="sent_kit"))
    yield Case("tell_hop: the agency's, by the laboratory", DENIED, lambda s: tell(s, "lost", "analyst", "sent_kit"))
    yield Case("tell_hop: elsewhere", "not found", lambda s: tell(s, by="caseworker_gd"))
    yield from typed(
        "tell_hop",
        tell,
        eaten=({"kind": "eaten"}, "kind unknown_choice"),
        nowhere=({"place": " "}, "place required"),
        far=({"place": "p" * 201}, "place too_long"),
        wordy=({"note": "n" * 201}, "note too_long"),
        ahead=({"happened_at": NOON + timedelta(hours=1)}, "happened_at in_future"),
        anywhere=({"happened_at": datetime(2011, 7, 20, 8)}, "happened_at no_time_zone"),
        seen=({"who": "doctor"}, "witness unknown_field"),
        unseen=({"kind": "taken", "place": "x"}, "witness required"),
        alone=({"kind": "taken", "place": "x", "who": "nurse"}, "witness witness_is_self"),
        taken_nowhere=({"kind": "taken", "who": "doctor"}, "place required"),
        no_reason=({"kind": "refused", "by": "analyst", "kit": "sent_kit", "note": " "}, "note required"),
    )


def scans() -> Iterator[Case]:
    """The same of many."""

    def scan(s: Stage, by: str = "nurse", kits: tuple[str, ...] = ("new_kit",), more: Any = (), **given: Any) -> Any:
        read = [getattr(s, kit).number for kit in kits] + list(more)
        return actions.tell_hops(numbers_read=read, **{"kind": "posted", "place": "ward 3"} | given, **s.who(by))

    yield Case("tell_hops: one", "done", scan)
    every = ("sent_kit", "new_kit", "posted_kit", "new_kit")
    yield Case("tell_hops: and some that cannot be", "done", lambda s: scan(s, kits=every, more=("123456780", "", "x")))
    yield Case("tell_hops: received", "done", lambda s: scan(s, "analyst", ("sent_kit", "posted_kit"), kind="received"))
    yield Case("tell_hops: the laboratory's, by the agency", DENIED, lambda s: scan(s, kind="received"))
    none = {"kits": (), "more": ("x",)}
    yield Case("tell_hops: of none, by the agency", DENIED, lambda s: scan(s, kind="received", **none))
    yield Case("tell_hops: the agency's, by the laboratory", DENIED, lambda s: scan(s, "analyst"))
    yield Case("tell_hops: a supervisor", DENIED, lambda s: scan(s, "supervisor", kind="x"))
    most = [f"{n:03}" for n in range(MOST_SCANNED - 1)]
    yield from typed(
        "tell_hops",
        scan,
        taken=({"kind": "taken"}, "kind unknown_choice"),
        none=({"kits": (), "more": (" ", "")}, "numbers required"),
        most=({"more": most}, ""),
        too_many=({"more": [*most, "1000"]}, "numbers too_long"),
        nowhere=({"place": " "}, "place required"),
        far=({"place": "p" * 201}, "place too_long"),
        none_nowhere=({"kits": (), "more": ("x",), "place": " "}, "place required"),
        none_far=({"kits": (), "more": ("x",), "place": "p" * 201}, "place too_long"),
        unplaced=({"kind": "sent", "place": ""}, ""),
    )


SOURCES = (orders, hops, scans)
