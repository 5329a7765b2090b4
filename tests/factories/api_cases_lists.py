"""The part of `factories.api_cases` that is about numbers, and about lists that leave the house."""

from __future__ import annotations

from factories.api_case import Case, where

LISTS: dict[str, Case] = {
    "GET /find/{number}": Case("officer", where("/find/{child}"), foreign="officer_gd"),
    "GET /lists/{name}/export": Case("supervisor", where("/lists/children/export?form=xlsx"), approves=True),
}
