"""Medical as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class MedicalConfig(AppConfig):
    """Declares its guards."""

    name = "wayhome.casework.medical"
    label = "medical"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.core.guards import registry
        from wayhome.casework.medical.guards import declare

        declare(registry)
