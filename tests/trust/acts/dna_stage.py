"""A house that asks a partner by DNA, and is asked: a family whose child fits, and a question at every step of its days."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from factories.exchange import VN, asked_by_hand, card
from factories.laboratory import Calls, child_of, sample
from factories.matching import House, second_sample, stranger, typed
from factories.world import World, small_world
from trust.acts.bench import numbered
from trust.acts.partner_stage import CASE, OVER, THEIRS, outsiders, take
from trust.acts.stage import Stage
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.exchange.actions import corrections, dna_asked, dna_asking, ending, nodes
from wayhome.casework.exchange.models import DnaFound

BEGIN = datetime(2011, 7, 15, 7, tzinfo=UTC)
DAY, NIGHT, MORNING = timedelta(days=1), datetime(2011, 7, 15, 19, tzinfo=UTC), datetime(2011, 7, 15, 2, tzinfo=UTC)
SECOND, SECONDS_CASE = "VN-2", "2011/MC-30"
FEW, MOST = 8, 30


def set_dna_stage() -> Stage:
    """Make it all; the index must stay as long as the stage does."""
    world = small_world()
    world.clock = BEGIN
    with numbered(90_000_001):
        return Stage(world, _filled(world))


def told(calls: Mapping[str, tuple[str, ...]], *, changed: int = 0) -> dict[str, list[str]]:
    """A sample as a partner would write it; at some loci otherwise."""
    found = {name: sorted(set(alleles)) for name, alleles in sorted(calls.items()) if name != "AMEL"}
    return found | {name: ["5"] for name in list(found)[:changed]}


def some_child(of: House, seed: int) -> Calls:
    """Another child of a family's parents."""
    return child_of(of.calls["mother"], of.calls["father"], random.Random(seed), "F")


def asks(genotypes: Any, *, n: int, at: datetime, line: str = VN, **more: Any) -> bytes:
    """The partner asks."""
    return take(asked_by_hand(THEIRS, genotypes, n=n, at=at, **{"case": CASE} | more), at=at, line=line)


def _filled(world: World) -> dict[str, Any]:
    it = _nodes(world) | _children(world)
    it |= _asking(world, it)
    return it | _asked(world, it)


def _nodes(world: World) -> dict[str, Any]:
    by = world.registrars
    assert by is not None
    of = {"code": "third", "kind": "partner", "name": "x", "name_en": "x", "jurisdiction": world.jurisdictions["VN"]}
    world.agencies["third"] = accounts.register_agency(by=by, at=world.now(), **of)
    liaison = outsiders(world)
    person = {"number": "leaver", "name": "农文", "id_number": "450681197001010081", "role": "supervisor"}
    world.staff["leaver"] = accounts.register_staff(by=by, at=world.now(), agency=world.agencies["ministry"], **person)
    node = nodes.register_node(card=card(VN, THEIRS), agency=world.agencies["partner"], by=by, at=world.now())
    second = nodes.register_node(card=card(SECOND, THEIRS), agency=world.agencies["third"], by=by, at=world.now())
    who = {"by": world.actor("supervisor")}
    shared = {
        "case": (node, CASE, who),
        "over": (node, OVER, who),
        "second_case": (second, SECONDS_CASE, who),
        "liaisons": (second, "2011/MC-31", {"by": liaison}),
        "elsewhere": (node, "2011/MC-32", {"by": world.actor("supervisor_gd")}),
    }
    cases = {name: nodes.share_case(node=of, number=no, **by, at=world.now()) for name, (of, no, by) in shared.items()}
    return {"node": node, "second": second, **cases}


def _children(world: World) -> dict[str, Any]:
    """The family's child, another whom a partner was asked by, and some by whom nobody is asked."""
    house = House(world)
    everything = house.calls["child"]
    for who in ("mother", "father"):
        house.sampled(who)
    house.sampled("child", calls=dict(sorted(everything.items())[2:]))
    other, few, torn, untyped, further = (world.in_hospital() for _ in range(5))
    chance = random.Random(7)
    others, fews, torns = (stranger(chance, "F") for _ in range(3))
    for child, calls in ((other, others), (few, dict(sorted(fews.items())[:FEW])), (torn, torns)):
        typed(world, {sample(world, child, by="nurse"): calls})
    typed(world, {second_sample(world, torn): stranger(chance, "F")})
    house.search()
    made = {"other": other, "few": few, "torn": torn, "untyped": untyped, "further": further}
    return {"house": house, "others_calls": others, **made}


def _asking(world: World, it: dict[str, Any]) -> dict[str, Any]:
    who = {"by": world.actor("supervisor")}

    def tied(case: str, child: Any) -> Any:
        return dna_asking.tie_child(case=it[case], child=child, **who, at=world.now())

    child = it["house"].child
    ties = {
        "tie": ("case", child),
        "others_tie": ("case", it["other"]),
        "few_tie": ("case", it["few"]),
        "torn_tie": ("case", it["torn"]),
        "untyped_tie": ("case", it["untyped"]),
        "over_tie": ("over", child),
        "second_tie": ("second_case", child),
        "wrong_tie": ("second_case", it["other"]),
        "liaisons_tie": ("liaisons", child),
    }
    made = {name: tied(case, of) for name, (case, of) in ties.items()}
    asked = {"question": "tie", "sent_question": "others_tie", "wrong_question": "wrong_tie"}
    questions = {name: dna_asking.ask(of=made[tie], basis="treaty", **who, at=world.now()) for name, tie in asked.items()}
    sent = dna_asking.approve(question=questions["sent_question"], by=world.actor("supervisor2"), at=world.now())
    corrections.correct_tie(tie=made["wrong_tie"], stands=False, reason="another child", **who, at=world.now())
    end = {"how": "closed", "keep_days": 30, "reason": "done"}
    ending.end_case(case=it["over"], **end, **who, at=world.now())
    return made | questions | {"sent": sent.sent.message}


def _asked(world: World, it: dict[str, Any]) -> dict[str, Any]:
    """What the partner asked on three days, and what became of it: answered, looked at, not looked at, looked at by who left."""
    by = world.registrars
    assert by is not None
    chance = random.Random(11)
    somebody = [told(stranger(chance, "F")) for _ in range(6)]
    fits = told(some_child(it["house"], 1))
    days = [{"answered": somebody[0]}, {"hit": fits, "none": somebody[1], "unseen": somebody[2], "left": somebody[3]}]
    days.append({"late": somebody[4]})
    n, made = 0, {}
    for day, asked in enumerate(days):
        world.clock = max(world.clock, BEGIN + day * DAY)
        assert world.clock < NIGHT + day * DAY - timedelta(hours=2), "the night is near"
        for genotypes in asked.values():
            n += 1
            asks(genotypes, n=n, at=world.now())
        if day == 1:
            for nth in range(1, MOST + 1):
                asks([], n=nth, at=world.now(), sender=SECOND, case=SECONDS_CASE, line=SECOND)
        dna_asked.search_asked(at=NIGHT + day * DAY)
        rows = DnaFound.objects.filter(asked__node=it["node"]).order_by("-pk")[: len(asked)]
        made |= dict(zip(asked, reversed(rows), strict=True))
    world.clock = MORNING + 3 * DAY
    looks = {"answered": "supervisor", "hit": "supervisor2", "none": "supervisor", "left": "leaver", "late": "supervisor"}
    for name, who in looks.items():
        note = {"answered": False, "note": "the family withdrew"} if name == "none" else {"answered": True}
        dna_asked.look(found=made[name], **note, by=world.actor(who), at=world.now())
    accounts.end_staff(staff=world.staff["leaver"], reason="retired", by=by, at=world.now())
    dna_asked.answer_looked(at=MORNING + 4 * DAY)
    return {f"found_{name}": row for name, row in made.items()} | {"asked_so_far": n, "somebody": somebody}
