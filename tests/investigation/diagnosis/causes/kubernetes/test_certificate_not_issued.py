"""A certificate that cert-manager cannot get."""

from tests.investigation.worlds import BEFORE, Document, condition, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.certificate_not_issued import certificate_not_issued

WHY = "Error finalizing order: acme: urn:ietf:params:acme:error:rateLimited: too many certificates"


def certificate(status: str, since: str = "2026-03-01T11:00:00Z") -> Document:
    ready = condition("Ready", status, "DoesNotExist", "Secret does not exist") | {"lastTransitionTime": since}
    issuer = {"kind": "Issuer", "name": "public"}
    spec = {"dnsNames": ["shop.example"], "secretName": "shop-tls", "issuerRef": issuer}
    return meta("Certificate", "shop") | {"spec": spec, "status": {"conditions": [ready]}}


ORDER = meta("Order", "shop-1-4711") | {"status": {"state": "errored", "reason": WHY}}
FIRES = scene(certificate("False"), ORDER, pod())

QUIET = scene(certificate("True"), ORDER, pod())


def test_says_what_the_authority_said() -> None:
    [found] = look(certificate_not_issued, FIRES)
    assert found.summary == f"certificate shop for shop.example is not issued: {WHY}"


def test_has_patience_with_a_new_request() -> None:
    assert look(certificate_not_issued, scene(certificate("False", BEFORE), pod())) == []
