"""A certificate that is out of date."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, WEAK, Citation
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reading.access.certificates import Certificate, certificates
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.reading.nodes.control_plane import refusals
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.remedies.workloads import read_logs
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.signals import bothers, complaint_cites, complaints
from tocsin.investigation.diagnosis.world import World, cite_event

_COMPLAINT = (
    r"[Cc]ertificate (?:has |is )?expired|CertificateExpired|ExpiredCert|CERT_HAS_EXPIRED|certificate is out of date"
    r"|SSL certificate.*expired|CERTIFICATE_EXPIRED|CertPathValidatorException: validity check failed"
)
# An application that complains of many things has not only this one.
_MANY = 3
_MOUNTED = re.compile(r"cert|tls|ssl|\.(?:pem|crt|p12|jks)$", re.I)
_OTHERWISE = ("dependency-unreachable", "container-crash")


@cause("certificates", modes=("sec.cert_expired",))
def certificate_expired(world: World) -> Iterator[Finding]:
    """A certificate is expired, so connections that check it fail.

    Certificates end on a date. Whatever renews them failed long before, or nothing does. A renewed one counts only
    when the program that presents it has read it anew.

    When it is wrong: the clock of the machine that checks is wrong.
    """
    expired = list(_expired(world))
    for pod, container, line in complaints(world, _COMPLAINT, hint=r"ertificate|Cert|CERT"):
        if not bothers(world, container, line):
            continue
        controller = world.controller(pod)
        for other in _OTHERWISE:
            yield Finding(controller, "the certificate is what fails", [line.cite(STRONG)], against=other)
        shown = [held.cite() for held in expired if held.holder.subject in _read_by(world, pod)]
        yield Finding(
            controller,
            f"{container.name} in {pod.name} meets an expired certificate: “{ending(line.text)}”",
            cites=[*_cites(world, pod, container, line), *shown],
            remedies=[read_logs(pod.subject, container.name)],
        )
    for held in expired:
        yield _held(world, held)
    for event in refusals(world):
        if "x509: certificate has expired" in event.message:
            yield Finding(
                world.controller(event.about),
                f"{event.about.name} meets an expired certificate: {ending(event.message)}",
                cites=[cite_event(event, CONCLUSIVE)],
                remedies=[look("describe", target(event.about), of=event.about, purpose="read what it was told")],
            )


def _expired(world: World) -> Iterator[Certificate]:
    now = world.snapshot.captured_at
    yield from (held for held in certificates(world) if now and held.until < now)


def _held(world: World, held: Certificate) -> Finding:
    """Return the finding about a certificate that is stored: strong only where somebody uses it."""
    readers = [at for at in world.topology.bearers(held.holder.subject) if at != held.holder.subject]
    used = bool(readers) or held.holder.kind != "ConfigMap"
    return Finding(
        held.holder.subject,
        f"the certificate of {held.name} in {held.holder.kind} {held.holder.name} expired on {held.until:%Y-%m-%d}",
        cites=[held.cite(CONCLUSIVE if used else MODERATE)],
        felt_by=sorted(readers),
        remedies=[look("get", target(held.holder.subject), "-o", "yaml", of=held.holder.subject, purpose="read it")],
    )


def _read_by(world: World, pod: Pod) -> set[Subject]:
    return {edge.target for edge in world.topology.needs(pod.subject)}


def _cites(world: World, pod: Pod, container: Container, line: Line) -> list[Citation]:
    """Cite a complaint: less where the same container complains of several other things, more where it mounts certificates.

    Other complaints of a container that serves may be over; a certificate does not become valid again.
    """
    lines = world.current_complaints(pod, container)
    others = [other for other in lines if other is not line and not re.search(_COMPLAINT, other.text)]
    if len(others) > _MANY:
        return [line.cite(MODERATE)]
    mounts = [part for part in container.spec.parts("volumeMounts") if _MOUNTED.search(part.text("mountPath"))]
    said = [line.cite(CONCLUSIVE)] if container.ready else complaint_cites(container, line)
    return [*said, *(part.cite("mountPath", WEAK) for part in mounts[:1])]
