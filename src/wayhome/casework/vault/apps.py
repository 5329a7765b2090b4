"""The app as Django wants it: declares its guards, and sees after each migration that the house has its keys."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _make_house_keys(using: str, **_: Any) -> None:
    from wayhome.casework.vault import actions

    actions.make_house_keys(using=using)


class VaultConfig(AppConfig):
    """Declares its guards, and what must be looked at before anybody is served."""

    name = "wayhome.casework.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.core import readiness
        from wayhome.casework.core.guards import registry
        from wayhome.casework.vault import queries
        from wayhome.casework.vault.guards import declare

        declare(registry)
        readiness.looks.append(queries.problems)
        post_migrate.connect(_make_house_keys, sender=self, dispatch_uid="wayhome.vault")
