"""A Service that forwards to a port on which its pods do not listen."""

from tests.investigation.worlds import container, deployment, logs, look, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.service_port_unserved import service_port_unserved

SERVES = container(ports=[{"containerPort": 8080}])
NOBODY = [{"target": "cart:80", "succeeded": False}]
FIRES = scene(service(target=8081), pod("cart", SERVES), deployment(), probes=NOBODY)

QUIET = scene(service(target=8080), pod("cart", SERVES), deployment(), probes=NOBODY)


def test_names_both_ports() -> None:
    [found, *_] = look(service_port_unserved, FIRES)
    assert found.summary == "service cart forwards port 80 to 8081, but its pods serve 8080"


def test_patches_the_target_port() -> None:
    [found] = look(service_port_unserved, FIRES)
    [command] = found.remedies
    assert '"path": "/spec/ports/0/targetPort", "value": 8080' in command.argv[-1]


def test_believes_somebody_who_got_through() -> None:
    probes = [{"target": "cart:80", "succeeded": True}]
    assert look(service_port_unserved, scene(service(target=8081), pod("cart", SERVES), probes=probes)) == []


def test_believes_a_container_that_says_where_it_listens() -> None:
    cart = pod("cart", SERVES)
    says = logs(cart, "2026-03-01T11:00:00Z INFO server listening on 0.0.0.0:8081", run="current")
    assert look(service_port_unserved, scene(service(target=8081), cart, logs=says)) == []


def test_a_port_that_is_only_not_declared_is_a_weak_sign() -> None:
    [found] = look(service_port_unserved, scene(service(target=8081), pod("cart", SERVES), deployment()))
    assert sum(cite.counted for cite in found.cites) < 2


def test_a_name_that_no_container_has_is_surely_wrong() -> None:
    [found] = look(service_port_unserved, scene(service(target="web"), pod("cart", SERVES), deployment()))
    assert found.cites[0].weight > 4


def test_a_caller_that_is_refused_is_a_sign() -> None:
    web = pod("web", container(ready=False))
    says = logs(web, "dial tcp: connect cart:80: connection refused", run="current")
    [found] = look(service_port_unserved, scene(service(target=8081), pod("cart", SERVES), web, logs=says))
    assert any(cite.ref.startswith("logs/") for cite in found.cites)


def test_one_port_more_than_the_pods_declare_is_usual() -> None:
    two = service()
    two["spec"]["ports"].append({"name": "metrics", "port": 9090, "targetPort": 9090})
    assert look(service_port_unserved, scene(two, pod("cart", SERVES), deployment())) == []
