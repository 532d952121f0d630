"""An Ingress whose certificate is not there, or is for another host."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World

# Go's TLS: "x509: certificate is valid for a.example, not b.example"; other languages say hostname mismatch.
_FOREIGN = re.compile(
    r"certificate is (?:not valid for any names, but wanted to match |valid for [^,]+(?:, \S+)*?, not )(?P<host>[\w.*-]+)"
)
_CONTROLLER = (
    r"[Ee]rror (?:getting|obtaining|loading) (?:SSL|X\.?509|TLS) certificate|local SSL certificate .* was not found"
)

_TOLD = rf"{_CONTROLLER}|certificate is (?:valid for|not valid for any)"


@cause("certificates", modes=("ing.tls_missing",), needs=("Ingress",))
def ingress_certificate_missing(world: World) -> Iterator[Finding]:
    """An Ingress refers to a certificate that does not exist, is no certificate, or is not for its host.

    The controller then serves its own default certificate, and browsers and clients refuse it. It is to be made by
    hand or by cert-manager, in the namespace of the Ingress.

    When it is wrong: a wildcard certificate of the controller is meant to serve the host.
    """
    lines = [line for _, _, line in complaints(world, _TOLD, hint="ertificate")]
    secured = [ingress for ingress in world.of("Ingress") if any(ingress.parts("spec/tls"))]
    known = {secret.namespace for secret in world.of("Secret")} if secured else set()
    for ingress in secured:
        for entry in ingress.parts("spec/tls"):
            name, hosts = entry.text("secretName"), entry.words("hosts")
            secret = world.inventory.get(Subject("Secret", ingress.namespace, name))
            kind = secret.text("type") if secret else ""
            told = [line for line in lines if _about(line, name, hosts)]
            if name and secret is None and ingress.namespace in known:
                wrong = f"there is no Secret {name} in {ingress.namespace}"
            elif kind and kind != "kubernetes.io/tls":
                wrong = f"Secret {name} is of type {kind}, not kubernetes.io/tls"
            elif any(_FOREIGN.search(line.text) for line in told):
                wrong = f"clients say that the certificate is for another host: “{ending(told[0].text)}”"
            else:
                continue
            yield Finding(
                ingress.subject,
                f"ingress {ingress.name} cannot serve {', '.join(hosts) or 'its hosts'} by TLS: {wrong}",
                cites=[
                    entry.cite("secretName", CONCLUSIVE if secret is None else STRONG),
                    *([secret.cite("type", MODERATE)] if secret and kind else []),
                    *(line.cite(STRONG) for line in told),
                ],
                remedies=[
                    look("get", "secret", name, of=ingress.subject, purpose="see whether it is there, and its type"),
                    look("get", "certificates", of=ingress.subject, purpose="see whether cert-manager makes it"),
                ],
            )


def _about(line: Line, name: str, hosts: tuple[str, ...]) -> bool:
    found = _FOREIGN.search(line.text)
    return found["host"] in hosts if found else bool(name) and f"/{name}" in line.text
