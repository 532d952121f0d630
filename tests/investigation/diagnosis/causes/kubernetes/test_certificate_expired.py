"""A certificate that is out of date."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.investigation.worlds import Document, container, deployment, exited, logs, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.certificate_expired import certificate_expired

LINE = "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time is after 2026-02-01"
CRASHED = pod("cart", exited("Error", 1))
FIRES = scene(CRASHED, deployment(ready=0), logs=logs(CRASHED, LINE))

QUIET = scene(CRASHED, deployment(ready=0), logs=logs(CRASHED, "x509: certificate signed by unknown authority"))


def trusted(until: datetime) -> Document:
    """Return a ConfigMap with a certificate that is valid until then."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "orders.example")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = built.serial_number(7).not_valid_before(until - timedelta(days=90)).not_valid_after(until)
    text = dated.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    return meta("ConfigMap", "trust") | {"data": {"ca.crt": text}}


READER = pod("cart", container(), volumes=[{"name": "trust", "configMap": {"name": "trust"}}])


def test_quotes_the_line() -> None:
    found = look(certificate_expired, FIRES)[-1]
    assert found.summary == f"app in cart-7f9c4d-x2x1q meets an expired certificate: “{LINE[-140:]}”"


def test_reads_the_certificates_that_pods_mount() -> None:
    [found] = look(certificate_expired, scene(READER, trusted(datetime(2026, 2, 1, tzinfo=UTC))))
    assert found.summary == "the certificate of CN=orders.example in ConfigMap trust expired on 2026-02-01"
    assert look(certificate_expired, scene(READER, trusted(datetime(2027, 2, 1, tzinfo=UTC)))) == []


def test_one_complaint_among_many_counts_less() -> None:
    others = [f"error: {what} failed" for what in ("login", "search", "payment", "report")]
    [found] = [
        found
        for found in look(certificate_expired, scene(CRASHED, logs=logs(CRASHED, *others, LINE)))
        if not found.against
    ]
    assert found.cites[0].weight < 2


def test_a_container_that_mounts_certificates_has_one_to_expire() -> None:
    mounting = pod("cart", exited("Error", 1, volumeMounts=[{"name": "tls", "mountPath": "/etc/tls/server.pem"}]))
    found = look(certificate_expired, scene(mounting, logs=logs(mounting, LINE)))[-1]
    assert found.cites[-1].value == "/etc/tls/server.pem"


@pytest.mark.parametrize(
    "line",
    [
        "CertPathValidatorException: validity check failed",
    ],
)
def test_knows_how_java_words_it(line: str) -> None:
    crashed = pod("cart", exited("Error", 1))
    assert look(certificate_expired, scene(crashed, logs=logs(crashed, line)))
