"""A partner's house across the line: cases shared with it that are open, over and about to be, messages and children in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from factories.exchange import CN, VN, card, certificate, sent_by_hand
from factories.world import World
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.core.actors import Actor
from wayhome.casework.exchange.actions import corrections, dna_asking, ending, files, messages, nodes, taking
from wayhome.casework.exchange.models import Incoming, Outgoing
from wayhome.casework.exchange.queries import messages as queries
from wayhome.casework.exchange.rules import messages as rules

OURS, THEIRS = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
CASE, OVER, AGAIN, QUIET = "2011/MC-17", "2011/MC-2", "2011/MC-3", "2011/MC-4"


def sent(kind: str, content: dict[str, Any], *, n: int, at: datetime, **more: Any) -> bytes:
    """A message of the partner's, as it goes over the line."""
    return sent_by_hand(THEIRS, kind, content, n=n, at=at, **{"case": CASE} | more)


def take(data: bytes, *, at: datetime, line: str = VN) -> bytes:
    """It comes to this house."""
    return taking.take(data=data, own=CN, key=OURS, line=certificate(line), at=at)


def receipt(message: Outgoing, *, at: datetime) -> bytes:
    """The partner's word that it has a message."""
    return rules.receipt(queries.envelope_of(message, own=CN, at=at), key=THEIRS)


def partners(world: World) -> dict[str, Any]:
    """By name."""
    by = world.registrars
    assert by is not None
    for name in ("silent", "third"):
        of = {"code": name, "kind": "partner", "name": name, "name_en": name, "jurisdiction": world.jurisdictions["VN"]}
        world.agencies[name] = accounts.register_agency(by=by, at=world.now(), **of)
    node = nodes.register_node(card=card(VN, THEIRS), agency=world.agencies["partner"], by=by, at=world.now())
    silent = nodes.register_node(card=card("VN-9", THEIRS), agency=world.agencies["silent"], by=by, at=world.now())
    who = {"by": world.actor("supervisor")}
    it: dict[str, Any] = {"node": node, "silent": silent}
    told = {"case": CASE, "over": OVER, "again": AGAIN, "quiet": QUIET}
    for name, number in told.items():
        it[name] = nodes.share_case(node=node, number=number, **who, at=world.now())
    it["unheard"] = nodes.share_case(node=silent, number="2011/MC-9", **who, at=world.now())
    nodes.register_node_key(node=silent, address="https://vn-9.example", keys=None, by=by, at=world.now())
    for name in ("question", "delivered"):
        it[name] = messages.write(case=it["case"], kind="question", text=name, **who, at=world.now())
    at = world.now()
    messages.settle(message=it["delivered"], own=CN, receipt=receipt(it["delivered"], at=at), heard="", at=at)
    at = world.now()
    take(sent("question", {"text": "?"}, n=1, at=at), at=at)
    it["theirs"] = Incoming.objects.get()
    return it | _children(world, it) | _ends(world, it)


def _children(world: World, it: dict[str, Any]) -> dict[str, Any]:
    who = {"by": world.actor("supervisor")}
    tie, wrong, told = (
        dna_asking.tie_child(case=it["case"], child=world.child(name), **who, at=world.now()) for name in ("小安", "小平", "小青")
    )
    made = [files.propose(of=of, fields={"sex": "treaty"}, **who, at=world.now()) for of in (tie, told, told, wrong)]
    package = files.propose(of=tie, fields={"sex": "treaty", "call_name": "guardian"}, **who, at=world.now())
    for one in made[1:3]:
        files.approve(package=one, by=world.actor("supervisor2"), at=world.now())
    since = world.clock - timedelta(minutes=5)
    steps = [files.wait_for(of=tie, who="ours", what="papers", since=since, **who, at=world.now()) for _ in range(2)]
    corrections.correct_tie(tie=wrong, stands=False, reason="another child", **who, at=world.now())
    liaison = outsiders(world)
    own = nodes.share_case(node=it["node"], number="2011/MC-20", by=liaison, at=world.now())
    of = dna_asking.tie_child(case=own, child=world.child("小云"), **who, at=world.now())
    waits = {"of": of, "who": "theirs", "what": "a reply", "since": since}
    theirs = [files.wait_for(**waits, **by, at=world.now()) for by in (who, {"by": liaison})]
    it |= {"shared_tie": of, "ministrys": theirs[0], "liaisons": theirs[1]}
    return {"tie": tie, "wrong": wrong, "told_tie": told, "package": package, "wrong_package": made[3], "step": steps[0], **it}


def outsiders(world: World) -> Actor:
    """A liaison of the police, who is answered, and a supervisor of another province."""
    by = world.registrars
    assert by is not None
    person = {"number": "liaison", "name": "阮文清", "id_number": "450681197001010041", "role": "liaison"}
    world.staff["liaison"] = accounts.register_staff(by=by, at=world.now(), agency=world.agencies["police"], **person)
    # A ministry of another province knows of none of these cases.
    told = {"code": "ministry_gd", "kind": "ministry", "name": "广东省民政厅", "jurisdiction": world.jurisdictions["GD"]}
    world.agencies["ministry_gd"] = accounts.register_agency(by=by, at=world.now(), **told)
    person = {"number": "supervisor_gd", "name": "曾文", "id_number": "450681197001010061", "role": "supervisor"}
    of = world.agencies["ministry_gd"]
    world.staff["supervisor_gd"] = accounts.register_staff(by=by, at=world.now(), agency=of, **person)
    return world.actor("liaison")


def _ends(world: World, it: dict[str, Any]) -> dict[str, Any]:
    who = {"by": world.actor("supervisor")}
    told = {"how": "closed", "keep_days": 30, "reason": "done", **who}
    for name in ("over", "again"):
        ending.end_case(case=it[name], **told, at=world.now())
    return {"reopening": ending.reopen_case(case=it["again"], reason="one more", **who, at=world.now())}
