"""Register partners, share cases, write messages, take theirs."""

from __future__ import annotations

import secrets
from datetime import datetime
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from wayhome.casework.accounts.actions import signed
from wayhome.casework.accounts.models import Agency
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import SYSTEM, Actor
from wayhome.casework.core.errors import Invalid, Refused
from wayhome.casework.exchange import queries, rules
from wayhome.casework.exchange.models import Incoming, NodeKey, Outgoing, PartnerNode, SharedCase, Try

KEY = 32
"""Bytes of the public half of an Ed25519 key."""
Signed = tuple[Actor, Actor]


def register_node(*, code: str, agency: Agency, address: str, public: bytes, by: Signed, at: datetime) -> PartnerNode:
    """Put a partner's node on the register, with where it is and its key."""
    if not rules.is_name(code):
        raise Invalid({"code": "not_a_node_name"})
    with gate(by=by[0], at=at, attempt="register_node"):
        node = PartnerNode.objects.create(code=code, agency=agency, **signed(by), at=at)
        _key(node, address, public, by, at)
        record(by=by[0], at=at, action="exchange.register_node", subject=f"node:{node.pk}", data=_by(by))
    return node


def register_node_key(*, node: PartnerNode, address: str, public: bytes | None, by: Signed, at: datetime) -> NodeKey:
    """From now on the node is there and signs with this key, and with none before it; without one nothing is taken from it."""
    with gate(by=by[0], at=at, attempt="register_node_key"):
        key = _key(node, address, public, by, at)
        record(
            by=by[0],
            at=at,
            action="exchange.register_node_key",
            subject=f"node:{node.pk}",
            data=_by(by) | {"revoked": public is None},
        )
    return key


def share_case(*, node: PartnerNode, number: str, by: Actor, at: datetime) -> SharedCase:
    """From now on this house and the node may write to each other of a case, under the number that both agreed upon."""
    if not rules.is_case(number):
        raise Invalid({"number": "not_a_case_number"})
    with gate(by=by, at=at, attempt="share_case"):
        require(by, Permission.WRITE_PARTNERS)
        case = SharedCase.objects.create(node=node, number=number, by_id=by.staff_id, at=at)
        record(by=by, at=at, action="exchange.share_case", subject=f"shared_case:{case.pk}")
    return case


def write(*, case: SharedCase, kind: str, body: str, by: Actor, at: datetime) -> Outgoing:
    """Write a message: it goes out until the partner has said that it came."""
    if kind not in rules.KINDS:
        raise Invalid({"kind": "unknown_choice"})
    if not body.strip() or not rules.is_body(body):
        raise Invalid({"body": "message_length"})
    with gate(by=by, at=at, attempt="write"):
        require(by, Permission.WRITE_PARTNERS)
        _alone("outgoing", case)
        last = Outgoing.objects.filter(case=case).order_by("-sequence").values_list("sequence", flat=True).first() or 0
        message = Outgoing.objects.create(
            case=case,
            kind=kind,
            sequence=last + 1,
            nonce=secrets.token_hex(16),
            digest=rules.digest_of(body),
            body=body,
            by_id=by.staff_id,
            at=at,
        )
        record(
            by=by,
            at=at,
            action="exchange.write",
            subject=f"outgoing:{message.pk}",
            data={"kind": kind, "sequence": last + 1, "digest": message.digest},
        )
    return message


def settle(*, message: Outgoing, own: str, receipt: bytes | None, heard: str, at: datetime) -> Try:
    """What came of sending a message: the partner's receipt, or what was heard instead ("timeout", a refusal's code).

    Raises
    ------
    Refused
        receipt_wrong: it is not the partner's word for this message, which goes out again.
    """
    with transaction.atomic():
        _alone("outgoing", message.case)
        done = Try.objects.filter(message=message, receipt__isnull=False).first()
        if done is not None:
            return done
        key = queries.key_of(message.case.node)
        public = bytes(key.public) if key is not None and key.public is not None else None
        wrong = receipt is not None and (
            public is None or not rules.is_receipt(receipt, queries.envelope_of(message, own=own, at=at), public=public)
        )
        n = 1 + Try.objects.filter(message=message).count()
        kept = None if wrong else receipt
        told = "receipt_wrong" if wrong else heard[:40] or ("" if kept else "nothing")
        row = Try.objects.create(message=message, n=n, receipt=kept, heard=told, at=at)
        if kept is not None:
            record(by=SYSTEM, at=at, action="exchange.delivered", subject=f"outgoing:{message.pk}", data={"tries": n})
    if wrong:
        # The try stays; that somebody answers in the partner's place is told.
        with gate(by=SYSTEM, at=at, attempt="settle"):
            raise Refused(["receipt_wrong"])
    return row


def take(*, data: bytes, own: str, key: Ed25519PrivateKey, at: datetime) -> bytes:
    """Take what came from a partner, once; the receipt, which is the same however often it comes.

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
        if code := rules.fault(message, own=own, public=bytes(signs.public), at=at):
            raise Refused([code])
        case = queries.shared_case(node, told.case)
        if case is None:
            raise Refused(["foreign_case"])
        _alone("incoming", case)
        there = Incoming.objects.filter(case=case, sequence=told.sequence).first()
        if there is not None:
            if (there.nonce, there.digest, there.kind) != (told.nonce, told.digest, told.kind):
                raise Refused(["message_changed"])
        elif Incoming.objects.filter(case=case, nonce=told.nonce).exists():
            raise Refused(["message_changed"])
        else:
            row = Incoming.objects.create(
                case=case,
                key=signs,
                kind=told.kind,
                sequence=told.sequence,
                nonce=told.nonce,
                digest=told.digest,
                body=message.body,
                signature=message.signature,
                sent_at=told.sent_at,
                skew=int((at - told.sent_at).total_seconds()),
                at=at,
            )
            record(
                by=SYSTEM,
                at=at,
                action="exchange.take",
                subject=f"incoming:{row.pk}",
                data={"kind": told.kind, "sequence": told.sequence, "digest": told.digest},
            )
    return rules.receipt(told, key=key)


def _key(node: PartnerNode, address: str, public: bytes | None, by: Signed, at: datetime) -> NodeKey:
    if public is not None and len(public) != KEY:
        raise Invalid({"public_key": "not_a_key"})
    if len(address) > 200 or urlsplit(address).scheme != "https" or not urlsplit(address).hostname:
        raise Invalid({"address": "not_https"})
    return NodeKey.objects.create(node=node, address=address, public=public, **signed(by), at=at)


def _by(by: Signed) -> dict[str, object]:
    return {"countersigned_by": by[1].staff_id}


def _alone(table: str, case: SharedCase) -> None:
    """Whoever writes of the case waits, before the rows are read; SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s::int)", [f"wayhome.exchange.{table}", case.pk])
