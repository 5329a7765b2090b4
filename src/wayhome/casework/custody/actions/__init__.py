"""Take a child into care, hand it over, keep those out who must never have it."""

from __future__ import annotations

from wayhome.casework.custody.actions.access import GLASS_HOLDS, assign, break_glass, end_assignment, read_file, review_glass
from wayhome.casework.custody.actions.care import Intake, clear, record_death, replace_wristband, take_into_care
from wayhome.casework.custody.actions.exclusions import admit, exclude, look_again, screen, screen_person
from wayhome.casework.custody.actions.foster import FOSTER_HOLDS, approve_foster, end_foster, propose_foster
from wayhome.casework.custody.actions.handover import accept_handover, end_offer, offer_handover
from wayhome.casework.custody.actions.night import count_head, end_missing, report_missing
from wayhome.casework.custody.actions.victims import tie_victim, untie_victim

__all__ = [
    "FOSTER_HOLDS",
    "GLASS_HOLDS",
    "Intake",
    "accept_handover",
    "admit",
    "approve_foster",
    "assign",
    "break_glass",
    "clear",
    "count_head",
    "end_assignment",
    "end_foster",
    "end_missing",
    "end_offer",
    "exclude",
    "look_again",
    "offer_handover",
    "propose_foster",
    "read_file",
    "record_death",
    "replace_wristband",
    "report_missing",
    "review_glass",
    "screen",
    "screen_person",
    "take_into_care",
    "tie_victim",
    "untie_victim",
]
