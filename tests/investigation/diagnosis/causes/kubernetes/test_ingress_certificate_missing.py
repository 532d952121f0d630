"""An Ingress whose certificate is not there, or is for another host."""

from tests.investigation.worlds import Document, container, logs, look, meta, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.ingress_certificate_missing import ingress_certificate_missing


def secret(name: str, kind: str = "kubernetes.io/tls") -> Document:
    return meta("Secret", name) | {"type": kind}


TLS = meta("Ingress", "shop") | {"spec": {"tls": [{"hosts": ["shop.example"], "secretName": "shop-tls"}]}}
FIRES = scene(TLS, secret("other-tls"), service(), pod())

QUIET = scene(TLS, secret("shop-tls"), service(), pod())


def test_names_the_secret_that_is_missing() -> None:
    [found] = look(ingress_certificate_missing, FIRES)
    assert found.summary == "ingress shop cannot serve shop.example by TLS: there is no Secret shop-tls in shop"


def test_a_secret_of_another_type_is_no_certificate() -> None:
    assert look(ingress_certificate_missing, scene(TLS, secret("shop-tls", "Opaque")))


def test_a_certificate_for_another_host() -> None:
    web = pod("web", container(ready=False))
    says = logs(web, "x509: certificate is valid for ingress.local, not shop.example", run="current")
    assert look(ingress_certificate_missing, scene(TLS, secret("shop-tls"), web, logs=says))


def test_says_nothing_where_secrets_were_not_read() -> None:
    assert look(ingress_certificate_missing, scene(TLS, service())) == []
