"""The app as Django wants it."""

from __future__ import annotations

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """Declares its guards, and hears of whatever makes a search due."""

    name = "wayhome.casework.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.children.signals import records_changed
        from wayhome.casework.core.guards import registry
        from wayhome.casework.families.signals import changed, withdrawn
        from wayhome.casework.laboratory.signals import typed
        from wayhome.casework.matching.actions import due, erasure
        from wayhome.casework.matching.guards import declare
        from wayhome.casework.vault import disk

        declare(registry)
        disk.TABLES += ["matching_candidatedetail", "matching_kinshipreport"]
        changed.connect(due.on_requests_changed, dispatch_uid="wayhome.matching")
        withdrawn.connect(erasure.on_withdrawal, dispatch_uid="wayhome.matching")
        typed.connect(due.on_profile, dispatch_uid="wayhome.matching")
        records_changed.connect(due.on_records_changed, dispatch_uid="wayhome.matching")
