"""What the rooms above this one must hear of at once: whoever listens does so inside the transaction, and can undo it."""

from __future__ import annotations

from django.dispatch import Signal

claimed = Signal()
"""Somebody on record asks for a child, or is told as a relative of one; with `request` (number), `by` and `at`."""
changed = Signal()
"""Something was written in files of families; with `requests` (numbers), `by` and `at`."""
withdrawn = Signal()
"""A consent was withdrawn; with `relative` (number), `by` and `at`."""
