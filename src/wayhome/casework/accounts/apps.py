"""Accounts as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Declares its guards."""

    name = "wayhome.casework.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.accounts.guards import declare
        from wayhome.casework.core.guards import registry

        declare(registry)
