"""A network policy that lets nobody through."""

from tests.investigation.worlds import look, meta, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.network_policy_blocks import network_policy_blocks

CLOSED = meta("NetworkPolicy", "closed") | {"spec": {"podSelector": {}, "policyTypes": ["Ingress"]}}
OPEN = meta("NetworkPolicy", "open") | {"spec": {"podSelector": {}, "ingress": [{"from": [{"podSelector": {}}]}]}}
FIRES = scene(pod(), service(), CLOSED)

QUIET = scene(pod(), service(), CLOSED, OPEN)


def test_names_policy_and_service() -> None:
    [found, *_] = look(network_policy_blocks, FIRES)
    assert found.summary == "network policy closed lets nobody through to the pods of service cart"


def test_believes_somebody_who_got_through() -> None:
    probes = [{"target": "cart:80", "succeeded": True}]
    assert look(network_policy_blocks, scene(pod(), service(), CLOSED, probes=probes)) == []


def test_a_policy_for_other_pods_is_quiet() -> None:
    other = CLOSED | {"spec": {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"]}}
    assert look(network_policy_blocks, scene(pod(), service(), other)) == []
