"""A host name that does not resolve."""

import pytest

from tests.investigation.worlds import container, exited, logs, look, pod, scene, service, world
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.name_not_resolved import name_not_resolved
from tocsin.investigation.diagnosis.reading.network.lookups import lookups

LINE = "dial tcp: lookup orders on 10.0.0.10:53: no such host"
CRASHED = pod("cart", exited("Error", 1))
FIRES = scene(CRASHED, logs=logs(CRASHED, "starting", LINE))

QUIET = scene(CRASHED, logs=logs(CRASHED, "starting", "error: no such order"))


def test_quotes_the_line() -> None:
    *doubted, found = look(name_not_resolved, FIRES)
    assert [one.against for one in doubted] == ["dependency-unreachable", "container-crash"]
    assert (
        found.summary
        == "app in cart-7f9c4d-x2x1q cannot resolve orders: “dial tcp: lookup orders on 10.0.0.10:53: no such host”"
    )


def test_a_service_that_exists_is_evidence_against_the_address() -> None:
    [first, *_] = diagnose(parse_snapshot(scene(CRASHED, service("orders"), logs=logs(CRASHED, LINE)))).hypotheses
    assert first.cause == "name-not-resolved"
    assert "though service orders exists" in first.summary
    assert first.confidence > 0.85


def test_ignores_what_a_healthy_container_said_long_ago() -> None:
    well = pod("cart")
    assert look(name_not_resolved, scene(well, logs=logs(well, f"2026-02-01T00:00:00Z {LINE}", run="current"))) == []


@pytest.mark.parametrize(
    ("line", "host", "answered"),
    [
        ("Caused by: java.net.UnknownHostException: db: Name or service not known", "db", True),
        ("Error: getaddrinfo ENOTFOUND db.shop.svc", "db.shop.svc", True),
        ("Error: getaddrinfo EAI_AGAIN db", "db", False),
        ("curl: (6) Could not resolve host: db", "db", True),
        ("dial tcp: lookup db on 10.0.0.10:53: read udp 1.1.1.1:1->10.0.0.10:53: i/o timeout", "db", False),
        ('could not translate host name "db" to address: Temporary failure in name resolution', "db", False),
        ("ERROR 2005 (HY000): Unknown MySQL server host 'db' (-2)", "db", True),
        ('[emerg] 1#1: host not found in upstream "db" in /etc/nginx/nginx.conf:9', "db", True),
        ("error -2 connecting to db:6379. Name or service not known.", "db", True),
        ("wget: bad address 'db'", "db", True),
    ],
)
def test_reads_which_name_and_whether_there_was_an_answer(line: str, host: str, answered: bool) -> None:
    waits = pod("cart", container(ready=False))
    [lookup] = lookups(world(waits, logs=logs(waits, line, run="current")))
    assert (lookup.host, lookup.answered) == (host, answered)


@pytest.mark.parametrize(
    "line",
    [
        "DNS resolution failed for orders:80: C-ares status is not ARES_SUCCESS: Domain name not found",
    ],
)
def test_knows_how_grpc_words_it(line: str) -> None:
    crashed = pod("cart", exited("Error", 1))
    assert look(name_not_resolved, scene(crashed, logs=logs(crashed, line)))
