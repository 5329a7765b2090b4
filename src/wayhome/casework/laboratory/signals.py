"""What the rooms above this one must hear of at once: whoever listens does so inside the transaction, and can undo it."""

from __future__ import annotations

from django.dispatch import Signal

typed = Signal()
"""A profile was made of a sample; with `kit` and `at`."""
