"""What stands behind an ingress controller does not answer it."""

import pytest

from tests.investigation.worlds import Document, logs, look, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.ingress_upstream_failing import ingress_upstream_failing

CART = pod()
CART["status"]["podIP"] = "10.1.0.7"
PROXY = pod("ingress")


def said(line: str) -> Document:
    return logs(PROXY, f"2026-03-01T11:59:00Z [error] 31#31: *7 {line}", run="current")


REFUSED = (
    'connect() failed (111: Connection refused) while connecting to upstream, upstream: "http://10.1.0.7:8080/cart"'
)
FIRES = scene(CART, service(), PROXY, logs=said(REFUSED))

QUIET = scene(CART, service(), PROXY, logs=said("access forbidden by rule, client: 10.1.0.9"))


def test_finds_the_pod_by_its_address() -> None:
    [_, found] = look(ingress_upstream_failing, FIRES)
    assert str(found.subject) == "Deployment/shop/cart"
    assert "refuses connections" in found.summary


@pytest.mark.parametrize(
    "line",
    [
        "upstream timed out (110: Operation timed out) while reading response header from upstream",
        "upstream prematurely closed connection while reading response header from upstream",
        "no live upstreams while connecting to upstream",
        "client intended to send too large body: 1073741824 bytes",
    ],
)
def test_other_ways_to_fail(line: str) -> None:
    assert look(ingress_upstream_failing, scene(CART, PROXY, logs=said(line)))
