"""What the rooms above this one must hear of at once: whoever listens does so inside the transaction, and can undo it."""

from __future__ import annotations

from django.dispatch import Signal

known_better = Signal()
"""Somebody on record is recognised by one thing more, or is kin of somebody; with `persons`, `by` and `at`."""
