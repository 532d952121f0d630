"""A network that delays what a pod, or a whole node, sends and receives."""

from typing import Any

import pytest

from tests.investigation.worlds import Document, deployment, look, pod, scene, service
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.network_delay import network_delay

# web calls cart and stock; cart calls prices; web and prices run on worker-1, cart and stock on worker-2.
CALLS = [
    {"caller": "web", "callee": "cart"},
    {"caller": "web", "callee": "stock"},
    {"caller": "cart", "callee": "prices"},
]
PLACES = {"web": "worker-1", "prices": "worker-1", "cart": "worker-2", "stock": "worker-2"}
SHOP: list[Document] = [
    made for name in PLACES for made in (deployment(name), service(name), pod(name, node=PLACES[name]))
]


def metric(name: str, value: float, baseline: float, about: str, *, unit: str = "seconds") -> Document:
    kind = "Node" if about in PLACES.values() else "Service"
    return {"name": name, "value": value, "baseline": baseline, "unit": unit, "about": {"kind": kind, "name": about}}


def late(about: str, value: float = 2.0, baseline: float = 0.01, quantile: int = 50) -> Document:
    return metric(f"p{quantile}_latency", value, baseline, about)


def shop(*metrics: Document, **sections: Any) -> bytes:
    return scene(*SHOP, metrics=list(metrics), dependencies=CALLS, **sections)


RESENT = metric("tcp_retransmissions", 0.9, 0.0, "worker-2", unit="per second")
FIRES = shop(late("web", 3.0, 0.05), late("cart"))

QUIET = shop(late("web", 3.0, 0.05), late("cart"), metric("cpu_usage", 0.9, 0.1, "cart", unit="cores"))


def blamed(*metrics: Document) -> list[str]:
    return [str(found.subject) for found in look(network_delay, shop(*metrics))]


def test_blames_the_one_that_is_slow_by_itself_and_names_who_waits() -> None:
    [found] = look(network_delay, FIRES)
    assert found.summary == (
        "cart answers late although nothing that it calls is slow: p50_latency is 2 seconds, usually 0.01; web wait for it"
    )


def test_a_median_is_not_slow_because_what_is_called_has_a_slow_tail() -> None:
    assert blamed(late("cart"), late("prices", 0.6, quantile=90)) == ["Deployment/shop/cart"]


def test_several_origins_on_one_node_blame_the_node() -> None:
    assert blamed(late("cart"), late("stock"), late("web", 3.0)) == ["Node/worker-2"]


def test_origins_on_different_nodes_are_two_troubles() -> None:
    assert blamed(late("stock"), late("prices")) == ["Deployment/shop/prices", "Deployment/shop/stock"]


def test_segments_sent_again_blame_the_node_of_the_only_origin() -> None:
    assert blamed(late("cart"), RESENT) == ["Node/worker-2"]


def test_a_caller_that_fails_is_in_trouble_by_itself_when_nothing_it_calls_waits_long_enough() -> None:
    broken = metric("success_ratio", 0.4, 1.0, "stock", unit="ratio")
    assert blamed(late("cart"), broken) == ["Node/worker-2"]


def test_requests_that_fail_and_never_end_are_late_beyond_measure() -> None:
    broken = metric("success_ratio", 0.4, 1.0, "web", unit="ratio")
    ended = metric("latency_missing", 1.0, 0.0, "web", unit="")
    assert blamed(broken) == []
    assert blamed(broken, ended) == ["Deployment/shop/web"]


@pytest.mark.parametrize("value", [0.05, 0.09])
def test_a_few_milliseconds_more_are_no_delay_of_the_network(value: float) -> None:
    assert blamed(late("cart", value, 0.001)) == []


def test_lost_packets_are_another_cause() -> None:
    assert blamed(late("cart"), metric("packet_loss_ratio", 0.2, 0.0, "cart", unit="ratio")) == []


@pytest.mark.parametrize("document", [FIRES, shop(late("cart"), late("stock"), RESENT)])
def test_ranks_first(document: bytes) -> None:
    best = diagnose(parse_snapshot(document)).hypotheses[0]
    assert (best.cause, best.confidence > 0.7) == ("network-delay", True)
