"""What the rooms above this one must hear of at once: whoever listens does so inside the transaction, and can undo it."""

from __future__ import annotations

from django.dispatch import Signal

merge_confirmed = Signal()
"""Two people said that two records are one child; with `by` and `at`. A split is not told: it brings nothing onto a child."""
records_changed = Signal()
"""Two people said that two records are one child, or that they are not; with `records` (both), `by` and `at`."""
