"""Whether the disk has room for signals."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories import make_source
from tests.web.hooks.sending import Sent, send
from tocsin.alerts.models import Signal
from tocsin.web.hooks.room import Room


def test_a_disk_is_full_below_what_must_stay_free(tmp_path: Path) -> None:
    assert not Room(tmp_path, least_free=0).is_short()
    assert Room(tmp_path, least_free=1 << 62).is_short()


def test_without_a_folder_the_database_decides_and_where_it_is_gone_too(tmp_path: Path) -> None:
    assert not Room(None, least_free=1 << 62).is_short()
    assert not Room(tmp_path / "gone", least_free=1 << 62).is_short()


@pytest.mark.django_db(transaction=True)
def test_senders_are_told_to_come_again_while_the_disk_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    _, token = make_source("generic")
    monkeypatch.setattr(Room, "is_short", lambda room: True)
    status, answer, headers = send(Sent(f"/hooks/generic/{token}", b'{"title": "a"}'))
    assert (status, "full" in answer["detail"], headers["retry-after"], Signal.objects.count()) == (503, True, "60", 0)
