"""What is done with clues."""

from __future__ import annotations

from wayhome.casework.clues.actions.compartments import agree_to_open, look_around, put_in_compartment, read_clue
from wayhome.casework.clues.actions.intake import add_mentions, record_clue
from wayhome.casework.clues.actions.linking import judge_pair
from wayhome.casework.clues.actions.steps import triage

__all__ = [
    "add_mentions",
    "agree_to_open",
    "judge_pair",
    "look_around",
    "put_in_compartment",
    "read_clue",
    "record_clue",
    "triage",
]
