"""What was counted, what is announced on the strength of it, and who approved that; limits of clocks, calendars.

Rows are never changed.
"""

from __future__ import annotations

from django.db import models

from wayhome.casework.accounts.models import Said, choices_of
from wayhome.casework.operations.models import Operation
from wayhome.casework.overview.rules.clocks import LIMITED


class Snapshot(Said):
    """Figures at a cut-off. `figures` is canonical JSON, see `rules.announced.Figures`; `digest` is its SHA-256."""

    cutoff = models.DateTimeField()
    definitions = models.PositiveSmallIntegerField()
    rescued = models.PositiveIntegerField()
    arrested = models.PositiveIntegerField()
    figures = models.TextField()
    digest = models.CharField(max_length=64)


class SnapshotOperation(models.Model):
    """An operation that was counted."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="operations")
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["snapshot", "operation"], name="snapshot_operation_once"),)


class Announcement(Said):
    """One version of an announcement: nothing in it that is not in its snapshot, and less. Public once it is approved.

    `provinces`, `changes` and `texts` are canonical JSON: the tables of provinces as published (children, and under "arrests"
    people arrested), why the figures differ from the version before, and the text in each language.
    """

    number = models.CharField(max_length=20)
    n = models.PositiveSmallIntegerField()
    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="announcement")
    rescued = models.PositiveIntegerField()
    arrested = models.PositiveIntegerField()
    provinces = models.TextField()
    changes = models.TextField()
    texts = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["number", "n"], name="announcement_version_once"),)


class AnnouncementApproval(Said):
    """Another supervisor agrees to what they read; the digest says what that was."""

    announcement = models.OneToOneField(Announcement, on_delete=models.PROTECT, related_name="approval")
    digest = models.CharField(max_length=64)


class Limit(Said):
    """From a day on a clock runs out sooner than the law says, and why. It counts once another supervisor agreed; the last one of
    a clock stands, and none of them is ever longer than the law's.
    """

    kind = models.CharField(max_length=20, choices=choices_of(LIMITED))
    hours = models.PositiveIntegerField()
    since = models.DateField()
    reason = models.CharField(max_length=300)


class LimitApproval(Said):
    """Another supervisor agrees."""

    limit = models.OneToOneField(Limit, on_delete=models.PROTECT, related_name="approval")


class CalendarYear(Said):
    """On which days of a year offices are closed, and which days of a weekend are worked: one notice, as `rules.calendar.Year`
    writes it. It counts in the country of whoever entered it, once another supervisor agreed; of several of a year, the last.
    """

    year = models.PositiveSmallIntegerField()
    days = models.TextField()
    source = models.CharField(max_length=300)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(year__range=(1990, 2200)), name="calendar_year"),)


class CalendarApproval(Said):
    """Another supervisor agrees to what they read."""

    calendar = models.OneToOneField(CalendarYear, on_delete=models.PROTECT, related_name="approval")
