"""The health of all parts over the API."""

from __future__ import annotations

import pytest

from tests.web.api.conftest import Program

pytestmark = pytest.mark.django_db


def test_the_worst_part_comes_first_with_what_to_do(viewer: Program) -> None:
    found = viewer.get("/health").json()
    assert found["standing"] == found["items"][0]["standing"] == "failing"
    worker = next(sign for sign in found["items"] if sign["key"] == "worker")
    assert "tocsin worker" in worker["advice"]
