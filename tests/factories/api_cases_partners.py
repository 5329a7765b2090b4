"""The part of `factories.api_cases` that is about partners' houses. All people are made up."""

from __future__ import annotations

from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from factories.api_case import Case, Things, sends, where
from factories.exchange import CASE, CN, VN, asked_by_hand, card, certificate, sent_by_hand, typed_child
from wayhome.casework.children.queries import child
from wayhome.casework.exchange.actions import dna_asked, dna_asking, ending, files, messages, nodes, renewing, taking
from wayhome.casework.exchange.models import DnaFound, Incoming
from wayhome.casework.exchange.queries import messages as message_queries


def some_partners(things: Things) -> None:
    """A case shared with Viet Nam by a liaison: its questions, ours, a child that was typed and one that was not."""
    world, ids, at = things.world, things.ids, timezone.now()
    assert world.registrars is not None
    ours, theirs = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    node = nodes.register_node(card=card(VN, theirs), agency=world.agencies["partner"], by=world.registrars, at=at)
    liaison, supervisor = world.actor("liaison"), world.actor("supervisor")
    case = nodes.share_case(node=node, number=CASE, by=liaison, at=at)
    ids["shared_case"] = case.pk

    def came(data: bytes) -> None:
        taking.take(data=data, own=CN, key=ours, line=certificate(VN), at=at)

    came(sent_by_hand(theirs, "question", {"text": "Cháu bé có vết bớt nào không?"}, n=1, at=at))
    came(asked_by_hand(theirs, {"D3S1358": ["15", "16"]}, n=2, at=at))
    came(sent_by_hand(theirs, "notice", {"text": "Đã tìm thấy hai gia đình."}, n=4, at=at))
    fields = {"sex": {"sex": "F"}, "age": {"least": 20, "most": 40, "on": "2011-07-20"}, "marks": {"marks": [{"place": "scalp"}]}}
    came(sent_by_hand(theirs, "package", {"fields": fields, "bases": {"sex": "treaty"}}, n=5, at=at))
    dna_asked.search_asked(at=at + timedelta(days=2))
    ids["partner_question"], ids["dna_found"] = Incoming.objects.get(kind="question").pk, DnaFound.objects.get().pk
    ids["partner_package"] = Incoming.objects.get(kind="package").pk
    messages.write(case=case, kind="question", text="请查找孩子的父母。", by=liaison, at=at)
    tied = dna_asking.tie_child(case=case, child=typed_child(), by=supervisor, at=at)
    asked = dna_asking.tie_child(case=case, child=typed_child(1), by=supervisor, at=at)
    other = next(one for one in (ids["child"], ids["home"]) if int(one) not in (tied.child_id, asked.child_id))
    ids["tied"] = dna_asking.tie_child(case=case, child=child(int(other)), by=supervisor, at=at).pk
    ids["tied_typed"] = tied.pk
    files.wait_for(of=tied, who="theirs", what="找到父母", since=at, by=liaison, at=at)
    ids["dna_question"] = dna_asking.ask(of=asked, basis="treaty", by=liaison, at=at).pk
    told = files.propose(of=tied, fields={"sex": "treaty", "age": "convention", "marks": "guardian"}, by=liaison, at=at)
    ids["package"] = told.pk

    for number in ("2026/MC-90", "2026/MC-91"):
        over = nodes.share_case(node=node, number=number, by=liaison, at=at)
        ending.end_case(case=over, how="closed", keep_days=365, reason="已办结", by=supervisor, at=at)
        ids["ended_case"] = over.pk
    other_case = message_queries.shared_case(node, "2026/MC-90")
    assert other_case is not None
    renewing.renew_sealing_key(at=timezone.now())
    again = ending.reopen_case(case=other_case, reason="又找到一名儿童", by=world.actor("supervisor2"), at=at)
    ids["case_reopening"] = again.pk


PARTNERS: dict[str, Case] = {
    "GET /partners/waiting": Case("liaison", where("/partners/waiting")),
    "GET /shared-cases": Case("liaison", where("/shared-cases")),
    "POST /shared-cases": Case("liaison", where("/shared-cases"), sends(node=VN, number="2026/MC-99"), unknown=422),
    "GET /shared-cases/{id}": Case("liaison", where("/shared-cases/{shared_case}"), foreign="liaison_gd"),
    "POST /shared-cases/{id}/messages": Case(
        "liaison",
        where("/shared-cases/{shared_case}/messages"),
        sends(kind="answer", text="左肩有一块胎记。", answers=lambda t: t.partner_question),
        foreign="liaison_gd",
    ),
    "POST /shared-cases/{id}/end": Case(
        "supervisor",
        where("/shared-cases/{shared_case}/end"),
        sends(how="closed", keep_days=1825, reason="已办结"),
        foreign="supervisor_vn",
        approves=True,
    ),
    "POST /shared-cases/{id}/key": Case(
        "supervisor", where("/shared-cases/{shared_case}/key"), sends(), foreign="supervisor_vn", approves=True
    ),
    "POST /shared-cases/{id}/reopening": Case(
        "supervisor",
        where("/shared-cases/{ended_case}/reopening"),
        sends(reason="又找到一名儿童"),
        foreign="supervisor_vn",
        approves=True,
    ),
    "POST /case-reopenings/{id}/approval": Case(
        "supervisor",
        where("/case-reopenings/{case_reopening}/approval"),
        sends(),
        foreign="supervisor_vn",
        approves=True,
    ),
    "POST /shared-cases/{id}/children": Case(
        "supervisor", where("/shared-cases/{shared_case}/children"), sends(child=lambda t: t.ward), foreign="supervisor_vn"
    ),
    "GET /returns-abroad/{id}": Case("liaison", where("/returns-abroad/{tied_typed}"), foreign="liaison_gd"),
    "POST /returns-abroad/{id}/steps": Case(
        "liaison",
        where("/returns-abroad/{tied}/steps"),
        sends(who="documents", what="旅行证件", since=lambda _: timezone.now().isoformat()),
        foreign="liaison_gd",
    ),
    "POST /returns-abroad/{id}/steps/{n}/corrections": Case(
        "liaison",
        where("/returns-abroad/{tied_typed}/steps/1/corrections"),
        sends(stands=True, who="court", what="判决", since=lambda _: timezone.now().isoformat(), reason="误记"),
        foreign="liaison_gd",
    ),
    "POST /returns-abroad/{id}/standing": Case(
        "supervisor",
        where("/returns-abroad/{tied}/standing"),
        sends(stands=False, reason="不是这名儿童"),
        foreign="supervisor_vn",
    ),
    "POST /returns-abroad/{id}/dna-questions": Case(
        "liaison", where("/returns-abroad/{tied_typed}/dna-questions"), sends(basis="treaty"), foreign="liaison_gd"
    ),
    "POST /dna-questions/{id}/approval": Case(
        "supervisor", where("/dna-questions/{dna_question}/approval"), sends(), foreign="supervisor_vn", approves=True
    ),
    "POST /dna-found/{id}/look": Case(
        "supervisor", where("/dna-found/{dna_found}/look"), sends(answered=True), foreign="supervisor_vn", approves=True
    ),
    "POST /returns-abroad/{id}/packages": Case(
        "liaison", where("/returns-abroad/{tied}/packages"), sends(fields={"sex": "treaty"}), foreign="liaison_gd"
    ),
    "GET /packages/{id}": Case("liaison", where("/packages/{package}"), foreign="liaison_gd"),
    "POST /packages/{id}/approval": Case(
        "supervisor",
        where("/packages/{package}/approval"),
        sends(),
        foreign="supervisor_vn",
        approves=True,
    ),
}
