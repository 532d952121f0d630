"""Whose slowness is whose."""

import pytest

from tests.investigation.diagnosis.causes.kubernetes.test_network_delay import CALLS, RESENT, SHOP, late, metric
from tests.investigation.worlds import Document, world
from tocsin.investigation.diagnosis.reading.load.propagation import (
    origins,
    resends,
    shared_dependency,
    shared_node,
    troubles,
)
from tocsin.investigation.diagnosis.world import World

FAILS = metric("success_ratio", 0.5, 1.0, "web", unit="ratio")


def shop(*metrics: Document) -> World:
    return world(*SHOP, metrics=list(metrics), dependencies=CALLS)


def blamed(*metrics: Document) -> list[str]:
    seen = shop(*metrics)
    return [trouble.workload.name for trouble in origins(seen, troubles(seen))]


def test_a_slow_callee_explains_its_callers() -> None:
    assert blamed(late("web"), late("cart"), late("prices")) == ["prices"]


def test_a_slow_tail_explains_no_slow_median_and_is_caught_from_it() -> None:
    assert blamed(late("cart", 2.0), late("prices", 1.0, quantile=95)) == ["cart"]


@pytest.mark.parametrize(("seconds", "names"), [(2.0, ["cart", "web"]), (8.0, ["cart"])])
def test_who_waits_beyond_usual_time_outs_fails(seconds: float, names: list[str]) -> None:
    assert blamed(late("cart", seconds), FAILS) == names


def test_a_callee_that_fails_explains_callers_that_fail() -> None:
    assert blamed(FAILS, metric("success_ratio", 0.2, 1.0, "stock", unit="ratio")) == ["stock"]


def test_a_limit_explains_waits_up_to_what_it_held_back() -> None:
    held = metric("cpu_throttled", 0.5, 0.0, "cart")
    assert blamed(late("web", 0.4), held) == []
    assert blamed(late("web", 0.9), held) == ["web"]


def test_the_node_is_shared_by_all_and_not_by_the_rest() -> None:
    seen = shop(late("cart"), late("stock"))
    assert str(shared_node(seen, origins(seen, troubles(seen)))) == "Node/worker-2"
    apart = shop(late("stock"), late("prices"))
    assert shared_node(apart, origins(apart, troubles(apart))) is None


def test_what_all_need_and_nobody_measures_is_shared() -> None:
    seen = shop(late("web"), late("cart"))
    assert str(shared_dependency(seen, list(troubles(seen).values()))) == "Deployment/shop/prices"
    measured = shop(late("web"), late("cart"), late("prices", 0.01))
    assert shared_dependency(measured, list(troubles(measured).values())) is None


@pytest.mark.parametrize(("seconds", "quantile", "short"), [(0.8, 99, True), (3.0, 99, False), (0.8, 50, False)])
def test_a_segment_sent_again_costs_some_requests_a_moment(seconds: float, quantile: int, short: bool) -> None:
    seen = shop(late("cart", seconds, quantile=quantile), RESENT)
    assert resends(list(troubles(seen).values())) is short
