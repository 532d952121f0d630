"""An Ingress that routes to a Service, or to a port of one, that does not exist."""

from tests.investigation.worlds import Document, look, meta, pod, scene, service
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.ingress_backend_missing import ingress_backend_missing


def ingress(name: str = "cart", **port: object) -> Document:
    backend = {"service": {"name": name, "port": port or {"number": 80}}}
    rules = [{"host": "shop.example", "http": {"paths": [{"path": "/cart", "pathType": "Prefix", "backend": backend}]}}]
    return meta("Ingress", "shop") | {"spec": {"rules": rules}}


FIRES = scene(ingress("carts"), service(), pod())

QUIET = scene(ingress("cart"), service(), pod())


def test_names_the_path_and_the_service() -> None:
    [found] = look(ingress_backend_missing, FIRES)
    assert found.summary == "ingress shop sends shop.example/cart to service carts, which does not exist in shop"


def test_a_port_that_the_service_does_not_offer() -> None:
    [found] = look(ingress_backend_missing, scene(ingress(number=8080), service(), pod()))
    assert found.summary.endswith("to service cart, which has no port 8080; it offers 80")
    assert '"value": {"number": 80}' in found.remedies[0].argv[-1]


def test_a_path_that_nobody_misses_is_a_leftover() -> None:
    assert diagnose(parse_snapshot(FIRES)).hypotheses[0].confidence_label == "low"
