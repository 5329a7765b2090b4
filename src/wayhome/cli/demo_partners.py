"""A house beyond the border in the demonstration: a question each way, what it is told of a child, whom its way waits for.

The province is made up, and so is its house: it has keys of its own, reads what is sealed for it, signs what it says, and keeps
nothing. What this house takes from it, it takes as from any partner.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wayhome.casework.core.actors import Actor
from wayhome.casework.exchange.actions import dna_asking, files, messages, nodes, taking
from wayhome.casework.exchange.queries import desk
from wayhome.casework.exchange.queries import files as file_queries
from wayhome.casework.exchange.queries import messages as queries
from wayhome.casework.exchange.rules import bodies, cards
from wayhome.casework.exchange.rules import messages as rules
from wayhome.casework.vault.queries import public_key
from wayhome.casework.vault.rules import Purpose, new_house_key
from wayhome.cli.node import _certificate

OURS, THEIRS, CASE = "CN-1", "VN-HS", "2011/HS-1"
TOLD = {"reference": "treaty", "sex": "treaty", "age": "convention", "rescued_on": "treaty", "rescued_in": "treaty"}


class Neighbour:
    """The house of a border province that there is not."""

    def __init__(self) -> None:
        self.signs, self.ours = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        self.private, self.public = new_house_key()
        line = _certificate(THEIRS, ec.generate_private_key(ec.SECP256R1()))
        self.certificate: bytes = line.public_bytes(serialization.Encoding.DER)
        self.written = 0

    @property
    def card(self) -> cards.Card:
        """As its people handed it over."""
        keys = cards.Keys(self.signs.public_key().public_bytes_raw(), self.public, new_house_key()[1], self.certificate)
        return cards.Card(THEIRS, "https://vn-hs.example", keys)

    def reads(self, message: Any, *, at: datetime) -> dict[str, Any]:
        """Take one of our messages as it goes over the line, and say that it came."""
        sent = rules.signed(queries.envelope_of(message, own=OURS, at=at), message.body, key=self.ours)
        came = rules.read(sent)
        if fault := rules.fault(came, own=THEIRS, public=self.ours.public_key().public_bytes_raw(), at=at):
            raise AssertionError(fault)
        envelope = came.envelope
        of = bodies.of(envelope.case, envelope.kind, envelope.nonce)
        told = bodies.read(bodies.opened(came.body, private=self.private, of=of))
        messages.settle(message=message, own=OURS, receipt=rules.receipt(envelope, key=self.signs), heard="", at=at)
        return told

    def writes(self, kind: str, content: dict[str, Any], *, at: datetime) -> None:
        """A message of its own, which this house takes."""
        self.written += 1
        nonce = secrets.token_hex(16)
        body = bodies.sealed(bodies.written(content), to=public_key(Purpose.PARTNERS), of=bodies.of(CASE, kind, nonce))
        envelope = rules.Envelope(THEIRS, OURS, CASE, kind, self.written, nonce, at, rules.digest_of(body))
        data = rules.signed(envelope, body, key=self.signs)
        taking.take(data=data, own=OURS, key=self.ours, line=self.certificate, at=at)


class Partners:
    """What the two houses write to each other of one child of the first ring."""

    def __init__(self, story: Any) -> None:
        self.story, self.at, self.neighbour = story, story.at, Neighbour()
        self.by: Actor = story.actor("MPS-supervisor")

    def shared(self, child: Any) -> None:
        """The case is shared, the child tied to it, and its country asked."""
        registers = self.story.registers
        node = nodes.register_node(
            card=self.neighbour.card, agency=registers.agencies[THEIRS], by=registers.registrars, at=self.at()
        )
        self.case = nodes.share_case(node=node, number=CASE, by=self.by, at=self.at())
        self.tied = dna_asking.tie_child(case=self.case, child=child, by=self.by, at=self.at())
        self.waits("ours", "医院、福利院与登记", child.event.found_at)
        self.says("question", "请查找该名婴儿的父母：2011年7月15日在东兴解救。")
        self.waits("theirs", "xác minh cha mẹ tại tỉnh biên giới")

    def answered(self) -> None:
        """They ask in turn, and are told what the treaty lets them be told; then they answer."""
        self.neighbour.writes("question", {"text": "Đề nghị cho biết ngày giải cứu và tuổi của cháu bé."}, at=self.at())
        (asked,) = [one for one in desk.waits([self.case]) if one.what == "question"]
        self.says("answer", "见所附的告知内容。", answers=desk.question_to_us(self.by, asked.of))
        package = files.propose(of=self.tied, fields=TOLD, by=self.by, at=self.at())
        approval = files.approve(package=package, by=self.story.actor("MCA-supervisor"), at=self.at())
        self.neighbour.reads(approval.sent.message, at=self.at())
        found = {"text": "Không tìm được cha mẹ. Trung tâm bảo trợ sẽ tiếp nhận cháu.", "answers": 1}
        self.neighbour.writes("answer", found, at=self.at())

    def heard(self) -> None:
        """Nobody was found there: a court says who may take it."""
        self.waits("court", "监护权与遣返裁定")

    def granted(self) -> None:
        """And papers are made on both sides."""
        self.waits("documents", "giấy thông hành")

    def waits(self, who: str, what: str, since: datetime | None = None) -> None:
        """Whom the return waits for from now on."""
        at = self.at()
        files.wait_for(of=self.tied, who=who, what=what, since=since or at, by=self.by, at=at)

    def says(self, kind: str, text: str, **more: Any) -> None:
        """A message of ours, which arrives."""
        message = messages.write(case=self.case, kind=kind, text=text, by=self.by, at=self.at(), **more)
        self.neighbour.reads(message, at=self.at())


def told(by: Actor, at: datetime) -> dict[str, Any]:
    """What the records say of it."""
    cases = list(desk.cases_of(by))
    said = [one for case in cases for one in desk.thread(case)]
    found: dict[str, Any] = {"messages": len(said), "fields_told": 0, "days": 0, "waited": {}}
    for file in file_queries.files(at=at, of=[one.pk for one in desk.ties_in(cases)]):
        sent = [one for one in file_queries.packages_of(file.of) if one.is_sent]
        found["fields_told"] += sum(len(one.fields) for one in sent)
        found["days"], found["waited"] = file.elapsed.days, dict(file.elapsed.by_who)
    return {"partner": found}
