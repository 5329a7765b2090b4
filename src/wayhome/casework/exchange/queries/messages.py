"""Which key counts, what is still to go out, and what did not come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from wayhome.casework.accounts.models import Agency
from wayhome.casework.core.errors import NotFound
from wayhome.casework.exchange.models import Incoming, NodeKey, Outgoing, PartnerNode, SharedCase, Try
from wayhome.casework.exchange.queries.over import over
from wayhome.casework.exchange.rules import bodies, ending
from wayhome.casework.exchange.rules import messages as rules
from wayhome.casework.exchange.rules.renewing import OLD
from wayhome.casework.vault.queries import opened, unwrapped
from wayhome.casework.vault.rules import Purpose, unseal


def partner_agency(code: str) -> Agency:
    """A partner's authority, by its code on the register."""
    found = Agency.objects.filter(code=code, kind="partner").first()
    if found is None:
        raise NotFound(agency=code)
    return found


def node(code: str) -> PartnerNode | None:
    """A partner's node."""
    return PartnerNode.objects.filter(code=code).first()


def nodes() -> QuerySet[PartnerNode]:
    """Partners' nodes."""
    return PartnerNode.objects.select_related("agency").order_by("code")


def node_of(code: str) -> PartnerNode:
    """A partner's node that there is."""
    found = node(code)
    if found is None:
        raise NotFound(node=code)
    return found


def key_of(node: PartnerNode) -> NodeKey | None:
    """Where it is and its key, as they count now; None if it was never given one."""
    return NodeKey.objects.filter(node=node).order_by("-pk").first()


def shared_case(node: PartnerNode, number: str) -> SharedCase | None:
    """A case of which the node may write."""
    return SharedCase.objects.filter(node=node, number=number).first()


def missing(case: SharedCase) -> list[int]:
    """Numbers of the partner's messages that must be asked for: later ones came."""
    return rules.gaps(Incoming.objects.filter(case=case).values_list("sequence", flat=True))


def copy_key(nonce: str) -> str:
    """The key of this house's own copy of what it wrote."""
    return f"out:{nonce}"


def their_key(case: int, nonce: str) -> str:
    """The key of what a partner told of a child."""
    return f"in:{case}:{nonce}"


def content_key(message: Incoming | Outgoing) -> str:
    """The key of what this house keeps of a message."""
    return copy_key(message.nonce) if isinstance(message, Outgoing) else their_key(message.case_id, message.nonce)


def said(message: Incoming | Outgoing) -> dict[str, Any]:
    """What a message says, theirs or ours; {} once that was erased."""
    of = content_key(message)
    if message.copy:
        key = opened(Purpose.PARTNERS, [of]).get(of)
        place = bodies.place(message.nonce) if isinstance(message, Outgoing) else bodies.place_of_theirs(of)
        return {} if key is None else bodies.read(unseal(bytes(message.copy), key=key, place=place).decode())
    of = bodies.of(message.case.number, message.kind, message.nonce)
    return bodies.read(bodies.text_of(unwrapped(Purpose.PARTNERS, bodies.bytes_of(message.body), of=of)))


@dataclass(frozen=True, slots=True)
class Told:
    """A message as it is shown: of a kind that is no text, `content` has what it says."""

    ours: bool
    text: str
    content: Mapping[str, Any]
    delivered: bool
    erased: bool = False
    refused: bool = False
    """It never arrives as it is: it was sealed for a key that the partner has withdrawn."""


def told(message: Incoming | Outgoing) -> Told:
    """A message for those who read the case. What a question by DNA holds is shown to nobody."""
    ours = isinstance(message, Outgoing)
    content = {} if message.kind == "dna" else said(message)
    delivered = any(one.receipt is not None for one in message.tries.all()) if isinstance(message, Outgoing) else True
    erased = message.kind == "package" and not content
    refused = isinstance(message, Outgoing) and not delivered and any(one.heard == OLD for one in message.tries.all())
    return Told(ours, str(content.get("text", "")), content, delivered, erased, refused)


def known_lines() -> dict[bytes, str]:
    """Certificates of partners as they count now, with the node that each is of."""
    last = NodeKey.objects.filter(node=OuterRef("node")).order_by("-pk").values("pk")[:1]
    rows = NodeKey.objects.filter(pk=Subquery(last), certificate__isnull=False).select_related("node")
    return {bytes(row.certificate): row.node.code for row in rows if row.certificate is not None}


def waiting(*, at: datetime) -> list[Outgoing]:
    """What is to go out now: without a receipt, and not tried too lately. Oldest first."""
    # Of a case that is over nothing goes out but that it is.
    unheard = Outgoing.objects.exclude(tries__receipt__isnull=False).exclude(~Q(kind__in=ending.KINDS), case__in=over())
    unheard = unheard.exclude(tries__heard=OLD)
    open_ones = list(unheard.select_related("case__node").order_by("pk"))
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
