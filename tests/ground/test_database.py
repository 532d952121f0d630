"""The database's clock is nobody's who asks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from tocsin.ground import database

pytestmark = pytest.mark.django_db


def test_a_process_whose_clock_is_wrong_is_told_the_same_time_as_all_others() -> None:
    with time_machine.travel(datetime(2001, 1, 1, tzinfo=UTC)):
        found = database.now()
    assert found.year > 2001
    assert found.utcoffset() is not None
