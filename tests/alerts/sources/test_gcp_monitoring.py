"""Google Cloud Monitoring."""

from __future__ import annotations

import pytest

from tests.alerts.sources.bodies import changed
from tocsin.alerts.parsed import BadPayload
from tocsin.alerts.sources.gcp_monitoring import EXAMPLE, parse

CLOSED = changed(EXAMPLE, "incident", state="closed", ended_at=1772334500)


def test_it_is_closed_as_the_same() -> None:
    [firing], [over] = parse(EXAMPLE).alerts, parse(CLOSED).alerts
    assert (firing.firing, over.firing, firing.identity) == (True, False, over.identity)
    assert str(over.ends_at) == "2026-03-01 03:08:20+00:00"


def test_the_next_incident_of_the_same_condition_is_the_same_alert() -> None:
    [alert] = parse(changed(EXAMPLE, "incident", incident_id="0.other")).alerts
    assert alert.identity == parse(EXAMPLE).alerts[0].identity


@pytest.mark.parametrize("untold", [{"resource": {"labels": {}}}, {"metric": {"type": "x"}}, {"condition": None}])
def test_where_not_all_labels_are_told_only_the_incident_tells_which_it_is(untold: dict[str, object]) -> None:
    [alert] = parse(changed(EXAMPLE, "incident", **untold)).alerts
    assert alert.identity == '["incident","0.mexample1"]'


def test_its_labels_name_cluster_namespace_and_pod_in_our_words() -> None:
    labels = parse(EXAMPLE).alerts[0].labels
    assert (labels["cluster"], labels["namespace"], labels["pod"], labels["team"]) == ("eu", "shop", "cart-1", "shop")


def test_no_severity_is_none() -> None:
    [alert] = parse(changed(EXAMPLE, "incident", severity="No Severity")).alerts
    assert alert.severity == ""


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(BadPayload, match="open or closed"):
        parse(changed(EXAMPLE, "incident", state="odd"))
