"""Settings from the environment, each typed, with its default and what it is for.

| variable            | default             | what                                                                      |
|---------------------|---------------------|---------------------------------------------------------------------------|
| WAYHOME_DATABASE    | wayhome.sqlite3     | a SQLite file, or postgresql://user:password@host:port/name               |
| WAYHOME_ROLE        | owner               | "web": rights over schema and registers are laid down (`wayhome serve`)   |
| WAYHOME_SECRET_FILE | beside the database | a file with the key that signs sessions; made on first use                |
| WAYHOME_KEYS        | beside that file    | a folder with the private keys of what is sealed; made by `migrate`        |
| WAYHOME_OPENS       | by role             | what this process opens, of "children", "relatives" and "partners"        |
| WAYHOME_INDEX       | beside that file    | a folder with what the search made of relatives' profiles: the worker's    |
| WAYHOME_HOSTS       | localhost,127.0.0.1 | names under which the house is reached, divided by commas                 |
| WAYHOME_HTTPS       | 0                   | 1: cookies are sent over HTTPS alone, and browsers are told to keep to it |
| WAYHOME_MAP         | none                | GeoJSON with other boundaries for the map (web/boundaries/README.md)      |
| WAYHOME_DEBUG       | 0                   | 1: pages tell errors in full                                              |
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

OPENS = {"web": "children,partners", "owner": "children,relatives,partners"}
"""By role. Pages and API read children's profiles and partners' messages; relatives' profiles are opened by the worker, which
searches."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What the environment says."""

    database: str
    role: str
    secret: str
    keys: Path
    index: Path
    opens: frozenset[str]
    hosts: tuple[str, ...]
    https: bool
    debug: bool
    map: str

    @classmethod
    def read(cls) -> Environment:
        """From this process's environment."""
        database = os.environ.get("WAYHOME_DATABASE", "wayhome.sqlite3")
        role = os.environ.get("WAYHOME_ROLE", "owner")
        opens = os.environ.get("WAYHOME_OPENS", OPENS["web" if role == "web" else "owner"])
        return cls(
            database=database,
            role=role,
            secret=_secret(database),
            keys=Path(os.environ.get("WAYHOME_KEYS", secret_path(database).with_suffix(".keys"))),
            index=Path(os.environ.get("WAYHOME_INDEX", secret_path(database).with_suffix(".index"))),
            opens=frozenset(one for one in opens.split(",") if one),
            hosts=tuple(h for h in os.environ.get("WAYHOME_HOSTS", "localhost,127.0.0.1").split(",") if h),
            https=os.environ.get("WAYHOME_HTTPS", "0") == "1",
            debug=os.environ.get("WAYHOME_DEBUG", "0") == "1",
            map=os.environ.get("WAYHOME_MAP", ""),
        )

    def django_database(self) -> dict[str, Any]:
        """The entry of Django's DATABASES."""
        if not self.database.startswith(("postgres://", "postgresql://")):
            return {
                "ENGINE": "wayhome.casework.core.backends.sqlite3",
                "NAME": self.database,
                # To open the file is to read what every guard says, which takes longer than most questions.
                "CONN_MAX_AGE": 60,
                "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
            }
        url = urlsplit(self.database)
        return {
            "ENGINE": "wayhome.casework.core.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": url.port or "",
            # A connection takes the plans with it that it kept.
            "CONN_MAX_AGE": 3600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                # The guards are large conditions: to plan one again for each row takes longer by far than to judge the row.
                "options": "-c plan_cache_mode=force_generic_plan",
                # And a page's questions, which are the same each time, take longer to plan than to answer.
                "server_side_binding": True,
                "prepare_threshold": 1,
            },
        }


def secret_path(database: str) -> Path:
    """Where the key that signs sessions is kept."""
    beside = Path(database).with_suffix(".key") if "://" not in database else Path("wayhome.key")
    return Path(os.environ.get("WAYHOME_SECRET_FILE", beside))


def _secret(database: str) -> str:
    """The key that signs sessions: from its file, made with it if there is none."""
    path = secret_path(database)
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        secret = secrets.token_urlsafe(50)
        if not path.parent.is_dir():
            return secret
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secret)
        return secret
