"""What was measured of services and nodes."""

import pytest

from tests.investigation.worlds import Document, world
from tocsin.investigation.diagnosis.reading.load.measurements import busier, failing, losing, resending, slow


def measured(
    name: str, value: float, baseline: float | None = None, *, unit: str = "", kind: str = "Service"
) -> Document:
    return {"name": name, "value": value, "baseline": baseline, "unit": unit, "about": {"kind": kind, "name": "cart"}}


@pytest.mark.parametrize(
    ("name", "quantile"), [("cart-p50latency", 0.5), ("p99_latency", 0.99), ("latency 0.95", 0.95), ("latency", 0.5)]
)
def test_a_latency_tells_its_quantile(name: str, quantile: float) -> None:
    [held] = slow(world(metrics=[measured(name, 2.0, 0.1, unit="seconds")]))
    assert held.quantile == quantile


def test_without_a_usual_value_nothing_is_slow() -> None:
    assert slow(world(metrics=[measured("p95_latency", 9.0, unit="seconds")])) == []


@pytest.mark.parametrize(("name", "value", "usual"), [("success_ratio", 0.9, 1.0), ("error_rate", 0.2, 0.0)])
def test_a_share_that_got_worse_fails(name: str, value: float, usual: float) -> None:
    assert failing(world(metrics=[measured(name, value, usual)]))
    assert not failing(world(metrics=[measured(name, usual, usual)]))


def test_twice_the_requests_are_more_work_and_throttling_is_not() -> None:
    held = world(metrics=[measured("RPS", 30, 10, unit="req/s"), measured("cpu_throttled", 30, 10)])
    assert [of.metric.name for of in busier(held)] == ["RPS"]


def test_segments_are_sent_again_in_every_network() -> None:
    assert not resending(world(metrics=[measured("tcp_retransmissions", 1.1, 1.0, kind="Node")]))
    assert resending(world(metrics=[measured("tcp_retransmissions", 9.0, 1.0, kind="Node")]))


def test_a_rate_of_packets_that_fell_is_no_loss() -> None:
    assert not losing(world(metrics=[measured("Network Drop", 7.0, 24.0, unit="pps")]))
    assert losing(world(metrics=[measured("packet_loss_ratio", 0.3, 0.0)]))
