"""The part of `factories.api_cases` that is about numbers, lists that leave the house, and announcements."""

from __future__ import annotations

from factories.api_case import Case, sends, soon, where

LISTS: dict[str, Case] = {
    "GET /find/{number}": Case("officer", where("/find/{child}"), foreign="officer_gd"),
    "GET /announcements": Case("supervisor", where("/announcements")),
    "POST /announcements": Case(
        "supervisor",
        where("/announcements"),
        sends(
            number="2011-08-15",
            operations=lambda t: [t.operation, t.tied_operation],
            cutoff=lambda t: soon(),
            stated=lambda t: [{"operation": t.tied_operation, "officers": 300, "source": "the lead's report"}],
        ),
        foreign="supervisor_vn",
    ),
    "GET /announcements/{number}/{n}": Case("supervisor", where("/announcements/{announced}/1"), foreign="supervisor_vn"),
    "POST /announcements/{number}/{n}/approval": Case(
        "supervisor",
        where("/announcements/{announced}/1/approval"),
        sends(digest=lambda t: t.announced_digest),
        foreign="supervisor_vn",
        approves=True,
    ),
    "GET /ministry": Case("supervisor", where("/ministry")),
    "GET /ministry/children": Case("supervisor", where("/ministry/children?kind=hospital")),
    "GET /clocks": Case("officer", where("/clocks")),
    "GET /clock-limits": Case("supervisor", where("/clock-limits")),
    "POST /clock-limits": Case(
        "supervisor",
        where("/clock-limits"),
        sends(kind="placement", hours=12, since="2099-01-01", reason="many are infants"),
    ),
    "POST /clock-limits/{id}/approval": Case(
        "supervisor", where("/clock-limits/{limit}/approval"), foreign="supervisor_vn", approves=True
    ),
    "GET /calendars": Case("supervisor", where("/calendars")),
    "POST /calendars": Case(
        "supervisor",
        where("/calendars"),
        sends(
            year=2026,
            source="国办发明电〔2025〕7号",
            closed=[{"day": "2026-10-01", "name": "国庆节"}],
            opened=[{"day": "2026-10-10", "name": "国庆节"}],
        ),
    ),
    "POST /calendars/{id}/approval": Case(
        "supervisor", where("/calendars/{calendar}/approval"), foreign="supervisor_vn", approves=True
    ),
    "GET /lists/{name}/export": Case("supervisor", where("/lists/children/export?form=xlsx"), approves=True),
}
