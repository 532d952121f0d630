"""A route or gateway of the Gateway API that its controller does not accept."""

from tests.investigation.worlds import Document, look, meta, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.gateway_not_accepted import gateway_not_accepted


def route(status: str, reason: str, seen: int = 2) -> Document:
    condition = {"type": "ResolvedRefs", "status": status, "reason": reason, "observedGeneration": seen}
    made = meta("HTTPRoute", "shop") | {"spec": {"rules": [{"backendRefs": [{"name": "carts", "port": 80}]}]}}
    made["metadata"]["generation"] = 2
    return made | {"status": {"parents": [{"parentRef": {"name": "public"}, "conditions": [condition]}]}}


FIRES = scene(route("False", "BackendNotFound"), service(), pod())

QUIET = scene(route("True", "ResolvedRefs"), service(), pod())


def test_says_what_the_reason_means() -> None:
    [found] = look(gateway_not_accepted, FIRES)
    assert found.summary == (
        "HTTPRoute shop is not served: ResolvedRefs is False (BackendNotFound),"
        " a Service to which it routes does not exist"
    )


def test_a_condition_about_a_former_specification_is_history() -> None:
    assert look(gateway_not_accepted, scene(route("False", "BackendNotFound", seen=1))) == []


def test_a_listener_without_its_certificate() -> None:
    told = {"type": "ResolvedRefs", "status": "False", "reason": "InvalidCertificateRef"}
    gateway = meta("Gateway", "public") | {"status": {"listeners": [{"name": "https", "conditions": [told]}]}}
    assert look(gateway_not_accepted, scene(gateway))
