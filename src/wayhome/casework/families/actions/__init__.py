"""Record that a family looks for a child, let its tree grow, keep what its members agreed to. Nothing is overwritten."""

from __future__ import annotations

from wayhome.casework.families.actions.consents import consent, withdraw_consent
from wayhome.casework.families.actions.duplicates import propose_duplicates, settle_duplicate
from wayhome.casework.families.actions.requests import (
    DESCRIBED,
    add_item,
    add_mark,
    describe,
    keep_photo,
    read_request,
    record_request,
    withdraw,
)
from wayhome.casework.families.actions.tree import STATED, add_relative, link, strike, tell_relative, unlink

__all__ = [
    "DESCRIBED",
    "STATED",
    "add_item",
    "add_mark",
    "add_relative",
    "consent",
    "describe",
    "keep_photo",
    "link",
    "propose_duplicates",
    "read_request",
    "record_request",
    "settle_duplicate",
    "strike",
    "tell_relative",
    "unlink",
    "withdraw",
    "withdraw_consent",
]
