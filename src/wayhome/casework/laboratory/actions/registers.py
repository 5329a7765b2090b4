"""Registers of laboratories, which two sign: the key with which one signs its files, and profiles of those who handle samples."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from wayhome import kinship
from wayhome.casework.accounts.actions import signed
from wayhome.casework.accounts.models import Agency, Staff
from wayhome.casework.audit.actions import record
from wayhome.casework.core.actors import Actor
from wayhome.casework.core.errors import Invalid
from wayhome.casework.laboratory.models import LabKey, StaffProfile, StaffProfileEnd
from wayhome.casework.laboratory.queries.results import staff_place
from wayhome.casework.laboratory.rules import profiles as rules
from wayhome.casework.vault.actions import end_key, make_key
from wayhome.casework.vault.rules import Purpose, seal

KEY = 32
"""Bytes of the public half of an Ed25519 key."""
Signed = tuple[Actor, Actor]


def register_lab_key(*, laboratory: Agency, public: bytes, by: Signed, at: datetime) -> LabKey:
    """From now on the laboratory's files come signed with this key, and with none before it."""
    if len(public) != KEY:
        raise Invalid({"public_key": "not_a_key"})
    with transaction.atomic():
        key = LabKey.objects.create(laboratory=laboratory, public=public, **signed(by), at=at)
        _told(by, at, "register_lab_key", f"agency:{laboratory.pk}")
    return key


def register_staff_profiles(*, profiles: Mapping[Staff, kinship.Profile], by: Signed, at: datetime) -> int:
    """What samples of those showed who handle the others': what is typed like one of them is flagged, and nothing else is done.

    Raises
    ------
    Invalid
        "profile": too_few_loci, where it could not be told from anybody's.
    """
    if any(len(rules.autosomal(profile)) < rules.LOCI_TO_TELL for profile in profiles.values()):
        raise Invalid({"profile": "too_few_loci"})
    with transaction.atomic():
        for staff, profile in profiles.items():
            n = 1 + StaffProfile.objects.filter(staff=staff).count() + StaffProfileEnd.objects.filter(staff=staff).count()
            key = make_key(purpose=Purpose.RELATIVES, of=f"staff:{staff.pk}:{n}", at=at)
            sealed = seal(rules.written(profile), key=key, place=staff_place(staff.pk, n))
            loci = len(rules.autosomal(profile))
            StaffProfile.objects.create(staff=staff, n=n, loci=loci, sealed=sealed, **signed(by), at=at)
            _told(by, at, "register_staff_profile", f"staff:{staff.pk}")
    return len(profiles)


def end_staff_profiles(*, staff: Staff, by: Signed, at: datetime) -> int:
    """They left, or want it no more: their profiles and keys are gone, tombstones stay. How many there were."""
    with transaction.atomic():
        rows = list(StaffProfile.objects.filter(staff=staff).defer("sealed"))
        for row in rows:
            StaffProfileEnd.objects.create(staff=staff, n=row.n, **signed(by), at=at)
            end_key(of=f"staff:{staff.pk}:{row.n}", by_id=by[0].staff_id, at=at)
            row.delete()
            _told(by, at, "end_staff_profile", f"staff:{staff.pk}")
    return len(rows)


def _told(by: Signed, at: datetime, action: str, subject: str) -> None:
    record(by=by[0], at=at, action=f"laboratory.{action}", subject=subject, data={"countersigned_by": by[1].staff_id})
