"""Where a pod may run."""

import pytest

from tests.investigation.worlds import Document, container, meta, node, pod, world
from tocsin.investigation.diagnosis.reading.workloads.placement import (
    controls,
    holds,
    hosts,
    nearest,
    reaches,
    suits,
    tolerates,
)

TAINT = {"key": "team", "value": "search", "effect": "NoSchedule"}


def affinity(**rule: object) -> Document:
    terms = {"nodeSelectorTerms": [{"matchExpressions": [{"key": "size", **rule}]}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}


def volume(key: str, value: str) -> Document:
    rule = {"key": key, "operator": "In", "values": [value]}
    terms = {"required": {"nodeSelectorTerms": [{"matchExpressions": [rule]}]}}
    return meta("PersistentVolume", "disk") | {"spec": {"nodeAffinity": terms}}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"operator": "In", "values": ["4", "8"]}, True),
        ({"operator": "NotIn", "values": ["8"]}, False),
        ({"operator": "Exists"}, True),
        ({"operator": "DoesNotExist"}, False),
        ({"operator": "Gt", "values": ["4"]}, True),
        ({"operator": "Lt", "values": ["4"]}, False),
        ({"operator": "Like", "values": ["8"]}, False),
    ],
)
def test_affinity_is_read_as_the_scheduler_does(rule: Document, expected: bool) -> None:
    held = world(pod("cart", affinity=affinity(**rule)), node(labels={"size": "8"}))
    assert suits(held.pods[0], held.nodes[0]) is expected


def test_a_pod_of_a_daemon_set_is_bound_to_a_node_by_its_name() -> None:
    bound = affinity(operator="Exists")
    term = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["two"]}]}
    bound["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"] = [term]
    held = world(pod("cart", affinity=bound), node("one"), node("two"))
    assert [suits(held.pods[0], one) for one in held.nodes] == [False, True]


@pytest.mark.parametrize(
    ("toleration", "expected"),
    [
        ({"operator": "Exists"}, True),
        ({"key": "team", "operator": "Exists", "effect": "NoExecute"}, False),
        ({"key": "team", "value": "search"}, True),
        ({"key": "team", "value": "other"}, False),
    ],
)
def test_a_toleration_covers_key_value_and_effect(toleration: Document, expected: bool) -> None:
    held = world(pod("cart", tolerations=[toleration]), node(taints=[TAINT]))
    assert tolerates(held.pods[0], held.nodes[0].taints[0]) is expected


def test_a_node_holds_what_all_containers_ask_for_together() -> None:
    asks = [container(name, resources={"requests": {"cpu": "1"}}) for name in ("app", "sidecar")]
    held = world(pod("cart", *asks), node() | {"status": {"allocatable": {"cpu": "1500m"}}})
    assert not holds(held.pods[0], held.nodes[0], "cpu")
    assert holds(held.pods[0], held.nodes[0], "memory")


def test_the_nearest_label_is_similar() -> None:
    held = world(pod("cart", nodeSelector={"disk": "sdd"}), node("a", labels={"disk": "ssd"}), node("b"))
    assert nearest(held.pods[0], held.nodes) == ("disk", "sdd", "ssd")


def test_a_volume_reaches_the_nodes_of_its_zone() -> None:
    held = world(volume("zone", "a"), node("one", labels={"zone": "a"}), node("two", labels={"zone": "b"}))
    [disk] = held.of("PersistentVolume")
    assert [reaches(disk, one) for one in held.nodes] == [True, False]
    assert hosts(disk) == ()


def test_a_local_volume_names_its_host() -> None:
    [disk] = world(volume("kubernetes.io/hostname", "worker-1")).of("PersistentVolume")
    assert hosts(disk) == ("worker-1",)


@pytest.mark.parametrize("label", ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"])
def test_a_label_tells_nodes_of_the_control_plane(label: str) -> None:
    held = world(node("one", labels={label: ""}), node("two"))
    assert [controls(one) for one in held.nodes] == [True, False]
