"""The app as Django wants it."""

from __future__ import annotations

from django.apps import AppConfig


class FamiliesConfig(AppConfig):
    """Declares its guards."""

    name = "wayhome.casework.families"
    label = "families"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.core.guards import registry
        from wayhome.casework.families.guards import declare

        declare(registry)
