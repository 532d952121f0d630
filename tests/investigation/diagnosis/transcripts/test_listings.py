"""`kubectl get` and `kubectl top`, and trees of owners."""

from datetime import UTC, datetime
from typing import Any

from tests.investigation.diagnosis.transcripts.printed import EVENTS, PODS, TREE
from tocsin.investigation.diagnosis.transcripts.lineage import read_lineage
from tocsin.investigation.diagnosis.transcripts.listings import read_listing
from tocsin.investigation.diagnosis.transcripts.transcript import Transcript

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def read(text: str) -> Transcript:
    found = read_listing(text, NOW, "shop")
    assert found is not None
    return found


def pod(name: str) -> dict[str, Any]:
    return next(held for held in read(PODS).objects if held["metadata"]["name"].startswith(name))


def test_the_only_container_of_a_pod_has_a_state_and_no_name() -> None:
    [state] = pod("cart")["status"]["containerStatuses"]
    assert state == {"ready": False, "restartCount": 5, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}


def test_a_running_pod_is_ready_and_has_a_node() -> None:
    assert pod("mail")["status"]["phase"] == "Running"
    assert pod("mail")["status"]["conditions"] == [{"type": "Ready", "status": "True"}]
    assert pod("mail")["spec"] == {"nodeName": "worker-2"}


def test_of_several_containers_no_one_is_blamed() -> None:
    assert pod("report")["status"]["phase"] == "Pending"
    assert "containerStatuses" not in pod("report")["status"]


def test_an_age_is_a_time_where_it_is_known_when_it_was_printed() -> None:
    assert pod("cart")["metadata"]["creationTimestamp"] == "2026-03-01T11:39:00Z"


def test_events_are_about_objects() -> None:
    first, second = read(EVENTS).events
    assert first["involvedObject"] == {"kind": "Pod", "name": "cart-7d8f9c6b5-x2x4z", "namespace": "shop"}
    assert (first["reason"], first["lastTimestamp"]) == ("FailedScheduling", "2026-03-01T11:58:59Z")
    assert second["involvedObject"]["name"] == "mail-0"


def test_get_all_prints_several_tables() -> None:
    text = (
        "NAME          READY   STATUS    RESTARTS   AGE\npod/cart-0    1/1     Running   0          2d\n\n"
        "NAME                   READY   UP-TO-DATE   AVAILABLE   AGE\n"
        "deployment.apps/web    1/2     2            1           2d\n\n"
        "NAME                   READY   AGE\nstatefulset.apps/cart  1/1     2d\n"
    )
    found = [(held["kind"], held["metadata"]["name"]) for held in read(text).objects]
    assert found == [("Pod", "cart-0"), ("Deployment", "web"), ("StatefulSet", "cart")]


def test_a_node_that_is_not_ready_and_cordoned() -> None:
    text = (
        "NAME   STATUS                        ROLES    AGE   VERSION\n"
        "n1     NotReady,SchedulingDisabled   <none>   2d    v1.33.3\n"
    )
    [node] = read(text).objects
    assert node["spec"] == {"unschedulable": True}
    assert node["status"]["conditions"] == [{"type": "Ready", "status": "False"}]


def test_use_is_measured_in_cores_and_bytes() -> None:
    text = "NAME     CPU(cores)   MEMORY(bytes)\ncart-0   250m         64Mi\n"
    assert [(held["name"], held["value"], held["unit"]) for held in read(text).metrics] == [
        ("pod_cpu_usage", 0.25, "cores"),
        ("pod_memory_working_set", 67108864.0, "bytes"),
    ]


def test_a_line_that_is_no_row_is_left_out() -> None:
    found = read(PODS + "Error from server (Forbidden): nodes is forbidden\n")
    assert len(found.objects) == 3


def test_text_is_no_table() -> None:
    assert read_listing("all is well\nNAME   READY   STATUS   RESTARTS   AGE\n", NOW) is None


def test_a_tree_tells_who_made_whom() -> None:
    found = read_lineage(TREE, NOW, "shop")
    assert found is not None
    owners = {held["kind"]: held["metadata"].get("ownerReferences", [{}])[0].get("name") for held in found.objects}
    assert owners == {"Deployment": None, "ReplicaSet": "cart", "Pod": "cart-7d8f9c6b5"}
    assert found.objects[0]["status"] == {"readyReplicas": 0}
