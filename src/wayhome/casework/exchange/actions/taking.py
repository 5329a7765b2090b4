"""Take what a partner brings, once, and hand it to whoever waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import SYSTEM
from wayhome.casework.core.errors import Refused
from wayhome.casework.exchange.actions import dna_asked, dna_asking
from wayhome.casework.exchange.actions.messages import alone
from wayhome.casework.exchange.models import Incoming, Outgoing, SharedCase
from wayhome.casework.exchange.queries import messages as queries
from wayhome.casework.exchange.queries import renewing
from wayhome.casework.exchange.queries.over import end_of
from wayhome.casework.exchange.rules import bodies, ending
from wayhome.casework.exchange.rules import messages as rules
from wayhome.casework.exchange.rules.renewing import OLD, known
from wayhome.casework.vault.actions import make_key
from wayhome.casework.vault.queries import unwrapped_by
from wayhome.casework.vault.rules import Broken, Purpose, seal


def take(*, data: bytes, own: str, key: Ed25519PrivateKey, line: bytes, at: datetime) -> bytes:
    """Take what came from a partner, once; the receipt, which is the same however often it comes.

    Parameters
    ----------
    line : the certificate that whoever brought it showed.

    Raises
    ------
    Refused
        what makes it no message for this house; each refusal leaves an alarm.
    """
    with gate(by=SYSTEM, at=at, attempt="take"):
        try:
            message = rules.read(data)
        except rules.Malformed:
            raise Refused(["not_a_message"]) from None
        told = message.envelope
        node = queries.node(told.sender)
        if node is None:
            raise Refused(["node_unknown"])
        signs = queries.key_of(node)
        if signs is None or signs.public is None:
            raise Refused(["key_revoked"])
        if bytes(signs.certificate or b"") != line:
            raise Refused(["not_their_line"])
        if code := rules.fault(message, own=own, public=bytes(signs.public), at=at):
            raise Refused([code])
        case = queries.shared_case(node, told.case)
        if case is None:
            raise Refused(["foreign_case"])
        alone("incoming", case)
        if told.kind not in ending.KINDS and end_of(case) is not None:
            raise Refused(["case_ended"])
        there = Incoming.objects.filter(case=case, sequence=told.sequence).first()
        if there is not None:
            if (there.nonce, there.digest, there.kind) != (told.nonce, told.digest, told.kind):
                raise Refused(["message_changed"])
        elif Incoming.objects.filter(case=case, nonce=told.nonce).exists():
            raise Refused(["message_changed"])
        else:
            content, sealed_for = _content(message)
            if renewing.is_old(sealed_for, node, at=at):
                raise Refused([OLD])
            asked, aside = told.kind == "dna", told.kind in ("dna", "package")
            row = Incoming.objects.create(
                case=case,
                key=signs,
                kind=told.kind,
                sequence=told.sequence,
                nonce=told.nonce,
                digest=told.digest,
                # What tells of a child is kept apart, since it goes.
                body="" if aside else message.body,
                copy=_copy(case, told, content, at=at) if told.kind == "package" else b"",
                sealed_for_id=sealed_for,
                answers=_question(case, told.kind, content),
                signature=message.signature,
                sent_at=told.sent_at,
                skew=int((at - told.sent_at).total_seconds()),
                at=at,
            )
            if asked:
                dna_asked.came(row, content, at=at)
            elif (told.kind == "ended" and not ending.known(content)) or (told.kind == "key" and known(content) is None):
                raise Refused(["not_a_message"])
            elif told.kind == "dna_answer":
                dna_asking.heard(row, content, at=at)
            record(
                by=SYSTEM,
                at=at,
                action="exchange.take",
                subject=f"incoming:{row.pk}",
                data={"kind": told.kind, "sequence": told.sequence, "digest": told.digest},
            )
    return rules.receipt(told, key=key)


def _content(message: rules.Message) -> tuple[dict[str, Any], str]:
    """What it says, and the key of this house that it was sealed for; refused where this house cannot read it, so that the
    partner does not believe that it was told."""
    told = message.envelope
    try:
        plain, by = unwrapped_by(Purpose.PARTNERS, bodies.bytes_of(message.body), of=bodies.of(told.case, told.kind, told.nonce))
        return bodies.read(bodies.text_of(plain)), by
    except Broken:
        raise Refused(["not_sealed_for_us"]) from None


def _copy(case: SharedCase, told: rules.Envelope, content: Mapping[str, Any], *, at: datetime) -> bytes:
    """What it tells, sealed under a key of its own."""
    of = queries.their_key(case.pk, told.nonce)
    own = make_key(purpose=Purpose.PARTNERS, of=of, at=at)
    return seal(bodies.written(content).encode(), key=own, place=bodies.place_of_theirs(of))


def _question(case: SharedCase, kind: str, content: Mapping[str, Any]) -> Outgoing | None:
    """Which of our questions it answers."""
    asked = content.get("answers")
    if kind not in rules.ASKED_BY or not isinstance(asked, int):
        return None
    return Outgoing.objects.filter(case=case, kind=rules.ASKED_BY[kind], sequence=asked).first()
