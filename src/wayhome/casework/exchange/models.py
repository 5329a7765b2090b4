"""Partners' nodes and the messages to and from them. All append-only."""

from __future__ import annotations

from django.db import models

from wayhome.casework.accounts.models import Agency, Said, Staff
from wayhome.casework.exchange.rules import KINDS

_KINDS = [(kind, kind) for kind in KINDS]


class PartnerNode(models.Model):
    """The house of a partner's authority, by the code that its messages come under: a register, signed by two registrars."""

    code = models.CharField(max_length=12, unique=True)
    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="node")
    registered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    countersigned_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class NodeKey(models.Model):
    """Where a node is and with which key it signs (Ed25519, the public half): a register as before. The last row counts, and
    one without a key says that nothing is taken from the node any more."""

    node = models.ForeignKey(PartnerNode, on_delete=models.PROTECT, related_name="keys")
    address = models.CharField(max_length=200)
    public = models.BinaryField(max_length=32, null=True)
    registered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    countersigned_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class SharedCase(Said):
    """A case of which two houses may write to each other, under a number that both have agreed upon by letter."""

    node = models.ForeignKey(PartnerNode, on_delete=models.PROTECT, related_name="cases")
    number = models.CharField(max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["node", "number"], name="sharedcase_once"),)


class Outgoing(Said):
    """A message to a partner. It goes out until there is a receipt."""

    case = models.ForeignKey(SharedCase, on_delete=models.PROTECT, related_name="outgoing")
    kind = models.CharField(max_length=8, choices=_KINDS)
    sequence = models.PositiveIntegerField()
    nonce = models.CharField(max_length=32, unique=True)
    digest = models.CharField(max_length=64)
    body = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "sequence"], name="outgoing_once"),)

    def __repr__(self) -> str:
        return f"<Outgoing {self.pk}>"


class Try(models.Model):
    """A message was sent for the n-th time: with the partner's receipt, or with what was heard instead."""

    message = models.ForeignKey(Outgoing, on_delete=models.PROTECT, related_name="tries")
    n = models.PositiveIntegerField()
    receipt = models.BinaryField(max_length=64, null=True)
    heard = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["message", "n"], name="try_once_each"),)


class Incoming(models.Model):
    """A message that was taken, with the signature and the key that it was taken by."""

    case = models.ForeignKey(SharedCase, on_delete=models.PROTECT, related_name="incoming")
    key = models.ForeignKey(NodeKey, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=_KINDS)
    sequence = models.PositiveIntegerField()
    nonce = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    body = models.TextField()
    signature = models.BinaryField(max_length=64)
    sent_at = models.DateTimeField()
    skew = models.IntegerField()
    """Seconds from the sender's clock to ours."""
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "sequence"], name="incoming_once"),
            models.UniqueConstraint(fields=["case", "nonce"], name="incoming_nonce_once"),
        )

    def __repr__(self) -> str:
        return f"<Incoming {self.pk}>"
