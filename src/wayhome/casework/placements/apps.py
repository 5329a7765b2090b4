"""Placements as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    """Declares its guards."""

    name = "wayhome.casework.placements"
    label = "placements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.core.guards import registry
        from wayhome.casework.custody.actions.exclusions import LOOKERS
        from wayhome.casework.placements.actions.barring import flag_barred
        from wayhome.casework.placements.guards import declare

        declare(registry)
        LOOKERS.append(flag_barred)
