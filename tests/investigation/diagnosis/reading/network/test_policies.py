"""What network policies let through."""

import pytest

from tests.investigation.worlds import Document, container, meta, pod, within
from tocsin.investigation.diagnosis.reading.network.policies import (
    EGRESS,
    INGRESS,
    Connection,
    blocked,
    closed_to_names,
)
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Pod, Resource

NAMESPACES = {"shop": {"team": "shop"}, "ops": {"team": "ops"}}


def policy(**spec: object) -> Resource:
    made = meta("NetworkPolicy", "policy") | {"spec": {"podSelector": {}, **spec}}
    return Resource(Subject("NetworkPolicy", "shop", "policy"), "", made)


def held(made: Document, address: str = "10.1.0.9") -> Pod:
    status = made["status"] | {"podIP": address}
    namespace = made["metadata"]["namespace"]
    return Pod(Subject("Pod", namespace, made["metadata"]["name"]), "", made | {"status": status})


CALLEE = held(pod("cart", container(ports=[{"name": "http", "containerPort": 8080}])))
WEB = held(pod("web"))
STRANGER = held(within("ops", pod("agent")))


def lets(caller: Pod, *policies: Resource, port: int = 8080, protocol: str = "TCP") -> bool:
    return not blocked(Connection(caller, CALLEE, port, protocol), policies, NAMESPACES.get)


def from_(*peers: object, **rule: object) -> Resource:
    return policy(ingress=[{"from": list(peers), **rule}])


def test_what_no_policy_selects_is_open() -> None:
    assert lets(WEB)
    assert lets(WEB, policy(podSelector={"matchLabels": {"app": "db"}}))


def test_a_policy_without_rules_lets_nobody_in() -> None:
    assert not lets(WEB, policy())
    assert lets(WEB, policy(), from_({"podSelector": {}}))


def test_a_pod_selector_alone_means_the_same_namespace() -> None:
    assert not lets(STRANGER, from_({"podSelector": {}}))


@pytest.mark.parametrize(("team", "through"), [("ops", True), ("shop", False)])
def test_namespaces_are_chosen_by_their_labels(team: str, through: bool) -> None:
    assert lets(STRANGER, from_({"namespaceSelector": {"matchLabels": {"team": team}}})) == through


def test_labels_of_a_namespace_that_nobody_collected_may_fit() -> None:
    elsewhere = held(within("data", pod("agent")))
    assert lets(elsewhere, from_({"namespaceSelector": {"matchLabels": {"team": "ops"}}}))
    assert not lets(elsewhere, from_({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ops"}}}))


@pytest.mark.parametrize(
    ("operator", "values", "through"),
    [("In", ["web"], True), ("NotIn", ["web"], False), ("Exists", [], True), ("DoesNotExist", [], False)],
)
def test_expressions_of_the_api(operator: str, values: list[str], through: bool) -> None:
    expression = {"key": "app", "operator": operator, "values": values}
    assert lets(WEB, from_({"podSelector": {"matchExpressions": [expression]}})) == through


@pytest.mark.parametrize(
    ("port", "through"),
    [
        ({"port": 8080}, True),
        ({"port": "http"}, True),
        ({"port": 8000, "endPort": 8090}, True),
        ({"port": 8080, "protocol": "UDP"}, False),
        ({"port": "metrics"}, False),
        ({"protocol": "TCP"}, True),
    ],
)
def test_ports_by_number_name_and_range(port: Document, through: bool) -> None:
    assert lets(WEB, from_({"podSelector": {}}, ports=[port])) == through


def test_blocks_of_addresses_with_exceptions() -> None:
    assert lets(WEB, from_({"ipBlock": {"cidr": "10.1.0.0/16"}}))
    assert not lets(WEB, from_({"ipBlock": {"cidr": "10.1.0.0/16", "except": ["10.1.0.0/24"]}}))


def test_pods_on_the_network_of_their_host_are_not_bound() -> None:
    assert lets(held(pod("web", hostNetwork=True)), policy())


def test_the_side_that_drops_is_told() -> None:
    outward = blocked(Connection(WEB, CALLEE, 8080), [policy(policyTypes=["Egress"])], NAMESPACES.get)
    inward = blocked(Connection(WEB, CALLEE, 8080), [policy()], NAMESPACES.get)
    assert outward
    assert inward
    assert (outward.direction, inward.direction) == (EGRESS, INGRESS)


@pytest.mark.parametrize(
    ("rule", "closed"),
    [
        ({}, False),
        ({"ports": [{"port": 443}]}, True),
        ({"ports": [{"port": 53, "protocol": "UDP"}]}, False),
        ({"to": [{"podSelector": {}}]}, True),
        ({"to": [{"namespaceSelector": {}}]}, False),
        ({"to": [{"ipBlock": {"cidr": "10.96.0.0/16"}}]}, False),
    ],
)
def test_names_need_port_53_to_the_resolver(rule: Document, closed: bool) -> None:
    assert bool(closed_to_names(WEB, [policy(policyTypes=["Egress"], egress=[rule])])) == closed
