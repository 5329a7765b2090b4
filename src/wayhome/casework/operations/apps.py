"""The app as Django wants it."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Declares its guards."""

    name = "wayhome.casework.operations"
    label = "operations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.core.guards import registry
        from wayhome.casework.operations.guards import declare

        declare(registry)
