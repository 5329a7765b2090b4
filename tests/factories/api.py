"""A program that shows tokens, against the house as it is served."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from factories.world import World
from wayhome.api.auth import SCOPES

EVERY = tuple(scope for scope in SCOPES if scope not in ("me", "approve"))
ROOT = "/api/v1"


@dataclass
class Program:
    """Calls the API for members of staff of a world."""

    world: World
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))
    given: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    def token(self, who: str, scopes: Iterable[str] = EVERY, *, lasts: timedelta = timedelta(minutes=9)) -> str:
        """A secret for a member of staff, as they would make it after they signed in again.

        It reaches further than they could make it reach: what their role may not do is refused behind the scope too.
        """
        wanted = tuple(sorted(scopes))
        if (who, wanted) not in self.given:
            at, secret = timezone.now(), secrets.token_urlsafe()
            self.world.staff[who].tokens.create(
                digest=hashlib.sha256(secret.encode()).hexdigest(),
                scopes=wanted,
                label="test",
                created_at=at,
                expires_at=at + lasts,
            )
            self.given[who, wanted] = secret
        return self.given[who, wanted]

    def call(
        self, method: str, who: str, path: str, body: Any = None, *, scopes: Iterable[str] = EVERY, key: str = "", **more: Any
    ) -> HttpResponse:
        """One request."""
        headers = {"Authorization": f"Bearer {self.token(who, scopes)}"} | ({"Idempotency-Key": key} if key else {})
        given = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.generic(method, ROOT + path, **(given | more), headers=headers)

    def get(self, who: str, path: str, **more: Any) -> HttpResponse:
        """Read."""
        return self.call("GET", who, path, **more)

    def post(self, who: str, path: str, body: Any = None, **more: Any) -> HttpResponse:
        """Write."""
        return self.call("POST", who, path, {} if body is None else body, **more)
