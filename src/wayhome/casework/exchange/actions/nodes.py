"""Partners' nodes on the register, and cases shared with them."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.actions import signed
from wayhome.casework.accounts.models import Agency
from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid
from wayhome.casework.exchange.models import NodeKey, PartnerNode, SharedCase
from wayhome.casework.exchange.rules import cards
from wayhome.casework.exchange.rules import messages as rules

Signed = tuple[Actor, Actor]


def register_node(*, card: cards.Card, agency: Agency, by: Signed, at: datetime) -> PartnerNode:
    """Put a partner's node on the register, with where it is and by what it is known."""
    if not rules.is_name(card.code):
        raise Invalid({"code": "not_a_node_name"})
    with gate(by=by[0], at=at, attempt="register_node"):
        node = PartnerNode.objects.create(code=card.code, agency=agency, **signed(by), at=at)
        _key(node, card.address, card.keys, by, at)
        record(by=by[0], at=at, action="exchange.register_node", subject=f"node:{node.pk}", data=_by(by))
    return node


def register_node_key(*, node: PartnerNode, address: str, keys: cards.Keys | None, by: Signed, at: datetime) -> NodeKey:
    """From now on the node is there and known by these keys, and by none before them; without any nothing is taken from it."""
    with gate(by=by[0], at=at, attempt="register_node_key"):
        key = _key(node, address, keys, by, at)
        record(
            by=by[0],
            at=at,
            action="exchange.register_node_key",
            subject=f"node:{node.pk}",
            data=_by(by) | {"revoked": keys is None},
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


def _key(node: PartnerNode, address: str, keys: cards.Keys | None, by: Signed, at: datetime) -> NodeKey:
    if keys is not None and (code := cards.fault(keys)):
        raise Invalid({"public_key": code})
    if not cards.is_address(address):
        raise Invalid({"address": "not_https"})
    told = {} if keys is None else {name: getattr(keys, name) for name in ("public", "sealing", "searching", "certificate")}
    return NodeKey.objects.create(node=node, address=address, **told, **signed(by), at=at)


def _by(by: Signed) -> dict[str, object]:
    return {"countersigned_by": by[1].staff_id}
