"""The app as Django wants it."""

from __future__ import annotations

from django.apps import AppConfig

HELD = [
    "laboratory_relativeprofile",
    "laboratory_entry",
    "laboratory_laboriginal",
    "laboratory_entryverdict",
    "laboratory_profileflag",
    "laboratory_staffprofile",
]
"""Where rows of relatives go with their consent, and those of staff with their end."""


class LaboratoryConfig(AppConfig):
    """Declares its guards, and hears of consents that were withdrawn."""

    name = "wayhome.casework.laboratory"
    label = "laboratory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.core.guards import registry
        from wayhome.casework.families.signals import withdrawn
        from wayhome.casework.laboratory.actions.erasure import on_withdrawal
        from wayhome.casework.laboratory.guards import declare
        from wayhome.casework.vault import disk

        declare(registry)
        disk.TABLES += HELD
        withdrawn.connect(on_withdrawal, dispatch_uid="wayhome.laboratory")
