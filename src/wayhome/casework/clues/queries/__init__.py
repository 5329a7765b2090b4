"""Clues that an actor may know of, and what they share."""
