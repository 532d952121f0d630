"""`kubectl describe` into objects and events."""

from typing import Any

import pytest

from tests.investigation.diagnosis.transcripts.printed import (
    CLAIM,
    CONFIG_MAP,
    DEPLOYMENT,
    NODE,
    POD,
    SERVICE,
)
from tocsin.investigation.diagnosis.transcripts.describe import read_describe
from tocsin.investigation.diagnosis.transcripts.transcript import Transcript


def read(text: str) -> Transcript:
    found = read_describe(text, None)
    assert found is not None
    return found


def only(text: str) -> dict[str, Any]:
    [document] = read(text).objects
    return document


def container() -> dict[str, Any]:
    [held] = only(POD)["spec"]["containers"]
    return dict(held)


def test_a_pod_has_its_names_and_its_owner() -> None:
    metadata = only(POD)["metadata"]
    assert (metadata["name"], metadata["namespace"]) == ("cart-7d8f9c6b5-x2x4z", "shop")
    assert metadata["labels"] == {"app": "cart", "pod-template-hash": "7d8f9c6b5"}
    assert metadata["ownerReferences"][0]["name"] == "cart-7d8f9c6b5"


def test_a_pod_has_its_state() -> None:
    status = only(POD)["status"]
    [app] = status["containerStatuses"]
    assert app["state"] == {"waiting": {"reason": "CrashLoopBackOff"}}
    assert app["lastState"]["terminated"] == {
        "reason": "OOMKilled",
        "exitCode": 137,
        "startedAt": "2026-03-01T12:10:00Z",
        "finishedAt": "2026-03-01T12:11:00Z",
    }
    assert (app["ready"], app["restartCount"]) == (False, 6)
    assert {"type": "Ready", "status": "False"} in status["conditions"]


def test_a_container_has_its_command_line_by_line() -> None:
    assert container()["command"] == ["/bin/sh", "-c", "echo: one"]


def test_a_container_has_its_ports_and_resources() -> None:
    assert [port["containerPort"] for port in container()["ports"]] == [8080, 9090]
    assert container()["resources"] == {"limits": {"memory": "64Mi"}, "requests": {"cpu": "100m"}}


def test_a_container_has_its_probes() -> None:
    assert container()["livenessProbe"]["httpGet"] == {"port": 8080, "path": "/health", "scheme": "HTTP"}
    assert container()["livenessProbe"]["initialDelaySeconds"] == 5
    assert container()["readinessProbe"]["exec"] == {"command": ["cat", "/tmp/ok"]}


def test_a_variable_says_where_it_comes_from() -> None:
    variables = {variable["name"]: variable for variable in container()["env"]}
    assert variables["TOKEN"]["valueFrom"] == {"secretKeyRef": {"name": "cart-token", "key": "token"}}
    assert variables["POD_IP"]["valueFrom"] == {"fieldRef": {"fieldPath": "status.podIP"}}
    assert container()["envFrom"] == [{"configMapRef": {"name": "settings"}}]


def test_a_pod_has_its_volumes_and_where_it_may_run() -> None:
    spec = only(POD)["spec"]
    assert spec["volumes"][0] == {"name": "data", "persistentVolumeClaim": {"claimName": "cart-data"}}
    assert spec["nodeSelector"] == {"disk": "ssd"}
    assert spec["tolerations"][1] == {"key": "gpu", "value": "yes", "effect": "NoSchedule", "operator": "Equal"}


def test_what_is_not_printed_is_left_out() -> None:
    assert "annotations" not in only(POD)["metadata"]
    assert "initContainers" not in only(POD)["spec"]


def test_ages_of_events_count_back_from_the_latest_time_in_the_text() -> None:
    last = read(POD).events[-1]
    assert (last["count"], last["firstTimestamp"], last["lastTimestamp"]) == (
        20,
        "2026-03-01T12:01:00Z",
        "2026-03-01T12:09:59Z",
    )


def test_a_message_of_several_lines_stays_one() -> None:
    assert read(POD).events[-1]["message"] == "Readiness probe failed: cat: can't open\ntwo lines"


def test_a_deployment_has_its_counts_and_its_template() -> None:
    deployment = only(DEPLOYMENT)
    assert (deployment["kind"], deployment["spec"]["replicas"], deployment["status"]["readyReplicas"]) == (
        "Deployment",
        3,
        1,
    )
    assert deployment["spec"]["selector"]["matchLabels"] == {"app": "cart", "tier": "back"}
    assert deployment["spec"]["template"]["spec"]["containers"][0]["image"] == "registry.example/cart:1"
    assert deployment["status"]["conditions"][0]["reason"] == "MinimumReplicasUnavailable"


def test_a_node_has_its_conditions_and_taints() -> None:
    node = only(NODE)
    assert [held["status"] for held in node["status"]["conditions"]] == ["True", "True"]
    assert node["status"]["conditions"][1]["lastHeartbeatTime"] == "2026-03-01T12:00:00Z"
    assert node["spec"]["taints"][1] == {"key": "team", "value": "blue", "effect": "NoExecute"}
    assert (node["spec"]["unschedulable"], node["status"]["allocatable"]["cpu"]) == (True, "3920m")


def test_a_service_has_each_of_its_ports() -> None:
    assert only(SERVICE)["spec"]["ports"] == [
        {"name": "http", "port": 80, "protocol": "TCP", "targetPort": 8080},
        {"port": 9090, "protocol": "TCP", "targetPort": 9090},
    ]


def test_a_target_that_nobody_serves_keeps_its_name() -> None:
    unserved = SERVICE.replace("10.1.0.5:8080", "<none>")
    assert only(unserved)["spec"]["ports"][0]["targetPort"] == "web"


def test_a_claim_has_its_class_and_phase() -> None:
    claim = only(CLAIM)
    assert (claim["spec"]["storageClassName"], claim["status"]["phase"]) == ("fast", "Pending")
    assert read(CLAIM).events[0]["reason"] == "ProvisioningFailed"


def test_several_objects_are_read_one_after_another() -> None:
    found = read("\n\n".join([POD, DEPLOYMENT, NODE]))
    assert [document["kind"] for document in found.objects] == ["Pod", "Deployment", "Node"]


def test_what_a_config_map_holds_makes_no_objects() -> None:
    forged = CONFIG_MAP.replace("hello", f"Events:  <none>\n\n\n{POD}")
    assert read_describe(forged, None) is None
    assert [document["kind"] for document in read(f"{NODE}\n\n{forged}").objects] == ["Node"]


def test_what_a_container_said_at_its_end_makes_no_objects() -> None:
    forged = POD.replace("OOMKilled", f"Error\n      Message:  gone\n\n\n{SERVICE.partition('Events:')[0]}")
    assert {document["kind"] for document in read(forged).objects} == {"Pod"}


@pytest.mark.parametrize("text", ["", "Name:", "Name: x", "Name:  x\nColour:  red\n", "hello"])
def test_anything_else_is_not_read(text: str) -> None:
    assert read_describe(text, None) is None
