"""Kits and their way; what laboratories found. Rows stay; a relative's profile alone can be erased, and leaves a tombstone."""

from wayhome.casework.laboratory.models.kits import Kit, KitHop
from wayhome.casework.laboratory.models.results import (
    ChildProfile,
    Comparison,
    Entry,
    EntryVerdict,
    Erasure,
    FileErasure,
    LabFile,
    LabKey,
    LabOriginal,
    Looked,
    ProfileFlag,
    RelativeProfile,
    StaffProfile,
    StaffProfileEnd,
)

__all__ = [
    "ChildProfile",
    "Comparison",
    "Entry",
    "EntryVerdict",
    "Erasure",
    "FileErasure",
    "Kit",
    "KitHop",
    "LabFile",
    "LabKey",
    "LabOriginal",
    "Looked",
    "ProfileFlag",
    "RelativeProfile",
    "StaffProfile",
    "StaffProfileEnd",
]
