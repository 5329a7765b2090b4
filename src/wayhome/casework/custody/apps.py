"""Custody as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Declares its guards, and hears of merges."""

    name = "wayhome.casework.custody"
    label = "custody"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.children.signals import merge_confirmed
        from wayhome.casework.core.guards import registry
        from wayhome.casework.custody.actions.exclusions import look_after_merge
        from wayhome.casework.custody.guards import declare

        declare(registry)
        merge_confirmed.connect(look_after_merge, dispatch_uid="wayhome.look_after_merge")
