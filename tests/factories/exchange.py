"""Partners' nodes with keys that work. One database stands for both: what goes out lies in other tables than what comes."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from factories.world import World
from wayhome.casework.accounts.actions import register_agency
from wayhome.casework.children.models import Child
from wayhome.casework.exchange.actions import messages, nodes, taking
from wayhome.casework.exchange.models import Incoming, Outgoing, SharedCase
from wayhome.casework.exchange.queries import messages as queries
from wayhome.casework.exchange.rules import bodies, cards
from wayhome.casework.exchange.rules import messages as rules
from wayhome.casework.matching.queries.dossiers import compared_children
from wayhome.casework.matching.rules.samples import enough
from wayhome.casework.vault.queries import public_key
from wayhome.casework.vault.rules import Purpose, wrap
from wayhome.cli.node import _certificate

AT = datetime(2026, 11, 27, 3, tzinfo=UTC)
CN, VN = "CN-1", "VN-1"
CASE = "2026/MC-17"


@cache
def certificate(name: str) -> bytes:
    """Of a line."""
    made: bytes = _certificate(name, ec.generate_private_key(ec.SECP256R1())).public_bytes(serialization.Encoding.DER)
    return made


def keys_of(key: Ed25519PrivateKey, name: str) -> cards.Keys:
    """What is known of a node whose records are these."""
    return cards.Keys(
        key.public_key().public_bytes_raw(), public_key(Purpose.PARTNERS), public_key(Purpose.RELATIVES), certificate(name)
    )


def card(code: str, key: Ed25519PrivateKey) -> cards.Card:
    """A node's card."""
    return cards.Card(code, f"https://{code.lower()}.example", keys_of(key, code))


@dataclass
class Two:
    """Two houses, each with the other on its register."""

    world: World
    to_vn: SharedCase
    """The case as the house in China shares it."""
    of_cn: SharedCase
    """The same as the house in Viet Nam does."""
    cn: Ed25519PrivateKey = field(repr=False)
    vn: Ed25519PrivateKey = field(repr=False)

    def write(self, text: str = "Trẻ đã về đến nơi.", kind: str = "notice", **more: object) -> Outgoing:
        by = self.world.actor("supervisor")
        return messages.write(case=self.to_vn, kind=kind, text=text, by=by, at=AT, **more)  # type: ignore[arg-type]

    def sent(self, message: Outgoing, *, at: datetime = AT) -> bytes:
        """As it goes over the line, whichever house wrote it."""
        own, key = (CN, self.cn) if message.case_id == self.to_vn.pk else (VN, self.vn)
        return rules.signed(queries.envelope_of(message, own=own, at=at), message.body, key=key)

    def take(self, data: bytes, *, at: datetime = AT, own: str = VN, line: str = CN) -> bytes:
        key = self.vn if own == VN else self.cn
        return taking.take(data=data, own=own, key=key, line=certificate(line), at=at)

    def arrives(self, message: Outgoing, *, at: datetime = AT) -> Incoming:
        """At the other house."""
        to_vn = message.case_id == self.to_vn.pk
        own, sender = (VN, CN) if to_vn else (CN, VN)
        receipt = self.take(self.sent(message, at=at), at=at, own=own, line=sender)
        messages.settle(message=message, own=sender, receipt=receipt, heard="", at=at)
        return Incoming.objects.get(case=self.of_cn if to_vn else self.to_vn, sequence=message.sequence)


def typed_child(nth: int = 0) -> Child:
    """One that a partner can be asked by."""
    found = compared_children()
    return Child.objects.get(pk=sorted(pk for pk, one in found.items() if one.standing.settled and enough(one.profile))[nth])


def asked_by_hand(
    key: Ed25519PrivateKey,
    genotypes: Any,
    *,
    n: int,
    at: datetime,
    sender: str = VN,
    receiver: str = CN,
    sample: str = "",
    case: str = CASE,
    **more: Any,
) -> bytes:
    """A question by DNA as it goes over the line, from a partner that keeps no rule of its own."""
    sample = sample or f"{n:064d}"
    told = json.dumps(genotypes).encode()
    sealed = wrap(told, public=public_key(Purpose.RELATIVES), purpose=Purpose.RELATIVES, of=f"{case} {sample}")
    content = {"profile": base64.b64encode(sealed).decode(), "sample": sample, "basis": "treaty"} | more
    return sent_by_hand(key, "dna", content, n=n, at=at, sender=sender, receiver=receiver, case=case)


def sent_by_hand(
    key: Ed25519PrivateKey,
    kind: str,
    content: dict[str, Any],
    *,
    n: int,
    at: datetime,
    sender: str = VN,
    receiver: str = CN,
    case: str = CASE,
) -> bytes:
    """Any message of a partner's."""
    nonce = rules.digest_of(f"{case} {n}")[:32]
    body = bodies.sealed(bodies.written(content), to=public_key(Purpose.PARTNERS), of=bodies.of(case, kind, nonce))
    return rules.signed(rules.Envelope(sender, receiver, case, kind, n, nonce, at, rules.digest_of(body)), body, key=key)


def two_houses(world: World) -> Two:
    """They share a case."""
    by = world.registrars
    assert by is not None
    cn, vn = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    other = register_agency(
        by=by, at=AT, code="partner_cn", kind="partner", name="x", name_en="x", jurisdiction=world.jurisdictions["GD"]
    )
    told = ((VN, world.agencies["partner"], vn), (CN, other, cn))
    made = [nodes.register_node(card=card(code, key), agency=agency, by=by, at=AT) for code, agency, key in told]
    to_vn, of_cn = (nodes.share_case(node=node, number=CASE, by=world.actor("supervisor"), at=AT) for node in made)
    return Two(world, to_vn, of_cn, cn, vn)
