"""A clue, what it speaks of, its steps, and what was said of pairs. Rows stay as they are: a change is another row."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from wayhome.casework.accounts.models import Agency, Jurisdiction, Said, Staff, choices_of
from wayhome.casework.clues.rules import CHANNELS, FACTS, KINDS, LANGUAGES, ROLES, SOURCE_GRADES, STATES, VERBS
from wayhome.casework.core import numbers
from wayhome.casework.operations.models import Investigation


class Clue(Said):
    """What somebody told, in their words. `id` is a number that tells nothing (`core.numbers`)."""

    id = models.BigIntegerField(primary_key=True)
    received_at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=choices_of(CHANNELS))
    source_grade = models.CharField(max_length=1, choices=choices_of(SOURCE_GRADES))
    info_grade = models.PositiveSmallIntegerField()
    text = models.TextField()
    language = models.CharField(max_length=5, choices=choices_of(LANGUAGES))
    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    anonymous = models.BooleanField(default=False)
    protected = models.BooleanField(default=False)

    @property
    def number(self) -> str:
        """The number with its leading zeros."""
        return f"{self.pk:0{numbers.LENGTH}d}"

    def __repr__(self) -> str:
        return f"<Clue {self.pk}>"


class Source(Said):
    """Who told it, in words, for the clue's own agency and nobody else: a table of its own, which no other question reads."""

    clue = models.OneToOneField(Clue, on_delete=models.PROTECT, related_name="source")
    words = models.CharField(max_length=500)


class Mention(Said):
    """Somebody or something that a clue speaks of."""

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="mentions")
    kind = models.CharField(max_length=8, choices=choices_of(KINDS))
    label = models.CharField(max_length=200)


class Fact(Said):
    """By what it is recognised: a name in one script, a number, an address."""

    mention = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=8, choices=choices_of(FACTS))
    script = models.CharField(max_length=8, blank=True)
    value = models.CharField(max_length=200)


class MentionKey(models.Model):
    """A key by which it is recognised (`core.keys`), with its clue: which clues share a key is asked all day."""

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="keys", db_index=False)
    mention = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="keys")
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=120)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "key", "clue", "mention"], name="clues_key"),
            models.Index(fields=["clue", "kind", "key"], name="clues_key_of"),
        ]


class Edge(Said):
    """Who does what with whom or what, as this clue says; a child that is moved may be moved from one place to another."""

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="edges")
    one = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="edges")
    verb = models.CharField(max_length=8, choices=choices_of(VERBS))
    other = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="edges_to")
    role = models.CharField(max_length=12, blank=True, choices=choices_of(ROLES))
    on = models.DateField(null=True)
    origin = models.ForeignKey(Mention, null=True, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Mention, null=True, on_delete=models.PROTECT, related_name="+")


class Step(Said):
    """Where a clue stands; the last one counts."""

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="steps")
    n = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=choices_of(STATES))
    assigned_to = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["clue", "n"], name="clue_step_once"),)


class Verdict(Said):
    """Somebody on the side of one of two clues says whether they belong together."""

    one = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="verdicts")
    other = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="verdicts_of_other")
    n = models.PositiveIntegerField()
    side = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="+")
    confirmed = models.BooleanField()
    note = models.CharField(max_length=300)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["one", "other", "n"], name="clue_verdict_once"),)


class Compartment(Said):
    """From here on the task force of an investigation alone knows that a clue is there."""

    clue = models.OneToOneField(Clue, on_delete=models.PROTECT, related_name="compartment")
    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="+")


class Opening(Said):
    """One side agrees that the other may read its clue; it may when both have a row."""

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="openings")
    other = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["clue", "other"], name="clue_opened_once"),)
