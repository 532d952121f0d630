"""A Service that is only a name, for something that the name does not lead to."""

from tests.investigation.worlds import Document, container, deployment, logs, look, meta, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.external_name_wrong import external_name_wrong

WEB = pod("web", container(ready=False))
SAYS = logs(WEB, "dial tcp 10.1.0.7:80: connect to cart: connection refused", run="current")


def alias(name: str) -> Document:
    return meta("Service", "orders") | {"spec": {"type": "ExternalName", "externalName": name}}


FIRES = scene(service(), alias("order.shop.svc.cluster.local"), WEB, deployment("web", ready=0))

QUIET = scene(service(), alias("cart.shop.svc.cluster.local"), WEB, deployment("web", ready=0))


def test_an_address_is_no_name() -> None:
    [found] = look(external_name_wrong, scene(alias("10.0.0.7")))
    assert found.summary == "service orders is an alias for the address 10.0.0.7, which DNS cannot give as a name"


def test_a_headless_service_forwards_no_port() -> None:
    headless = service()
    headless["spec"]["clusterIP"] = "None"
    [found] = look(external_name_wrong, scene(headless, pod(), WEB, logs=SAYS))
    assert "clients that ask for port 80 do not come to 8080" in found.summary


def test_a_headless_service_of_which_nobody_complains_is_quiet() -> None:
    headless = service()
    headless["spec"]["clusterIP"] = "None"
    assert look(external_name_wrong, scene(headless, pod())) == []
