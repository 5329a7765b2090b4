"""Which key counts, what is still to go out, and what did not come."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from wayhome.casework.accounts.models import Agency
from wayhome.casework.core.errors import NotFound
from wayhome.casework.exchange import rules
from wayhome.casework.exchange.models import Incoming, NodeKey, Outgoing, PartnerNode, SharedCase, Try


def partner_agency(code: str) -> Agency:
    """A partner's authority, by its code on the register."""
    found = Agency.objects.filter(code=code, kind="partner").first()
    if found is None:
        raise NotFound(agency=code)
    return found


def node(code: str) -> PartnerNode | None:
    """A partner's node."""
    return PartnerNode.objects.filter(code=code).first()


def key_of(node: PartnerNode) -> NodeKey | None:
    """Where it is and its key, as they count now; None if it was never given one."""
    return NodeKey.objects.filter(node=node).order_by("-pk").first()


def shared_case(node: PartnerNode, number: str) -> SharedCase | None:
    """A case of which the node may write."""
    return SharedCase.objects.filter(node=node, number=number).first()


def missing(case: SharedCase) -> list[int]:
    """Numbers of the partner's messages that must be asked for: later ones came."""
    return rules.gaps(Incoming.objects.filter(case=case).values_list("sequence", flat=True))


def waiting(*, at: datetime) -> list[Outgoing]:
    """What is to go out now: without a receipt, and not tried too lately. Oldest first."""
    open_ones = list(Outgoing.objects.exclude(tries__receipt__isnull=False).select_related("case__node").order_by("pk"))
    tried: dict[int, list[datetime]] = defaultdict(list)
    for message_id, when in Try.objects.filter(message__in=open_ones).order_by("n").values_list("message_id", "at"):
        tried[message_id].append(when)
    return [one for one in open_ones if one.pk not in tried or rules.next_try(len(tried[one.pk]), tried[one.pk][-1]) <= at]


def envelope_of(message: Outgoing, *, own: str, at: datetime) -> rules.Envelope:
    """What is signed of it, now."""
    return rules.Envelope(
        sender=own,
        receiver=message.case.node.code,
        case=message.case.number,
        kind=message.kind,
        sequence=message.sequence,
        nonce=message.nonce,
        sent_at=at,
        digest=message.digest,
    )
