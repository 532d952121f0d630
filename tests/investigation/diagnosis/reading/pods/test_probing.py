"""How long probes wait, and whether a container ended when they lost patience."""

import pytest

from tests.investigation.worlds import exited, pod, scene, seen
from tocsin.investigation.diagnosis.reading.pods.probing import killed_at_start, mistaken

PROBE = {"httpGet": {"port": 8080, "path": "/up"}, "periodSeconds": 10, "failureThreshold": 3}


@pytest.mark.parametrize(("began", "at_start"), [("11:58:25", True), ("11:40:00", False), ("11:58:58", False)])
def test_a_container_that_never_answered_lives_as_long_as_its_probe_is_patient(began: str, at_start: bool) -> None:
    held = exited("Error", 137, livenessProbe=PROBE)
    held[1]["lastState"]["terminated"]["startedAt"] = f"2026-03-01T{began}Z"
    [made] = seen(scene(pod("cart", held))).pods
    assert killed_at_start(made, made.containers[0], "livenessProbe") is at_start


@pytest.mark.parametrize(("code", "wrong"), [(404, True), (401, True), (503, False)])
def test_an_answer_that_tells_of_the_question_is_no_failure_of_the_application(code: int, wrong: bool) -> None:
    [made] = seen(scene(pod("cart", exited("Error", 137, livenessProbe=PROBE)))).pods
    said = f"Liveness probe failed: HTTP probe failed with statuscode: {code}"
    assert bool(mistaken(made, made.containers[0], "livenessProbe", said)) is wrong


@pytest.mark.parametrize(("asks", "wrong"), [("tcpSocket", False), ("httpGet", True)])
def test_a_connection_refused_tells_nothing_of_the_protocol_of_a_probe_that_only_connects(
    asks: str, wrong: bool
) -> None:
    held = exited("Error", 137, livenessProbe={asks: {"port": 8080}}, readinessProbe={"grpc": {"port": 8080}})
    [made] = seen(scene(pod("cart", held))).pods
    said = "Liveness probe failed: dial tcp 10.0.0.9:8080: connect: connection refused"
    assert bool(mistaken(made, made.containers[0], "livenessProbe", said)) is wrong
