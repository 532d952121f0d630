"""A network policy that drops what a caller sends to a Service."""

from tests.investigation.worlds import Document, container, deployment, logs, look, meta, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.network_policy_blocks import network_policy_blocks

WEB = pod("web", container(ready=False))
SAYS = logs(WEB, "dial tcp: cart:80: i/o timeout", run="current")
CALLS = {"name": "app", "image": "registry.example/web:1", "env": [{"name": "CART", "value": "http://cart:80"}]}


def policy(name: str, **spec: object) -> Document:
    return meta("NetworkPolicy", name) | {"spec": {"podSelector": {"matchLabels": {"app": "cart"}}, **spec}}


def shop(*policies: Document, **sections: object) -> bytes:
    web = deployment("web", containers=[CALLS], ready=0)
    return scene(pod(), service(), deployment(), WEB, web, *policies, **{"logs": SAYS, **sections})


CLOSED = policy("closed", policyTypes=["Ingress"])
OTHERS = policy("others", ingress=[{"from": [{"podSelector": {"matchLabels": {"app": "shop"}}}]}])
CALLERS = policy("callers", ingress=[{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}]}])
FIRES = shop(CLOSED, OTHERS)

QUIET = shop(CLOSED, CALLERS)


def test_names_policy_caller_and_service() -> None:
    [found] = look(network_policy_blocks, FIRES)
    assert found.summary == "network policy others lets nobody in from web to service cart"


def test_allows_the_caller_on_the_port_of_the_pods() -> None:
    [found] = look(network_policy_blocks, FIRES)
    allowed = (
        '{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 8080, "protocol": "TCP"}]}'
    )
    assert found.remedies[1].argv[-1] == f'[{{"op": "add", "path": "/spec/ingress/1", "value": {allowed}}}]'


def test_a_rule_for_another_port_drops_too() -> None:
    other = CALLERS["spec"]["ingress"][0] | {"ports": [{"port": 9090}]}
    assert look(network_policy_blocks, shop(policy("ports", ingress=[other])))


def test_egress_of_the_caller_counts() -> None:
    out = policy("out", podSelector={}, policyTypes=["Egress"], egress=[{"ports": [{"port": 53, "protocol": "UDP"}]}])
    [found] = look(network_policy_blocks, shop(out))
    assert found.summary == "network policy out lets nothing out from web to service cart"


def test_believes_somebody_who_got_through() -> None:
    probes = [{"target": "cart:80", "succeeded": True}]
    assert look(network_policy_blocks, shop(CLOSED, logs={}, probes=probes)) == []


def test_pods_that_nobody_is_known_to_call_may_be_closed() -> None:
    tried = [{"target": "cart:80", "succeeded": False}]
    [found] = look(network_policy_blocks, scene(pod(), service(), CLOSED, probes=tried))
    assert found.summary == "network policy closed lets nobody through to the pods of service cart"
    assert look(network_policy_blocks, scene(pod(), service(), CLOSED)) == []


def test_where_no_pod_of_the_service_is_ready_no_policy_is_needed_to_explain_it() -> None:
    tried = [{"target": "cart:80", "succeeded": False}]
    waits = pod("cart", container(ready=False))
    assert look(network_policy_blocks, scene(waits, service(), CLOSED, probes=tried)) == []


def test_a_policy_of_long_ago_is_less_suspect() -> None:
    old = {**CLOSED, "metadata": {**CLOSED["metadata"], "creationTimestamp": "2026-01-01T00:00:00Z"}}
    [found], [former] = (look(network_policy_blocks, shop(one)) for one in (CLOSED, old))
    assert former.cites[0].weight < found.cites[0].weight
