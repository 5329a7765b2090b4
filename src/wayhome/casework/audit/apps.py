"""The audit as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Declares its guards."""

    name = "wayhome.casework.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.audit.guards import declare
        from wayhome.casework.core.guards import registry

        declare(registry)
