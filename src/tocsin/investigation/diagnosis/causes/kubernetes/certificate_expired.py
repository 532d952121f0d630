"""A certificate that is out of date."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.signals import complaints
from tocsin.investigation.diagnosis.world import World

_COMPLAINT = r"(?i)certificate (?:has |is )?expired|CertificateExpired|ExpiredCert|x509: certificate has expired|CERT_HAS_EXPIRED"


@cause("certificates", needs=("Pod", "logs"))
def certificate_expired(world: World) -> Iterator[Finding]:
    """A certificate is expired, so connections that check it fail.

    Certificates end on a date. Whatever renews them failed long before, or nothing does.

    When it is wrong: the clock of the machine that checks is wrong.
    """
    for pod, container, line in complaints(world, _COMPLAINT):
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} meets an expired certificate: “{line.text.strip()[-140:]}”",
            cites=[line.cite(CONCLUSIVE)],
            remedies=[read_logs(pod.subject, container.name)],
        )
