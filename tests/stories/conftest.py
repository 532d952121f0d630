"""One running server that stories share; a story that breaks things starts its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stories.running import Tocsin, tocsin


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tocsin]:
    """A whole Tocsin with a quiet period of two seconds."""
    with tocsin(tmp_path_factory.mktemp("a folder with spaces"), TOCSIN_QUIET_PERIOD="2") as running:
        yield running
