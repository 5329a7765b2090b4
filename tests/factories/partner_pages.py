"""A case shared with Viet Nam, for the pages: what was said, what waits for either side, a return that has waited for months."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from factories.exchange import CASE, CN, VN, asked_by_hand, card, certificate, sent_by_hand, typed_child
from factories.matching import House, stranger
from wayhome.casework.accounts import actions as accounts
from wayhome.casework.exchange.actions import corrections, dna_asked, dna_asking, ending, files, messages, nodes, taking
from wayhome.casework.exchange.models import DnaFound, Incoming, WaitingStep
from wayhome.casework.exchange.queries import messages as queries
from wayhome.casework.exchange.rules import messages as rules


def liaison(world: Any) -> None:
    """Somebody of the police who may write to partners, and approves nothing."""
    world.staff["liaison"] = accounts.register_staff(
        by=world.registrars,
        at=world.now(),
        number="liaison",
        name="农月英",
        id_number="450681198003030033",
        agency=world.agencies["police"],
        role="liaison",
    )


QUESTION = "Cháu bé có vết bớt nào không?"


def fill_cases(world: Any, names: str) -> dict[str, dict[str, Any]]:
    """A shared case by each name, with a question of the partner's, one by DNA that was searched, what it told of a child, and a
    child of ours that was typed and is not in it yet."""
    liaison(world)
    theirs = Ed25519PrivateKey.generate()
    ours = Ed25519PrivateKey.generate()
    at, by = world.now(), world.actor("supervisor")
    node = nodes.register_node(card=card(VN, theirs), agency=world.agencies["partner"], by=world.registrars, at=at)
    told: dict[str, dict[str, Any]] = {}
    for nth, name in enumerate(names.split()):
        number = f"{CASE}-{name}"
        ours_there = House(world, seed=nth + 1)
        ours_there.sampled("child")
        case = nodes.share_case(node=node, number=number, by=by, at=world.now())
        hand: dict[str, Any] = {"at": world.now(), "case": number}
        package = {"fields": {"sex": {"sex": "F"}, "found_with": {"items": ["một chiếc khăn"]}}}
        package["bases"] = dict.fromkeys(package["fields"], "treaty")
        asked = {locus: list(pair) for locus, pair in stranger(random.Random(nth)).items() if locus != "AMEL"}
        for data in (
            sent_by_hand(theirs, "question", {"text": QUESTION}, n=1, **hand),
            asked_by_hand(theirs, asked, n=2, sample=f"{nth:064d}", **hand),
            sent_by_hand(theirs, "package", package, n=3, **hand),
        ):
            taking.take(data=data, own=CN, key=ours, line=certificate(VN), at=world.now())
        came = Incoming.objects.filter(case=case)
        told[name] = {
            "case": case.pk,
            "number": number,
            "question": came.get(kind="question").pk,
            "told": came.get(kind="package").pk,
            "child": ours_there.child.number,
        }
    dna_asked.search_asked(at=world.clock + timedelta(days=1))
    for name, one in told.items():
        one["found"] = DnaFound.objects.get(asked__message__case=told[name]["case"]).pk
    return told


def fill_partners(world: Any) -> None:
    """Numbers in `world.partners`."""
    liaison(world)
    ours, theirs = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    at, by, second = world.now(), world.actor("supervisor"), world.actor("supervisor2")
    node = nodes.register_node(card=card(VN, theirs), agency=world.agencies["partner"], by=world.registrars, at=at)
    case = nodes.share_case(node=node, number=CASE, by=by, at=at)

    def came(data: bytes) -> None:
        taking.take(data=data, own=CN, key=ours, line=certificate(VN), at=world.clock)

    def arrives(message: Any) -> None:
        envelope = queries.envelope_of(message, own=CN, at=world.clock)
        messages.settle(message=message, own=CN, receipt=rules.receipt(envelope, key=theirs), heard="", at=world.clock)

    told = {"case": case, "by": by}
    arrives(messages.write(kind="notice", text="2011年7月15日，在东兴解救8名婴儿，均已送医。", at=world.now(), **told))
    asked = "请协助查找孩子的亲生父母。孩子的情况见告知单。\n请告知贵方何时可以接收。"
    arrives(messages.write(kind="question", text=asked, at=world.now(), **told))
    hand = {"at": world.now()}
    came(sent_by_hand(theirs, "notice", {"text": "Chúng tôi đã nhận và đang phối hợp với công an Quảng Ninh."}, n=1, **hand))
    came(
        sent_by_hand(
            theirs, "question", {"text": "Cháu bé số 3 có vết bớt nào không? Ai là người giám hộ tạm thời?"}, n=2, **hand
        )
    )
    came(asked_by_hand(theirs, {"D3S1358": ["15", "16"]}, n=3, **hand))
    fields = {
        "sex": {"sex": "F"},
        "age": {"least": 20, "most": 40, "on": "2011-07-20"},
        "found_with": {"items": ["một chiếc khăn"]},
    }
    content = {"fields": fields, "bases": {"sex": "treaty", "age": "convention", "found_with": "treaty"}}
    came(sent_by_hand(theirs, "package", content, n=5, **hand))
    dna_asked.search_asked(at=world.clock + timedelta(days=2))
    child = typed_child()
    tie = dna_asking.tie_child(case=case, child=child, by=by, at=world.now())
    found_at = child.event.found_at
    steps = (
        ("ours", "医院观察与登记", timedelta(0)),
        ("documents", "出生与身份证明", (world.clock - found_at) / 3),
        ("theirs", "xác minh cha mẹ tại Quảng Ninh", (world.clock - found_at) / 2),
    )
    for who, what, after in steps:
        files.wait_for(of=tie, who=who, what=what, since=found_at + after, by=by, at=world.now())
    question = dna_asking.ask(of=tie, basis="treaty", by=by, at=world.now())
    chosen = {"reference": "treaty", "sex": "treaty", "age": "convention", "rescued_on": "treaty", "marks": "guardian"}
    sent = files.propose(of=tie, fields=chosen, by=by, at=world.now())
    files.approve(package=sent, by=second, at=world.now())
    waits = files.propose(
        of=tie, fields={"found_with": "court", "call_name": "guardian", "marks": "court"}, by=by, at=world.now()
    )
    over = nodes.share_case(node=node, number="2011/MC-4", by=by, at=world.now())
    messages.write(case=over, kind="question", text="该名儿童是否已回家？", by=by, at=world.now())
    end = ending.end_case(case=over, how="closed", keep_days=1825, reason="儿童已移交，事项办结", by=by, at=world.now())
    again = ending.reopen_case(case=over, reason="又找到同案的一名儿童", by=second, at=world.now())
    files.wait_for(of=tie, who="court", what="监护权裁定", since=world.clock, by=by, at=world.now())
    for step in WaitingStep.objects.filter(of=tie):
        told = {"step": step, "stands": step.n != 4, "who": step.who, "what": step.what, "since": step.since}
        if step.n in (2, 4):
            corrections.correct_step(reason="登记有误", by=by, at=world.now(), **told)
    world.partners = {
        "ended": end.case_id,
        "reopening": again.pk,
        "case": case.pk,
        "question": Incoming.objects.get(kind="question").pk,
        "told": Incoming.objects.get(kind="package").pk,
        "tie": tie.pk,
        "dna": question.pk,
        "found": DnaFound.objects.get().pk,
        "sent": sent.pk,
        "waits": waits.pk,
    }
