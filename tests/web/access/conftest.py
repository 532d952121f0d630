"""The world, made once: each test sees it as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.web.access.world import World, make_world
from tocsin.web.hooks.trying import CanNotTry
from tocsin.web.pages import sources


@pytest.fixture(scope="package")
def _made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def untouched(_made: World) -> str:
    """The state of the world before anybody asked."""
    return _made.state()


@pytest.fixture(autouse=True)
def _sources_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source is tried over a connection of its own, which sees nothing of a test's transaction."""

    def refuse(*_: object) -> None:
        raise CanNotTry("not here")

    monkeypatch.setattr(sources, "try_source", refuse)


@pytest.fixture
def world(_made: World, db: None) -> World:
    """Two projects and their people; what a test does to them is taken back."""
    return _made
