"""The app as Django wants it."""

from __future__ import annotations

from django.apps import AppConfig


class CluesConfig(AppConfig):
    """Declares its guards."""

    name = "wayhome.casework.clues"
    label = "clues"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.clues.guards import declare
        from wayhome.casework.core.guards import registry

        declare(registry)
