from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.catalog.health import SILENT_AFTER, Facts, State, Trouble, health

NOW = datetime(2026, 3, 1, tzinfo=UTC)
OWN = Trouble("INC-001", "Slow", "high", is_own=True)
WELL = Facts(heard_at=NOW - timedelta(days=1))


@pytest.mark.parametrize(
    ("facts", "state", "why"),
    [
        (WELL, State.HEALTHY, "no alert fires"),
        (replace(WELL, deploying=["INC-002"]), State.HEALTHY, "INC-002 is about a deployment of it"),
        (Facts(), State.UNKNOWN, "nothing watches it"),
        (replace(WELL, heard_at=NOW - SILENT_AFTER - timedelta(days=1)), State.UNKNOWN, "for 91 days"),
        (replace(WELL, troubles=[OWN]), State.DEGRADED, "INC-001 (high): Slow"),
        (replace(WELL, troubles=[OWN, OWN]), State.DEGRADED, "INC-001 (high): Slow, and 1 more"),
        (replace(WELL, troubles=[OWN, replace(OWN, severity="critical")]), State.DOWN, "(critical)"),
        (replace(WELL, troubles=[replace(OWN, severity="critical", is_elsewhere=True)]), State.DEGRADED, "(critical)"),
        (replace(WELL, troubles=[replace(OWN, is_own=False)]), State.DEGRADED, "what it needs is in trouble"),
        (replace(WELL, troubles=[replace(OWN, is_own=False, severity="low")]), State.HEALTHY, "no alert fires"),
        (replace(WELL, firing=["Slow", "Full"]), State.DEGRADED, "2 alerts fire: Slow"),
        (replace(WELL, failed_deployment="apply failed"), State.DEGRADED, "did not go well: apply failed"),
    ],
)
def test_a_service_is_as_well_as_what_is_known_of_it(facts: Facts, state: State, why: str) -> None:
    found = health(facts, NOW)
    assert found.state is state
    assert why in found.reason
