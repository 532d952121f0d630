"""Programs that call, each with a token."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_user
from tocsin.accounts.access import Role
from tocsin.accounts.tokens import make_token


@dataclass
class Program:
    """Something that calls the API for a person."""

    token: str

    def get(self, path: str, **headers: str) -> Any:
        """GET /api/v1PATH."""
        return Client(headers={"Authorization": f"Bearer {self.token}", **headers}).get(f"/api/v1{path}")

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST /api/v1PATH with JSON."""
        client = Client(headers={"Authorization": f"Bearer {self.token}"} | headers)
        return client.post(f"/api/v1{path}", json.dumps(body or {}), "application/json")

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        """PATCH /api/v1PATH with JSON."""
        client = Client(headers={"Authorization": f"Bearer {self.token}"} | headers)
        return client.patch(f"/api/v1{path}", json.dumps(body), "application/json")


def program(name: str, role: Role, scope: Role | None = None) -> Program:
    """A program of a new person with a role; its token has that scope, or the role's."""
    return Program(make_token(make_user(name, role), "test", scope or role, timezone.now(), None)[1])


@pytest.fixture
def responder(db: None) -> Program:
    """May work on incidents."""
    return program("alice", Role.RESPONDER)


@pytest.fixture
def viewer(db: None) -> Program:
    """May look."""
    return program("victor", Role.VIEWER)
