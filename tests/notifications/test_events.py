"""What an entry of the timeline tells of."""

from __future__ import annotations

from typing import Any

import pytest

from tocsin.notifications.events import kind_of
from tocsin.notifications.notice import Kind


@pytest.mark.parametrize(
    ("entry", "reference", "kind"),
    [
        ("opened", {}, Kind.NEW),
        ("message", {"update": 1}, Kind.UPDATE),
        ("clock", {}, Kind.CLOCK),
        ("merge", {"into": 3}, Kind.RESOLVED),
        ("merge", {"from": 4}, Kind.MERGED),
        ("clock", {"of": "updates"}, Kind.UPDATE),
        ("status", {"was": "triggered", "to": "acknowledged"}, Kind.ACKNOWLEDGED),
        ("status", {"was": "resolved", "to": "investigating"}, Kind.REOPENED),
    ],
)
def test_an_entry_tells_of_a_kind_of_event(entry: str, reference: dict[str, Any], kind: Kind) -> None:
    assert kind_of(entry, reference) is kind
