"""Custody as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Declares its guards, and hears of merges, of what is told of people, and of those who ask for a child."""

    name = "wayhome.casework.custody"
    label = "custody"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.children.signals import merge_confirmed
        from wayhome.casework.core.guards import registry
        from wayhome.casework.custody.actions.claims import look_at_claim
        from wayhome.casework.custody.actions.exclusions import look_anew, look_at_known
        from wayhome.casework.custody.guards import declare
        from wayhome.casework.families.signals import claimed
        from wayhome.casework.operations.signals import known_better

        declare(registry)
        merge_confirmed.connect(look_anew, dispatch_uid="wayhome.look_after_merge")
        known_better.connect(look_at_known, dispatch_uid="wayhome.look_at_known")
        claimed.connect(look_at_claim, dispatch_uid="wayhome.look_at_claim")
