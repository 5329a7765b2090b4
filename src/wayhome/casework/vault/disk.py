"""What was erased leaves the disk too: a database that forgets a row keeps its bytes until something else needs the room.

SQLite writes zeros over what is deleted (`secure_delete`), and keeps what was there before in its log. PostgreSQL keeps the row
as it was until the table is written anew; what its own log holds goes with the log.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection

from wayhome.casework.vault.models import DataKeyEnd, DiskErasure

TABLES = ["vault_datakey"]
"""Where keys stand, and, as the apps add them, what is sealed or told of it."""
PATIENCE_MS = 2000
"""How long the others wait for this, and this for them; what does not come about is tried again in the next round."""


class NotErased(Exception):
    """This process cannot see to it."""


def erase(*, at: datetime) -> int:
    """Take from the disk what ended since the last time; how many keys that were, 0 where somebody still reads what was before.

    Call it outside every transaction.
    """
    done = DiskErasure.objects.order_by("-upto").values_list("upto", flat=True).first() or 0
    ended = list(DataKeyEnd.objects.filter(pk__gt=done).order_by("pk").values_list("pk", flat=True))
    if not ended or not (_empty_log() if connection.vendor == "sqlite" else _write_anew()):
        return 0
    DiskErasure.objects.create(upto=ended[-1], at=at)
    return len(ended)


def _empty_log() -> bool:
    with connection.cursor() as cursor:
        if not _asked(cursor, "PRAGMA secure_delete")[0]:
            raise NotErased("SQLite leaves what is deleted in its file")
        (patience,) = _asked(cursor, "PRAGMA busy_timeout")
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            busy, left, _ = _asked(cursor, "PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
    return not busy and not left


def _asked(cursor: Any, question: str) -> Any:
    cursor.execute(question)
    return cursor.fetchone()


def _write_anew() -> bool:
    """Each table into a new file. A row that an older transaction may still see comes along, and then it is not done."""
    kept: list[int] = []
    written: list[str] = []

    def hear(notice: Any) -> None:
        # "0 dead row versions cannot be removed yet", in whatever language the server speaks.
        if told := re.search(r"\d+", notice.message_detail or ""):
            written.append(notice.message_primary or "")
            kept.append(int(told[0]))

    connection.ensure_connection()
    connection.connection.add_notice_handler(hear)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {PATIENCE_MS}")
            try:
                for table in TABLES:
                    before = len(written)
                    cursor.execute(f"VACUUM (FULL, VERBOSE) {table}")
                    if not any(table in line for line in written[before:]):
                        raise NotErased(f"{table} is not written anew: run this as the owner of the database")
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") != "55P03":
                    raise
                return False
            finally:
                cursor.execute("RESET lock_timeout")
    finally:
        connection.connection.remove_notice_handler(hear)
    return not any(kept)
