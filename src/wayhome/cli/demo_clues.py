"""Forty clues from February on, taken down by officers of six provinces; some open theirs to each other, and people say what
belongs together.

Which clues are the ring's stands in no record: `demo_ring` knows it, and is asked when everything has been counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from wayhome.casework.clues import actions
from wayhome.casework.clues.queries.clues import clues_of
from wayhome.casework.clues.queries.hits import hits
from wayhome.casework.clues.queries.links import Cluster, cluster, proposals
from wayhome.casework.clues.rules import HARD, Reason, keys
from wayhome.casework.core.actors import Actor
from wayhome.cli import demo_ring
from wayhome.cli.demo_registers import Registers

SHANGHAI = ZoneInfo("Asia/Shanghai")
SEED = 2011
LEADS = "CN-GX"
"""The province with which others open their clues to each other."""


class Clues:
    """All forty, and who takes them down."""

    def __init__(self, registers: Registers, later: timedelta) -> None:
        self.registers = registers
        self.made = [(made, at + later) for _, made, at in _in_order()]
        self.taken: list[Any] = []

    def take_down(self, until: datetime) -> None:
        """Those that come in before a moment and are not written yet."""
        with transaction.atomic():
            for made, at in self.made[len(self.taken) :]:
                if at >= until:
                    return
                day = at.astimezone(SHANGHAI).date()
                self.taken.append(
                    actions.record_clue(
                        text=made.text,
                        received_at=at - timedelta(minutes=20),
                        channel="hotline",
                        source_grade="C",
                        info_grade=3,
                        language=made.language,
                        jurisdiction=self.registers.jurisdictions[f"CN-{made.province}"],
                        speaks_of=made.speaks_of,
                        relations=[replace(one, on=day) for one in made.relations],
                        anonymous=True,
                        by=self._officer(made),
                        at=at,
                    )
                )

    def open_up(self, at: datetime) -> None:
        """Guangxi and whoever holds the same number open to each other; so do Henan and Shanxi, who share a telephone."""
        with transaction.atomic():
            for (made, _), clue in zip(self.made, self.taken, strict=True):
                by = self._officer(made)
                for hit in hits(by, clue):
                    if LEADS in (f"CN-{made.province}", hit.agency.removesuffix("-police")) or _is_apart(made):
                        police = self.registers.facilities[hit.agency].agency
                        actions.agree_to_open(clue=clue, agency=police, by=by, at=at)

    def judge(self, at: datetime) -> None:
        """Each officer looks at what is proposed for the own clues. A number convinces them, unless a bus company answers it."""
        with transaction.atomic():
            for (made, _), clue in zip(self.made, self.taken, strict=True):
                by = self._officer(made)
                for one in proposals(by, clue).found:
                    shared = [reason for reason in one.reasons if reason.kind in HARD]
                    convincing = [f"{reason.kind} {reason.value}" for reason in shared if not _is_of_bus(reason)]
                    if shared and one.standing == "open":
                        note = ", ".join(convincing) or "the telephone is a bus company's"
                        actions.judge_pair(clue=clue, other=one.other, confirmed=bool(convincing), note=note, by=by, at=at)

    def _officer(self, made: demo_ring.MadeUp) -> Actor:
        return self.registers.actors[f"CN-{made.province}-officer"]


def told(by: Actor) -> dict[str, Any]:
    """The ring as the house proposes it to somebody who may read every clue, held against what `demo_ring` knows."""
    made, ring = [one for _, one, _ in _in_order()], demo_ring.forty(SEED)[1]
    clues = list(clues_of(by).order_by("at", "pk")[: len(made)])
    if [clue.text for clue in clues] != [one.text for one in made]:
        return {"clues": {}, "clusters": {}}
    found = max(_clusters(by, clues), key=lambda one: len(one.clues))
    mine = {clue.pk for clue, (i, _, _) in zip(clues, _in_order(), strict=True) if i in ring}
    right = mine & set(found.clues)
    return {
        "clues": {
            "taken_down": len(clues),
            "jurisdictions": len({clue.jurisdiction_id for clue in clues}),
            "languages": len({clue.language for clue in clues}),
            "naming_dongxing": demo_ring.naming(made),
        },
        "clusters": {
            "clues": len(found.clues),
            "pairs": len(found.pairs),
            "confirmed": sum(how == "confirmed" for *_, how in found.pairs),
            "recall": round(len(right) / len(mine), 3),
            "precision": round(len(right) / len(found.clues), 3),
        },
    }


def _clusters(by: Actor, clues: Iterable[Any]) -> Iterator[Cluster]:
    """Each once."""
    seen: set[int] = set()
    for clue in clues:
        if clue.pk not in seen:
            found = cluster(by, clue, proposed=True)
            seen |= set(found.clues)
            yield found


@cache
def _in_order() -> tuple[tuple[int, demo_ring.MadeUp, datetime], ...]:
    """Clues with their place among the forty and when they are taken down: the evening of the day of which they speak."""
    told = []
    for i, made in enumerate(demo_ring.forty(SEED)[0]):
        on = made.relations[0].on
        assert on is not None
        told.append((i, made, datetime.combine(on, time(19), SHANGHAI) + timedelta(minutes=i)))
    return tuple(sorted(told, key=lambda one: one[2]))


def _is_apart(made: demo_ring.MadeUp) -> bool:
    """Whether it is one of the two that share a telephone and are not of the ring."""
    shared = keys("phone", demo_ring.SHARED_APART)
    return any(keys(kind, value) == shared for one in made.speaks_of for kind, value in one.facts if kind == "phone")


def _is_of_bus(reason: Reason) -> bool:
    return (reason.kind, reason.value) in keys("phone", demo_ring.BUS)
