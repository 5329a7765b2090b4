"""Clues: what somebody told, what it speaks of, and which clues speak of the same."""
