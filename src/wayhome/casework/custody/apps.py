"""Custody as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Declares its guards, and hears of merges and of those who ask for a child."""

    name = "wayhome.casework.custody"
    label = "custody"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.children.signals import merge_confirmed
        from wayhome.casework.core.guards import registry
        from wayhome.casework.custody.actions.claims import look_at_claim
        from wayhome.casework.custody.actions.exclusions import look_after_merge
        from wayhome.casework.custody.guards import declare
        from wayhome.casework.families.signals import claimed

        declare(registry)
        merge_confirmed.connect(look_after_merge, dispatch_uid="wayhome.look_after_merge")
        claimed.connect(look_at_claim, dispatch_uid="wayhome.look_at_claim")
