"""People who look at pages, and an incident with everything on it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_incident, make_user
from tests.web.pages.stored import store_investigation
from tocsin.accounts.models import Role, User
from tocsin.incidents.models import Incident


@pytest.fixture
def alice(db: None) -> User:
    """A responder."""
    return make_user("alice")


@pytest.fixture
def browser(alice: User, client: Client) -> Client:
    """Alice's browser, logged in."""
    client.force_login(alice)
    return client


@pytest.fixture
def viewer(db: None) -> Client:
    """The browser of somebody who may only look."""
    client = Client()
    client.force_login(make_user("victor", Role.VIEWER))
    return client


@pytest.fixture
def incident(db: None) -> Incident:
    """An open incident without an investigation."""
    return make_incident()


@pytest.fixture
def diagnosed(incident: Incident) -> Incident:
    """An incident whose cause is known."""
    store_investigation(incident)
    return incident
