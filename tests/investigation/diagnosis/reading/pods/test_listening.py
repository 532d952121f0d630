"""On which ports containers say that they listen."""

import pytest

from tests.investigation.worlds import container, logs, pod, world
from tocsin.investigation.diagnosis.reading.pods.listening import listening
from tocsin.investigation.diagnosis.world import World


def saying(line: str) -> tuple[World, list[int]]:
    held = pod()
    seen = world(held, logs=logs(held, line, run="current"))
    return seen, [found.port for found in listening(seen, seen.pods[0])]


@pytest.mark.parametrize(
    ("line", "port"),
    [
        ("INFO server listening on 0.0.0.0:8081", 8081),
        ("Listening on :50051", 50051),
        ("Tomcat started on port(s): 8080 (http) with context path", 8080),
        ("Tomcat started on port 8080 (http)", 8080),
        ("Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)", 8000),
        ("Server listening at http://[::]:3000", 3000),
        ('{"msg":"listening","port":"9090"}', 9090),
        ('level=info msg="Listening on" address=:9093', 9093),
    ],
)
def test_servers_say_where(line: str, port: int) -> None:
    assert saying(line)[1] == [port]


@pytest.mark.parametrize(
    "line",
    [
        "started consuming from kafka:9092",
        "job started at 12:30, ready to serve",
        "running migrations against postgres://db:5432/shop",
        "listening for changes",
    ],
)
def test_what_others_serve_is_not_the_containers_own(line: str) -> None:
    assert saying(line)[1] == []


def test_a_readiness_probe_that_passes_says_so_too() -> None:
    asked = container(ports=[{"name": "http", "containerPort": 8080}], readinessProbe={"httpGet": {"port": "http"}})
    seen = world(pod("cart", asked))
    assert [found.port for found in listening(seen, seen.pods[0])] == [8080]
