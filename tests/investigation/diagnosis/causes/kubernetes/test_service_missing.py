"""A Service that callers use, that its pods would serve, and that is not there."""

from tests.investigation.worlds import container, deployment, logs, look, pod, quota, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.service_missing import service_missing

WEB = pod("web", container(ready=False))
SAYS = logs(WEB, "dial tcp: lookup cart on 10.96.0.10:53: no such host", run="current")
PORTS = [{"name": "app", "image": "registry.example/cart:1", "ports": [{"containerPort": 8080}]}]
SERVED = (WEB, deployment("web", ready=0), service("web"), pod("cart"))
FIRES = scene(*SERVED, deployment(containers=PORTS), logs=SAYS)

QUIET = scene(*SERVED, deployment(containers=PORTS), service(), logs=SAYS)


def test_names_the_caller_and_who_would_serve() -> None:
    [found] = [found for found in look(service_missing, FIRES) if not found.against]
    assert found.summary == "there is no service cart in shop; web calls it, and cart would serve it"


def test_exposes_the_declared_port() -> None:
    [found] = [found for found in look(service_missing, FIRES) if not found.against]
    assert found.remedies[0].argv[3:] == ("expose", "deployment/cart", "--name=cart", "--port=8080")


def test_a_name_that_no_workload_has_may_be_mistyped() -> None:
    assert look(service_missing, scene(*SERVED[:3], logs=SAYS)) == []


def test_a_quota_without_room_is_why_it_is_missing() -> None:
    full = quota(hard={"services": "1"}, used={"services": "1"})
    assert look(service_missing, scene(*SERVED, deployment(containers=PORTS), full, logs=SAYS)) == []


def test_an_address_of_which_nobody_complains_may_be_a_leftover() -> None:
    calls = {"name": "app", "image": "registry.example/web:1", "env": [{"name": "CART", "value": "http://cart:80"}]}
    well = (pod("web"), deployment("web", containers=[calls]), service("web"), pod("cart"), deployment())
    found = look(service_missing, scene(*well))[-1]
    assert sum(cite.counted for cite in found.cites) < 1.5
