"""What a family told stays; a tree is one of people; consent is the relative's, for one purpose, and its withdrawal is final."""

from __future__ import annotations

from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require

TABLES = (
    ("tracingrequest", ()),
    ("requestkey", ()),
    ("description", (("request_id", "n"),)),
    ("missingmark", ()),
    ("missingitem", ()),
    ("requestphoto", ()),
    ("requestend", (("request_id",),)),
    ("relative", ()),
    ("relativestate", (("relative_id", "n"),)),
    ("relativekey", ()),
    ("relativeend", (("relative_id",),)),
    ("parentage", ()),
    ("parentageend", (("parentage_id",),)),
    ("consent", ()),
    ("consentwithdrawal", (("consent_id",),)),
    ("requestduplicate", (("one_id", "other_id"),)),
    ("duplicateverdict", (("proposal_id",),)),
)
_MERGE = "PERFORM pg_advisory_xact_lock(hashtext('wayhome.requests'))"
"""Ends of requests wait for each other: two that go on as each other would both be lost."""


def is_open(request: str) -> str:
    """SQL: a request is there and has not ended."""
    return f"EXISTS (SELECT 1 FROM families_tracingrequest q WHERE q.id = {request}) AND {_goes_on(request)}"


def _goes_on(request: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM families_requestend z WHERE z.request_id = {request})"


def _lock(request: str) -> str:
    return f"PERFORM 1 FROM families_tracingrequest q WHERE q.id = {request} FOR UPDATE"


def _request_of(relative: str) -> str:
    return f"(SELECT r.request_id FROM families_relative r WHERE r.id = {relative})"


def _stands(relative: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM families_relativeend d WHERE d.relative_id = {relative})"


def _next(table: str, owner: str) -> str:
    return f"NEW.n = (SELECT COALESCE(MAX(b.n), 0) + 1 FROM families_{table} b WHERE b.{owner} = NEW.{owner})"


def declare(registry: Registry) -> None:
    """The guards of this app."""
    registry.add(*(AppendOnly(f"families_{table}", keys=keys) for table, keys in TABLES))
    registry.add(
        *(
            Guard(
                f"families_{table}",
                "INSERT",
                (Require("request_over", is_open("NEW.request_id")), *more),
                locks=(_lock("NEW.request_id"),),
            )
            for table, more in (
                ("description", (Require("not_last", _next("description", "request_id")),)),
                ("missingmark", ()),
                ("missingitem", ()),
                ("requestphoto", ()),
                ("relative", (Require("missing_child_there", _one_missing()),)),
            )
        ),
        Guard(
            "families_requestend",
            "INSERT",
            (
                Require("request_over", is_open("NEW.request_id")),
                Require(
                    "kept_for_duplicates",
                    "NEW.reason IN ('duplicate', 'withdrawn') AND (NEW.reason = 'duplicate') = (NEW.kept_id IS NOT NULL)",
                ),
                Require("kept_is_over", f"NEW.kept_id IS NULL OR (NEW.kept_id <> NEW.request_id AND {is_open('NEW.kept_id')})"),
                Require(
                    "self_approval",
                    "NEW.kept_id IS NULL OR"
                    " EXISTS (SELECT 1 FROM families_tracingrequest q WHERE q.id = NEW.kept_id AND q.by_id <> NEW.by_id)",
                ),
            ),
            locks=(_MERGE, _lock("NEW.request_id")),
        ),
        Guard(
            "families_relativestate",
            "INSERT",
            (
                Require("request_over", is_open(_request_of("NEW.relative_id"))),
                Require("relative_struck", _stands("NEW.relative_id")),
                Require("not_last", _next("relativestate", "relative_id")),
            ),
            locks=(_lock(_request_of("NEW.relative_id")),),
        ),
        Guard(
            "families_relativeend",
            "INSERT",
            (
                Require("request_over", is_open(_request_of("NEW.relative_id"))),
                Require(
                    "missing_child_stays",
                    "EXISTS (SELECT 1 FROM families_relative r WHERE r.id = NEW.relative_id AND NOT r.missing)",
                ),
                Require(
                    "consent_stands",
                    "NOT EXISTS (SELECT 1 FROM families_consent c WHERE c.relative_id = NEW.relative_id AND NOT EXISTS"
                    " (SELECT 1 FROM families_consentwithdrawal w WHERE w.consent_id = c.id))",
                ),
            ),
            locks=(_lock(_request_of("NEW.relative_id")),),
        ),
        Guard("families_parentage", "INSERT", _parentage(), locks=(_lock(_request_of("NEW.child_id")),)),
        Guard(
            "families_parentageend",
            "INSERT",
            (
                Require(
                    "request_over",
                    "EXISTS (SELECT 1 FROM families_parentage p JOIN families_relative r ON r.id = p.child_id"
                    f" WHERE p.id = NEW.parentage_id AND {_goes_on('r.request_id')})",
                ),
            ),
        ),
        Guard(
            "families_consent",
            "INSERT",
            (
                Require("request_over", is_open(_request_of("NEW.relative_id"))),
                Require("relative_struck", _stands("NEW.relative_id")),
                Require(
                    "consent_of_missing",
                    "EXISTS (SELECT 1 FROM families_relative r WHERE r.id = NEW.relative_id AND NOT r.missing)",
                ),
                Require("consent_purpose", "NEW.purpose = 'search'"),
            ),
            locks=(_lock(_request_of("NEW.relative_id")),),
        ),
        Guard(
            "families_duplicateverdict",
            "INSERT",
            (
                Require(
                    "duplicate_not_ended",
                    "NOT NEW.same OR EXISTS (SELECT 1 FROM families_requestduplicate p JOIN families_requestend e"
                    " ON e.request_id IN (p.one_id, p.other_id) WHERE p.id = NEW.proposal_id)",
                ),
            ),
        ),
    )


def _one_missing() -> str:
    """SQL: the child that is looked for is the first in the tree, and there is one."""
    there = "(SELECT 1 FROM families_relative r WHERE r.request_id = NEW.request_id AND r.missing)"
    return f"(NEW.missing AND NOT EXISTS {there}) OR (NOT NEW.missing AND EXISTS {there})"


def _parentage() -> tuple[Require, ...]:
    """A mother and a father at most, of the same family, and nobody their own ancestor."""
    parent_sex = "(SELECT r.sex FROM families_relative r WHERE r.id = NEW.parent_id)"
    undone = "NOT EXISTS (SELECT 1 FROM families_parentageend x WHERE x.parentage_id = p.id)"
    return (
        Require("request_over", is_open(_request_of("NEW.child_id"))),
        Require("relative_struck", f"{_stands('NEW.child_id')} AND {_stands('NEW.parent_id')}"),
        Require("other_family", f"{_request_of('NEW.child_id')} = {_request_of('NEW.parent_id')}"),
        Require("parent_sex_unknown", f"{parent_sex} IN ('F', 'M')"),
        Require(
            "has_parent",
            "NOT EXISTS (SELECT 1 FROM families_parentage p JOIN families_relative a ON a.id = p.parent_id"
            f" WHERE p.child_id = NEW.child_id AND a.sex = {parent_sex} AND {undone} AND {_stands('p.parent_id')})",
        ),
        Require(
            "own_ancestor",
            "NOT EXISTS (WITH RECURSIVE line (id) AS (SELECT NEW.parent_id UNION SELECT p.parent_id FROM families_parentage p"
            f" JOIN line ON line.id = p.child_id WHERE {undone} AND {_stands('p.child_id')})"
            " SELECT 1 FROM line WHERE line.id = NEW.child_id)",
        ),
    )
