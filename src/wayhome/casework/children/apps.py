"""The app as Django wants it."""

from __future__ import annotations

from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    """Declares its guards."""

    name = "wayhome.casework.children"
    label = "children"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.children.guards import declare
        from wayhome.casework.core.guards import registry

        declare(registry)
