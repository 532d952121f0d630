"""How to connect sources."""

from __future__ import annotations

import pytest
import yaml

from tocsin.alerts.sources import kinds
from tocsin.web.pages.connecting import guide

ADDRESS = "https://tocsin.example/hooks/{}/abc-def"


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_has_its_steps(kind: str) -> None:
    assert guide(kind, ADDRESS.format(kind)).steps


def test_a_prometheus_is_given_the_place_under_which_it_appends_its_own() -> None:
    said = yaml.safe_load(guide("prometheus", ADDRESS.format("prometheus")).snippet)
    [manager] = said["alerting"]["alertmanagers"]
    assert (manager["scheme"], manager["path_prefix"]) == ("https", "/hooks/prometheus/abc-def")
    assert manager["static_configs"] == [{"targets": ["tocsin.example"]}]


@pytest.mark.parametrize("kind", ["alertmanager", "atlantis", "opentelemetry"])
def test_a_configuration_to_copy_holds_the_address(kind: str) -> None:
    snippet = guide(kind, ADDRESS.format(kind)).snippet
    assert yaml.safe_load(snippet)
    assert ADDRESS.format(kind) in snippet


def test_what_pages_pagerduty_is_given_the_token_as_its_key() -> None:
    said = yaml.safe_load(guide("pagerduty_events", ADDRESS.format("pagerduty_events")).snippet)
    [page] = said["receivers"][0]["pagerduty_configs"]
    assert page == {"url": "https://tocsin.example/v2/enqueue", "routing_key": "abc-def"}
