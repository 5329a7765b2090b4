"""This house makes a later key for sealing and tells its partners; theirs are put on the register from their signed messages."""

from __future__ import annotations

from datetime import datetime

from wayhome.casework.accounts.queries import require
from wayhome.casework.accounts.rules import Permission
from wayhome.casework.audit.actions import record
from wayhome.casework.audit.attempts import gate
from wayhome.casework.core.actors import SYSTEM, Actor
from wayhome.casework.core.errors import NotFound, Refused
from wayhome.casework.exchange.actions.messages import put
from wayhome.casework.exchange.actions.nodes import Signed, register_node_key
from wayhome.casework.exchange.models import NodeKey, Outgoing, PartnerNode, SharedCase
from wayhome.casework.exchange.queries import renewing as queries
from wayhome.casework.exchange.queries.desk import case_of
from wayhome.casework.exchange.rules.renewing import Later, told
from wayhome.casework.vault.actions import renew_house_key
from wayhome.casework.vault.models import HouseKey
from wayhome.casework.vault.rules import Purpose


def renew_sealing_key(*, at: datetime) -> HouseKey:
    """A later key for what partners seal for this house. Whoever runs the house makes it; its private half is a file beside the
    one before, which still opens what was sealed for it."""
    with gate(by=SYSTEM, at=at, attempt="renew_sealing_key"):
        made = renew_house_key(Purpose.PARTNERS, at=at)
        record(by=SYSTEM, at=at, action="exchange.renew_sealing_key", subject=f"house_key:{made.pk}")
    return made


def tell_key(*, case: SharedCase, by: Actor, at: datetime) -> Outgoing:
    """A partner hears of the newest key, in one of the cases shared with it."""
    with gate(by=by, at=at, attempt="tell_key"):
        require(by, Permission.APPROVE_DISCLOSURE)
        if not by.stepped_up:
            raise Refused(["step_up"])
        found = case_of(by, case.pk)
        if queries.is_told(found.node):
            raise Refused(["no_later_key"])
        keys = queries.own()
        return put(case=found, kind="key", content=told(Later(len(keys), bytes(keys[-1].public))), by=by, at=at)


def register_told_key(*, node: PartnerNode, own: str, by: Signed, at: datetime) -> NodeKey:
    """Two registrars put the later key that a partner told in a signed message on the register; all else of the card stays.

    Parameters
    ----------
    own : the code of this house, for which the message was signed.
    """
    try:
        card = queries.told_card(node, own=own)
    except NotFound:
        raise Refused(["no_key_told"]) from None
    return register_node_key(node=node, address=card.address, keys=card.keys, by=by, at=at)
