"""The keys that this house and its partners seal for, as they follow each other: who was told, and what was told to us."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from wayhome.casework.core.errors import NotFound
from wayhome.casework.exchange.models import Incoming, NodeKey, Outgoing, PartnerNode, SharedCase, Try
from wayhome.casework.exchange.queries.messages import key_of, said
from wayhome.casework.exchange.rules import cards, renewing
from wayhome.casework.exchange.rules import messages as rules
from wayhome.casework.vault.models import HouseKey
from wayhome.casework.vault.rules import Purpose


def own() -> list[HouseKey]:
    """This house's keys for partners, the first first."""
    return list(HouseKey.objects.filter(purpose=Purpose.PARTNERS).order_by("at", "pk"))


def is_old(fingerprint: str, node: PartnerNode, *, at: datetime) -> bool:
    """Whether a partner has known for long that another key of ours counts in this one's place."""
    keys = own()
    later = [key for key in keys if key.at > next(one.at for one in keys if one.pk == fingerprint)]
    if not later:
        return False
    heard = Try.objects.filter(message__kind="key", message__case__node=node, message__at__gte=later[0].at, receipt__isnull=False)
    return heard.filter(at__lt=at - renewing.KNOWN_FOR).exists()


def to_tell(cases: Iterable[SharedCase]) -> Iterator[tuple[SharedCase, datetime]]:
    """Of some open cases one for each partner who was not told our newest key, since when there is that."""
    keys = own()
    if len(keys) < 2:
        return
    newest = keys[-1].at
    told = set(Outgoing.objects.filter(kind="key", at__gte=newest).values_list("case__node", flat=True))
    registered = {row.node_id: row.at for row in NodeKey.objects.order_by("pk")}
    for case in sorted(cases, key=lambda one: -one.pk):
        if case.node_id not in told and case.node_id in registered:
            told.add(case.node_id)
            yield case, newest


def is_told(node: PartnerNode) -> bool:
    """Whether there is nothing newer to tell a partner."""
    keys = own()
    return len(keys) < 2 or Outgoing.objects.filter(kind="key", case__node=node, at__gte=keys[-1].at).exists()


def to_register(cases: Iterable[int]) -> Iterator[Incoming]:
    """Messages of partners with a later key, which stands on no register yet, of some cases."""
    last = {row.node_id: row.at for row in NodeKey.objects.order_by("pk")}
    rows = Incoming.objects.filter(kind="key", case__in=list(cases)).select_related("case").order_by("pk")
    newest = {row.case.node_id: row for row in rows if row.at > last[row.case.node_id]}
    yield from newest.values()


def told_card(node: PartnerNode, *, own: str) -> cards.Card:
    """A partner's card as it stands, with the last of the keys that it told since; NotFound where it told none that its
    signature, looked at once more, stands under.

    Parameters
    ----------
    own : the code of this house.
    """
    stands = key_of(node)
    if stands is None or stands.public is None:
        raise NotFound(node=node.code)
    # A node has all of its keys, or none.
    assert stands.searching is not None
    assert stands.certificate is not None
    rows = Incoming.objects.filter(kind="key", case__node=node, at__gt=stands.at).select_related("case__node").order_by("pk")
    told = [renewing.known(said(row)) for row in rows if _is_theirs(row, own, bytes(stands.public))]
    later = [(one.n, n, one.sealing) for n, one in enumerate(told) if one is not None]
    if not later:
        raise NotFound(node=node.code)
    sealing = max(later)[2]
    keys = cards.Keys(bytes(stands.public), sealing, bytes(stands.searching), bytes(stands.certificate))
    return cards.Card(node.code, stands.address, keys)


def _is_theirs(row: Incoming, own: str, public: bytes) -> bool:
    envelope = rules.Envelope(
        row.case.node.code, own, row.case.number, row.kind, row.sequence, row.nonce, row.sent_at, rules.digest_of(row.body)
    )
    return rules.is_signed(rules.Message(envelope, row.body, bytes(row.signature)), public=public)
