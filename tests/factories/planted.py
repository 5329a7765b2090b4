"""What an investigation keeps to itself, in words that stand nowhere else: for tests that look for them everywhere.

All people are made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from factories.api_case import Things
from factories.clues import clue, person, thing
from factories.joint import READY, draft, site
from factories.operations import add, investigation
from wayhome.casework.clues import actions as clues
from wayhome.casework.clues.queries.clues import clue_of
from wayhome.casework.clues.rules import Relation, Told
from wayhome.casework.core import numbers
from wayhome.casework.custody import actions as custody
from wayhome.casework.operations import actions
from wayhome.casework.operations.models import Investigation
from wayhome.casework.operations.queries.investigations import task_force
from wayhome.casework.operations.queries.joint import planned
from wayhome.casework.operations.queries.victims import victim_of

WORDS = {
    "a clue": "河狸码头三更交人",
    "who told it": "守灯塔的鲍老汉",
    "a name": "司徒鹭鸶",
    "another name": "Tư Đồ Cò",
    "a number of papers": "450921197703031237",
    "a telephone": "18907771903",
    "a plate": "桂R90731",
    "an account": "6217003320009071903",
    "an address": "钦州市龙门港镇鹭鸶巷77号",
    "a place": "鹭鸶渡口",
    "a victim in a clue": "小鹭鸶",
    "a note of a step": "sleeps until the heron lands",
    "a note of a pair": "both herons fish at one pier",
    "a code": "ZX-7719",
    "a title": "the heron ferry",
    "evidence": "a red drum below the heron mast",
    "what is known of a child": "seen in the heron loft",
    "a plan's code": "ZX-7719-J",
    "a plan's title": "heron: all sails down",
    "a site": "龙门港镇鹭鸶仓库9号",
    "a reason": "the heron nurse is late",
}
"""By what it is of. They were written in an investigation alone, and in what belongs to it."""
TYPED = {
    "a name": "欧阳鹧鸪",
    "another name": "Âu Dương Gà",
    "a number of papers": "450921196604042225",
    "a telephone": "18907772804",
    "a plate": "桂R80624",
    "an account": "6217003320008062804",
    "an address": "钦州市沙埠镇鹧鸪巷66号",
    "a place": "鹧鸪渡口",
    "a victim in a clue": "小鹧鸪",
    "a code": "ZX-6608",
    "a title": "the grouse ferry",
}
"""The same as somebody types it who guesses: nobody ever wrote it."""


@dataclass(frozen=True, slots=True)
class Planted:
    """Where it stands.

    Parameters
    ----------
    ids : in place of those of things: addresses of what is kept.
    never : the same of what never was.
    """

    opened: Investigation
    ids: dict[str, Any]
    never: dict[str, Any]

    def kept(self, things: Things) -> Things:
        """Things of which what can be kept is."""
        return Things(things.world, things.api, things.ids | self.ids)

    def missing(self, things: Things) -> Things:
        """Things of which what can be kept was never there."""
        return Things(things.world, things.api, things.ids | self.never)


def plant(things: Things) -> Planted:
    """An investigation of one officer and a supervisor of the ministry, with clues, a plan, and a child that is in hospital."""
    kept, things.world.clock = things.world.clock, timezone.now()
    try:
        return _planted(things)
    finally:
        things.world.clock = kept


def _planted(things: Things) -> Planted:
    world, words = things.world, WORDS
    who = {"by": world.actor("officer")}
    opened = investigation(world, code=words["a code"], title=words["a title"])
    at = world.now()
    actions.supervise(investigation=opened, since=at.date(), at=at, **who)
    add(world, opened, "supervisor2", "supervisor")
    day = {"sex": "F", "seen_from": date(2011, 6, 2), "seen_to": date(2011, 6, 3)}
    seen, found = (
        actions.tell_victim(investigation=opened, evidence=words["evidence"], **day, at=world.now(), **who) for _ in range(2)
    )
    actions.tell_state(victim=seen, state="located", note=words["what is known of a child"], at=world.now(), **who)
    custody.tie_victim(victim=victim_of(who["by"], found.pk), child_id=int(things.child), at=world.now(), **who)
    plan = draft(world, opened, code=words["a plan's code"], title=words["a plan's title"])
    one = site(world, plan, leader="officer", place=words["a site"])
    actions.approve_plan(plan=plan, digest=planned(plan).digest, by=world.actor("supervisor2"), at=world.now())
    actions.seal_plan(plan=plan, at=world.now(), **who)
    actions.report_readiness(site=one, word="no_go", **READY | {"reason": words["a reason"]}, at=world.now(), **who)
    first, second = _clues(things, opened)
    member = task_force(who["by"], opened.pk).get(staff=world.staff["supervisor2"]).pk
    plans, sites = ([key for key in things.ids if key.startswith(start)] for start in ("plan_", "site_"))
    investigations = ("investigation", "unsupervised", "of_clues", "orphaned")
    plans = [key for key in plans if key != "plan_job"]
    numbered = {"clue": first.number, "clue2": second.number, "clue_gd": second.number}
    numbered |= dict.fromkeys(investigations, opened.number) | dict.fromkeys(plans, plan.number)
    rows = {"victim": seen.pk, "rescued": found.pk, "member": member} | dict.fromkeys(sites, one.pk)
    nobody = dict.fromkeys(rows, 999_999_999)
    return Planted(opened, numbered | rows, {key: numbers.new_number() for key in numbered} | nobody)


def _clues(things: Things, opened: Investigation) -> list[Any]:
    """Two that hang together, and with one that others read by a name of a place alone, which is no hit."""
    world, words = things.world, WORDS
    who = {"by": world.actor("officer")}
    first = clue(
        world,
        person(
            ("name", words["a name"]),
            ("alias", words["another name"]),
            ("phone", words["a telephone"]),
            ("id", words["a number of papers"]),
        ),
        thing("vehicle", words["a plate"]),
        thing("account", words["an account"]),
        thing("address", words["an address"]),
        thing("place", words["a place"]),
        thing("place", "东兴市"),
        Told("victim", [("name", words["a victim in a clue"])]),
        relations=[Relation(0, "drives", 1, "transporter", date(2011, 6, 2), 4, 5), Relation(0, "moves", 6)],
        text=words["a clue"],
        source=words["who told it"],
        protected=True,
    )
    second = clue(world, thing("phone", words["a telephone"]), thing("place", "东兴市"))
    clues.triage(clue=first, state="triaged", at=world.now(), **who)
    clues.triage(clue=first, state="dormant", note=words["a note of a step"], at=world.now(), **who)
    for one in (first, second):
        clues.put_in_compartment(clue=one, investigation=opened, at=world.now(), **who)
    for other in (second, clue_of(who["by"], int(things.clue))):
        clues.judge_pair(clue=first, other=other, confirmed=True, note=words["a note of a pair"], at=world.now(), **who)
    return [first, second]
