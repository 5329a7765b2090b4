"""Custody as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Declares its guards."""

    name = "wayhome.casework.custody"
    label = "custody"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.core.guards import registry
        from wayhome.casework.custody.guards import declare

        declare(registry)
