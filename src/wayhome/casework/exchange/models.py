"""Partners' nodes and the messages to and from them. All append-only."""

from __future__ import annotations

from django.db import models

from wayhome.casework.accounts.models import Agency, Said, Staff, choices_of
from wayhome.casework.children.models import Child
from wayhome.casework.exchange.rules.asking import BASES, DECLINES, OUTCOMES
from wayhome.casework.exchange.rules.ending import HOWS
from wayhome.casework.exchange.rules.messages import KINDS
from wayhome.casework.exchange.rules.packages import FIELDS
from wayhome.casework.exchange.rules.waiting import WHO
from wayhome.casework.families.models import TracingRequest
from wayhome.casework.laboratory.models import Kit
from wayhome.casework.vault.models import HouseKey

_KINDS = [(kind, kind) for kind in KINDS]


class PartnerNode(models.Model):
    """The house of a partner's authority, by the code that its messages come under: a register, signed by two registrars."""

    code = models.CharField(max_length=12, unique=True)
    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="node")
    registered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    countersigned_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class NodeKey(models.Model):
    """Where a node is and by what it is known (`rules.cards.Keys`): a register as before. The last row counts, and one without
    a key says that nothing is taken from the node any more, and nothing sent."""

    node = models.ForeignKey(PartnerNode, on_delete=models.PROTECT, related_name="keys")
    address = models.CharField(max_length=200)
    public = models.BinaryField(max_length=32, null=True)
    sealing = models.BinaryField(max_length=32, null=True)
    searching = models.BinaryField(max_length=32, null=True)
    certificate = models.BinaryField(null=True)
    registered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    countersigned_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class SharedCase(Said):
    """A case of which two houses may write to each other, under a number that both have agreed upon by letter."""

    node = models.ForeignKey(PartnerNode, on_delete=models.PROTECT, related_name="cases")
    number = models.CharField(max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["node", "number"], name="sharedcase_once"),)


class CaseChild(Said):
    """A child whom a shared case is about: of no other is anything told under it."""

    case = models.ForeignKey(SharedCase, on_delete=models.PROTECT, related_name="children")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "child"], name="casechild_once"),)


class TieChange(Said):
    """Whether a case is about a child, where that was said wrongly; the last row counts."""

    tie = models.ForeignKey(CaseChild, on_delete=models.PROTECT, related_name="changes")
    n = models.PositiveSmallIntegerField()
    stands = models.BooleanField()
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["tie", "n"], name="tiechange_once_each"),)


class Outgoing(Said):
    """A message to a partner. It goes out until there is a receipt. `body` is sealed for the partner, `copy` for us."""

    case = models.ForeignKey(SharedCase, on_delete=models.PROTECT, related_name="outgoing")
    kind = models.CharField(max_length=12, choices=_KINDS)
    sequence = models.PositiveIntegerField()
    nonce = models.CharField(max_length=32, unique=True)
    digest = models.CharField(max_length=64)
    body = models.TextField()
    copy = models.BinaryField(default=b"")
    answers = models.ForeignKey("Incoming", null=True, on_delete=models.PROTECT, related_name="answered_by")

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
    """A message that was taken, sealed as it came, with the signature and the key that it was taken by. What tells of a child is
    kept in a `copy` alone, under a key of its own, so that it can go."""

    case = models.ForeignKey(SharedCase, on_delete=models.PROTECT, related_name="incoming")
    key = models.ForeignKey(NodeKey, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=_KINDS)
    sequence = models.PositiveIntegerField()
    nonce = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    body = models.TextField()
    copy = models.BinaryField(default=b"")
    sealed_for = models.ForeignKey(HouseKey, null=True, on_delete=models.PROTECT, related_name="+")
    """The key of this house that its body was sealed for."""
    answers = models.ForeignKey(Outgoing, null=True, on_delete=models.PROTECT, related_name="answered_by")
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


class DnaQuestion(Said):
    """Somebody wants a partner asked whether a child's family is known there, by one sample."""

    of = models.ForeignKey(CaseChild, on_delete=models.PROTECT, related_name="dna_questions")
    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="+")
    n = models.PositiveSmallIntegerField()
    """The profile of that kit that would be asked by."""
    basis = models.CharField(max_length=20, choices=choices_of(BASES))


class DnaApproval(Said):
    """A second person lets it go out."""

    question = models.OneToOneField(DnaQuestion, on_delete=models.PROTECT, related_name="approval")


class DnaSent(models.Model):
    """And so it did."""

    approval = models.OneToOneField(DnaApproval, on_delete=models.PROTECT, related_name="sent")
    message = models.OneToOneField(Outgoing, on_delete=models.PROTECT, related_name="dna_sent")
    at = models.DateTimeField()


class DnaHeard(models.Model):
    """What the partner answered."""

    question = models.OneToOneField(DnaQuestion, on_delete=models.PROTECT, related_name="heard")
    message = models.OneToOneField(Incoming, on_delete=models.PROTECT, related_name="dna_heard")
    outcome = models.CharField(max_length=8, choices=choices_of(OUTCOMES))
    at = models.DateTimeField()


class DnaAsked(models.Model):
    """A partner asks whether the family of one of its children is known here. `sample` is its word for which sample that is."""

    message = models.OneToOneField(Incoming, on_delete=models.PROTECT, related_name="dna_asked")
    node = models.ForeignKey(PartnerNode, on_delete=models.PROTECT, related_name="dna_asked")
    sample = models.CharField(max_length=64)
    basis = models.CharField(max_length=20, choices=choices_of(BASES))
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["node", "sample"], name="dnaasked_once_a_sample"),)


class AskedProfile(models.Model):
    """The profile that is asked by, sealed for the search twice: by the partner, and with a key of its own, which is destroyed
    with this row once the search has looked."""

    asked = models.OneToOneField(DnaAsked, on_delete=models.PROTECT, related_name="profile")
    sealed = models.BinaryField()


class DnaFound(models.Model):
    """What the night's search found. `sketch` is what is left of the profile: enough to know it again, and not to tell it."""

    asked = models.OneToOneField(DnaAsked, on_delete=models.PROTECT, related_name="found")
    outcome = models.CharField(max_length=8, choices=choices_of(OUTCOMES))
    why = models.CharField(max_length=12, choices=choices_of(DECLINES), blank=True)
    request = models.ForeignKey(TracingRequest, null=True, on_delete=models.PROTECT, related_name="+")
    sketch = models.JSONField()
    at = models.DateTimeField()


class Canary(models.Model):
    """A made-up couple (`rules.canaries`), sealed as a family's profiles are; it is no family, and nothing but the search of
    partners' questions reads it."""

    node = models.ForeignKey(PartnerNode, on_delete=models.PROTECT, related_name="canaries")
    n = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["node", "n"], name="canary_once_each"),)


class DnaLook(Said):
    """Somebody looked at it before it is answered; `answered` says whether the partner may have it, or is declined."""

    found = models.OneToOneField(DnaFound, on_delete=models.PROTECT, related_name="look")
    answered = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)


class DnaLookAgain(Said):
    """Another person looks, where whoever looked last is not there to answer for it: the last look counts."""

    look = models.ForeignKey(DnaLook, on_delete=models.PROTECT, related_name="again")
    n = models.PositiveSmallIntegerField()
    answered = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["look", "n"], name="dnalookagain_once_each"),)


class DnaAnswer(models.Model):
    """The answer as it went out, with the others of its day."""

    look = models.OneToOneField(DnaLook, on_delete=models.PROTECT, related_name="answer")
    message = models.OneToOneField(Outgoing, on_delete=models.PROTECT, related_name="dna_answer")
    at = models.DateTimeField()


class Package(Said):
    """What somebody wants a partner told of a child. `digest` is of the values, which are looked up again when it goes."""

    of = models.ForeignKey(CaseChild, on_delete=models.PROTECT, related_name="packages")
    digest = models.CharField(max_length=64)


class PackageField(models.Model):
    """One field of it, and what lets it be told."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="fields")
    name = models.CharField(max_length=20, choices=choices_of(FIELDS))
    basis = models.CharField(max_length=20, choices=choices_of(BASES))

    class Meta:
        constraints = (models.UniqueConstraint(fields=["package", "name"], name="packagefield_once"),)


class PackageApproval(Said):
    """A second person lets it go out."""

    package = models.OneToOneField(Package, on_delete=models.PROTECT, related_name="approval")


class PackageSent(models.Model):
    """And so it did."""

    approval = models.OneToOneField(PackageApproval, on_delete=models.PROTECT, related_name="sent")
    message = models.OneToOneField(Outgoing, on_delete=models.PROTECT, related_name="package_sent")
    at = models.DateTimeField()


class WaitingStep(Said):
    """From `since` on, a child's return waits for somebody, until the next step or the handover: no day is without one after the
    first."""

    of = models.ForeignKey(CaseChild, on_delete=models.PROTECT, related_name="steps")
    n = models.PositiveSmallIntegerField()
    who = models.CharField(max_length=10, choices=choices_of(WHO))
    what = models.CharField(max_length=200)
    since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["of", "n"], name="waitingstep_once_each"),)


class StepCorrection(Said):
    """A step as it was in truth; one that does not `stands` never was. The last row counts, and the days are told by it."""

    step = models.ForeignKey(WaitingStep, on_delete=models.PROTECT, related_name="corrections")
    n = models.PositiveSmallIntegerField()
    stands = models.BooleanField()
    who = models.CharField(max_length=10, choices=choices_of(WHO))
    what = models.CharField(max_length=200)
    since = models.DateTimeField()
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["step", "n"], name="stepcorrection_once_each"),)


class CaseEnd(Said):
    """A case is over on this side, until two open it again. What it told of children can be read for so many days."""

    case = models.ForeignKey(SharedCase, on_delete=models.PROTECT, related_name="ends")
    how = models.CharField(max_length=10, choices=choices_of(HOWS))
    keep_days = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)


class CaseReopening(Said):
    """Somebody wants it opened again."""

    end = models.OneToOneField(CaseEnd, on_delete=models.PROTECT, related_name="reopening")
    reason = models.CharField(max_length=300)


class CaseReopened(Said):
    """And a second person let it be."""

    reopening = models.OneToOneField(CaseReopening, on_delete=models.PROTECT, related_name="approval")


class ContentsErased(models.Model):
    """The keys of what a case told of children are gone."""

    end = models.OneToOneField(CaseEnd, on_delete=models.PROTECT, related_name="erased")
    at = models.DateTimeField()
