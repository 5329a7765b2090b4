"""Exchange as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Declares its guards."""

    name = "wayhome.casework.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wayhome.casework.core.guards import registry
        from wayhome.casework.exchange.guards import declare
        from wayhome.casework.vault import disk

        declare(registry)
        # Where partners' profiles stood for a night: written anew with the keys, on PostgreSQL.
        disk.TABLES += ["exchange_askedprofile"]
