"""One running server that stories share; a story that breaks things starts its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.notifications.vendor import Post, Vendor, http_vendor, mail_server
from tests.stories.calling import Cast, Story, cast
from tests.stories.replicas import replicas
from tests.stories.running import Tocsin, tocsin


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tocsin]:
    """A whole Tocsin with a quiet period of two seconds."""
    with tocsin(tmp_path_factory.mktemp("a folder with spaces"), TOCSIN_QUIET_PERIOD="2") as running:
        yield running


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """Two replicas on one database, and three people."""
    with replicas(tmp_path_factory.mktemp("replicas")) as running:
        yield cast(running)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    """A vendor over HTTP that takes everything."""
    with http_vendor() as running:
        yield running


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server."""
    with mail_server() as running:
        yield running


@pytest.fixture
def story(company: Cast) -> Iterator[Story]:
    """A story of its own, after which nothing goes on."""
    begun = Story(f"Story {next(company.numbers)}", company)
    yield begun
    begun.end()
