"""PostgreSQL, with refusals watched. The web role is a role of the database (`core.roles`)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from wayhome.casework.core.backends.watch import WatchedMixin

PREPARED = 500
"""Statements that a connection keeps: the pages alone have more than the usual hundred, which would push out one another."""


class DatabaseWrapper(WatchedMixin, base.DatabaseWrapper):
    """Django's; `settings.WAYHOME_DB_ROLE` "web" lays down the owner's rights at once."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.prepared_max = PREPARED
        if settings.WAYHOME_DB_ROLE == "web":
            from wayhome.casework.core.roles import WEB_ROLE

            connection.execute(f"SET ROLE {WEB_ROLE}")
            # It began a transaction, and Django's next step, autocommit, is refused inside one.
            connection.commit()
        return connection
