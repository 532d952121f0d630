"""Fake vendors for tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.notifications.vendor import Post, Vendor, http_vendor, mail_server


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with http_vendor() as running:
        yield running


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as running:
        yield running
