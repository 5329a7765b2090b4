"""Words of the operations, and who is counted as a suspect. Pure."""

from __future__ import annotations

FACTS = frozenset({"name", "alias", "id", "phone", "address", "vehicle"})
TIES = frozenset({"spouse", "parent", "sibling", "household", "other_kin"})
ROLES_IN_OPERATION = frozenset({"suspect", "organiser", "transporter", "intermediary", "buyer", "seller", "medical", "witness"})
SUSPECTS = ROLES_IN_OPERATION - {"buyer", "witness"}
"""Who belongs to the ring: whoever has one of these roles is counted, once however many they have."""

FUNCTIONS = ("lead", "member", "supervisor")
"""What somebody is in a task force; the supervisor is the ministry's."""
VICTIM_STATES = ("unseen", "located", "disproved")
"""What is known of a child that evidence tells of; that it was rescued is told by its tie to a child."""
SEIZED = ("money", "vehicle", "phone", "drug", "document", "other")
"""What is seized; a drug is what children were sedated with, too."""
UNITS = ("CNY", "VND", "USD", "piece", "g", "ml")
"""How it is counted."""

STEPS = ("approved", "sealed", "launched", "stood_down", "reviewed")
"""What becomes of the plan of a joint operation, in this order and once each; before the first it is drafted."""
WORDS = ("go", "no_go", "off")
"""What is said of a site: it goes, it does not yet, it is called off."""
ON_SITE = ("kit", "medic", "female_officer")
"""What a site has before it goes: a child-care kit, a medic, a female officer."""
ZONES = ("Asia/Shanghai", "Asia/Ho_Chi_Minh")
"""Zones in which a zero hour is told: the own and the partner's."""


def key_kind(fact: str) -> str:
    """How a fact is recognised: an alias is a name."""
    return "name" if fact == "alias" else fact


def province_of(path: str) -> str:
    """Path of the province that a place lies in; of a whole country, its own.

    >>> province_of("/CN/CN-45/CN-4506/"), province_of("/CN/")
    ('/CN/CN-45/', '/CN/')
    """
    return "/".join(path.split("/")[:3]).rstrip("/") + "/"


def country_of(path: str) -> str:
    """Path of the country that a place is in.

    >>> country_of("/CN/GX/BS/")
    '/CN/'
    """
    return "/".join(path.split("/")[:2]) + "/"
