"""Children known from evidence, whom nobody may have seen yet."""

from __future__ import annotations

from django.db import models

from wayhome.casework.accounts.models import Said, choices_of
from wayhome.casework.operations.models.investigations import Investigation
from wayhome.casework.operations.rules import VICTIM_STATES


class AllegedVictim(Said):
    """A child that a ring moved, as evidence tells; whether it was rescued is said by its tie to a child (`children`)."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="victims")
    evidence = models.TextField()
    sex = models.CharField(max_length=1, choices=[("F", "F"), ("M", "M"), ("U", "U")])
    seen_from = models.DateField()
    seen_to = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(seen_from__lte=models.F("seen_to")), name="alleged_victim_period"),
        )

    def __repr__(self) -> str:
        return f"<AllegedVictim {self.pk}>"


class AllegedState(Said):
    """What is known of it from here on; none yet is unseen."""

    victim = models.ForeignKey(AllegedVictim, on_delete=models.PROTECT, related_name="states")
    state = models.CharField(max_length=10, choices=choices_of(VICTIM_STATES))
    note = models.TextField()
