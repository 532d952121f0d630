"""A case is judged by its truth, whoever wrote it down."""

import json

import msgspec
import pytest

from tests.investigation.worlds import exited, pod, scene
from tocsin.investigation.diagnosis import Subject, diagnose, parse_snapshot
from tocsin.investigation.diagnosis.evaluation.cases import Blamed, Case, CaseError, Truth, parse_case, translate

KILLED = scene(pod("cart", exited("OOMKilled", 137, resources={"limits": {"memory": "64Mi"}})))


def test_a_case_survives_being_written() -> None:
    made = Case("cart", msgspec.Raw(KILLED), Truth(causes=("oom-killed",), subjects=(Blamed("cart"),)), "oom", "own")
    read = parse_case(made.to_json(), "other")
    assert (read.name, read.truth, read.label) == ("cart", made.truth, "oom")
    assert json.loads(bytes(read.snapshot)) == json.loads(KILLED)


def test_a_snapshot_is_a_case_without_truth() -> None:
    assert parse_case(KILLED, "cart") == Case("cart", msgspec.Raw(KILLED))


@pytest.mark.parametrize("data", [b"", b"[]", b'{"format": "tocsin-case/1"}'], ids=["empty", "list", "no-snapshot"])
def test_what_is_no_case_is_refused(data: bytes) -> None:
    with pytest.raises(CaseError, match="no case: "):
        parse_case(data, "x")


@pytest.mark.parametrize(
    ("truth", "place"),
    [
        (Truth(causes=("oom-killed",), subjects=(Blamed("cart"),)), 1),
        (Truth(causes=("oom-killed",)), 1),
        (Truth(causes=("oom-killed",), subjects=(Blamed("orders"),)), 0),
        (Truth(causes=("probe-failing",)), 0),
        (Truth("healthy"), 0),
    ],
    ids=["right", "no-subject", "other-subject", "other-cause", "healthy"],
)
def test_cause_and_subject_count_together(truth: Truth, place: int) -> None:
    assert truth.place(diagnose(parse_snapshot(KILLED))) == place


def test_a_healthy_report_is_right_about_a_healthy_case() -> None:
    made = pod("cart")
    well = scene(made, logs={f"shop/{made['metadata']['name']}/app": {"current": "ready"}})
    assert Truth("healthy").place(diagnose(parse_snapshot(well))) == 1


@pytest.mark.parametrize(
    ("blamed", "subject", "matches"),
    [
        (Blamed("cart"), Subject("Service", "shop", "cart"), True),
        (Blamed("cart"), Subject("Deployment", "shop", "cart-v2"), True),
        (Blamed("cart"), Subject("PersistentVolumeClaim", "shop", "data-cart-0"), True),
        (Blamed("cart"), Subject("Deployment", "shop", "carts"), False),
        (Blamed("cart", "Pod"), Subject("Deployment", "shop", "cart"), False),
        (Blamed("cart", namespace="other"), Subject("Deployment", "shop", "cart"), False),
        (Blamed("shop", "Namespace"), Subject("ResourceQuota", "shop", "compute"), True),
        (Blamed("worker-1", "Node"), Subject("Node", "", "worker-1"), True),
    ],
)
def test_whom_a_truth_blames(blamed: Blamed, subject: Subject, matches: bool) -> None:
    assert blamed.matches(subject) is matches


def test_a_label_becomes_the_causes_that_it_accepts() -> None:
    told = {"label": "oom", "fault_object": "app/cart"}
    assert translate(told, {"oom": ["oom-killed"]}) == Truth("diagnosed", ("oom-killed",), (Blamed("cart"),))
    assert translate(told, {}) is None
    assert translate({"label": "healthy_no_fault"}, {}) == Truth("healthy")
