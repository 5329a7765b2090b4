"""The core as a Django app: guards go up after every migration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _install_guards(using: str, **_: Any) -> None:
    from django.db import connections

    from wayhome.casework.core import guards, roles

    guards.install(connections[using])
    roles.grant(connections[using])


class CoreConfig(AppConfig):
    """Nothing of its own; see `core.guards`."""

    name = "wayhome.casework.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Django drops SQLite triggers when it rebuilds a table, so they are put up anew after each migration.
        post_migrate.connect(_install_guards, sender=self, dispatch_uid="wayhome.guards")
