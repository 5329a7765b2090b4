"""What goes into a log: no address as it was asked for, and no number of a child wherever it would stand.

Django tells the path of every answer it warns of, and a path holds a child's number, or a name that somebody typed there.
"""

from __future__ import annotations

import logging
import re
from typing import Any

NUMBER = re.compile(r"(?<!\d)\d{3}(?:(?:[\s+_-]|%20)?\d{3}){2}(?!\d)")
"""Nine digits, grouped or not."""
HIDDEN = "#########"


class Routes(logging.Filter):
    """Tells which page it was by its pattern ("children/<str:number>/") in place of the path."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always told."""
        request: Any = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match else "(no such page)"
            record.args = tuple(route if isinstance(arg, str) and arg.startswith("/") else arg for arg in record.args)
        return True


class Formatter(logging.Formatter):
    """Hides what looks like a child's number, in tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        """As it is written."""
        return NUMBER.sub(HIDDEN, super().format(record))


def configuration() -> dict[str, Any]:
    """Django's LOGGING: everything passes one handler."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"routes": {"()": Routes}},
        "formatters": {"hiding": {"()": Formatter, "fmt": "%(levelname)s %(name)s: %(message)s"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["routes"], "formatter": "hiding"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        # Without the handlers that Django gives it: they would write the path as it is.
        "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
    }
