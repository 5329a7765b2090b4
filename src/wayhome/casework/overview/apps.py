"""The app as Django wants it."""

from __future__ import annotations

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    """Declares its guards."""

    name = "wayhome.casework.overview"
    label = "overview"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.core.guards import registry
        from wayhome.casework.overview.guards import declare

        declare(registry)
