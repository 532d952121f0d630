"""Outputs of the same objects put together, and logs given to their containers."""

from typing import Any

from tocsin.investigation.diagnosis.transcripts.assembly import assemble
from tocsin.investigation.diagnosis.transcripts.transcript import Transcript, made

READY = [{"type": "Ready", "status": "True"}]


def pod(name: str = "cart-0", **parts: Any) -> dict[str, Any]:
    return made("Pod", name, "shop", **parts)


def test_what_is_stored_stays_as_it_is() -> None:
    stored = pod(spec={"nodeName": "a"}, status={"phase": "Running"})
    listed = Transcript("kubectl get", objects=[pod(spec={"nodeName": "b"}, status={"phase": "Failed"})])
    assert assemble([listed], stored=[stored]).stored[0] is stored


def test_a_state_that_is_lacking_altogether_is_added() -> None:
    listed = Transcript("kubectl get", objects=[pod(status={"phase": "Running"})])
    assert assemble([listed], stored=[pod()]).stored[0]["status"] == {"phase": "Running"}


def test_the_fuller_of_two_outputs_is_believed() -> None:
    fuller = pod(spec={"nodeName": "a", "serviceAccountName": "cart"}, status={"phase": "Pending"})
    described = Transcript("kubectl describe", objects=[fuller])
    listed = Transcript("kubectl get", objects=[pod(status={"phase": "Running", "podIP": "10.1.0.5"})])
    [joined] = assemble([listed, described]).new
    assert joined["status"] == {"phase": "Pending", "podIP": "10.1.0.5"}


def test_a_listing_that_was_printed_at_another_time_tells_names_only() -> None:
    stored = pod(status={"conditions": READY})
    earlier = pod(status={"conditions": [{"type": "Ready", "status": "False"}]})
    tree = Transcript(
        "a tree of owners", objects=[made("Deployment", "cart", "shop", status={"readyReplicas": 0}), earlier]
    )
    [deployment] = assemble([tree], stored=[stored]).new
    assert "status" not in deployment


def test_kinds_that_were_only_printed_are_partial() -> None:
    listed = Transcript("kubectl get", objects=[pod(), made("Service", "cart", "shop")])
    assert assemble([listed], stored=[pod("mail-0")]).partial == {"Service"}


def test_what_was_printed_without_a_namespace_gets_that_of_the_look() -> None:
    listed = Transcript("kubectl get", objects=[made("Pod", "cart-0"), made("Node", "n1")])
    found = {held["kind"]: held["metadata"].get("namespace") for held in assemble([listed], namespace="shop").new}
    assert found == {"Pod": "shop", "Node": None}


def test_a_log_proves_its_container() -> None:
    joined = assemble([], logs={"shop/cart-0/app": {"current": "x"}})
    assert joined.new[0]["spec"] == {"containers": [{"name": "app"}]}


def test_a_log_without_a_container_is_that_of_the_first_one() -> None:
    stored = pod(spec={"containers": [{"name": "app"}, {"name": "proxy"}]})
    assert list(assemble([], stored=[stored], logs={"shop/cart-0/?": {"current": "x"}}).logs) == ["shop/cart-0/app"]


def test_a_log_of_a_workload_is_that_of_its_only_pod() -> None:
    stored = pod("cart-7d8f9c6b5-x2x4z", spec={"containers": [{"name": "app"}]})
    placed = assemble([], stored=[stored], logs={"shop/cart/?": {"current": "x"}}).logs
    assert list(placed) == ["shop/cart-7d8f9c6b5-x2x4z/app"]


def test_a_log_names_the_only_container_of_a_listing() -> None:
    stored = pod(status={"containerStatuses": [{"ready": False}]})
    [named] = assemble([], stored=[stored], logs={"shop/cart-0/app": {"current": "x"}}).stored
    assert named["status"]["containerStatuses"] == [{"ready": False, "name": "app"}]


def test_a_pod_that_its_job_could_have_made_belongs_to_it() -> None:
    asked = {"kind": "Job", "name": "report"}
    found = assemble(
        [], logs={"shop/report-x2x4z/?": {"current": "x"}, "shop/report-daily/?": {"current": "x"}}, asked=asked
    )
    owners = {held["metadata"]["name"]: "ownerReferences" in held["metadata"] for held in found.new}
    assert owners == {"report-x2x4z": True, "report-daily": False}


def test_an_event_that_two_outputs_tell_counts_once() -> None:
    told = {"kind": "Event", "involvedObject": {"kind": "Pod", "name": "cart-0"}, "reason": "Killing", "message": "x"}
    both = [Transcript("kubectl get", events=[told]), Transcript("kubectl describe", events=[dict(told)])]
    assert len(assemble(both, namespace="shop").events) == 1
