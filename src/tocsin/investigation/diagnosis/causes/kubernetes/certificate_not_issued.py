"""A certificate that cert-manager cannot get."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, Citation, Part
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World

# What a certificate is asked for with, from what the CA said last down to the request.
_CHAIN = ("Challenge", "Order", "CertificateRequest")
_FAILED = ("invalid", "errored", "expired", "failed")
# An issuer answers within minutes.
_PATIENCE = timedelta(minutes=10)


@cause("certificates", modes=("sec.certmanager",))
def certificate_not_issued(world: World) -> Iterator[Finding]:
    """cert-manager cannot get or renew a certificate, so that its Secret is missing or runs out.

    The issuer is not ready or does not exist, the authority refuses the proof of the domain (DNS-01, HTTP-01), or its
    limit of requests is reached. The chain of Certificate, CertificateRequest, Order and Challenge says which.

    When it is wrong: it was asked for minutes ago.
    """
    for item in world.inventory.of("Certificate"):
        ready = item.condition("Ready")
        if ready is None or ready.text("status") == "True" or not _long(world, item, ready):
            continue
        told = _told(world, item)
        why = str(told[0].value) if told else ready.text("message") or ready.text("reason")
        yield Finding(
            item.subject,
            f"certificate {item.name} for {', '.join(item.words('spec/dnsNames')[:3]) or 'its names'} is not issued:"
            f" {opening(why)}",
            cites=[ready.cite("reason", CONCLUSIVE), *told],
            felt_by=_users(world, item),
            remedies=[
                look("describe", target(item.subject), of=item.subject, purpose="read what was asked for and when"),
                look(
                    *("get", "certificaterequests"),
                    of=item.subject,
                    purpose="see how far the request came",
                ),
            ],
        )


def _long(world: World, item: Resource, ready: Part) -> bool:
    """Tell whether the certificate is wanting for long, or says itself that it failed."""
    since = ready.time("lastTransitionTime") or item.created
    over = ready.text("reason") in ("Expired", "Failed", "IncorrectIssuer") or bool(item.text("status/lastFailureTime"))
    return over or world.snapshot.beyond(since, _PATIENCE)


def _told(world: World, item: Resource) -> list[Citation]:
    """Cite why it fails: its issuer, then the end of its chain that failed."""
    told = list(_issuer(world, item))
    for kind in _CHAIN:
        for held in world.inventory.of(kind):
            mine = held.namespace == item.namespace and held.name.startswith(f"{item.name}-")
            if mine and held.text("status/state") in _FAILED:
                told.append(held.cite("status/reason" if held.text("status/reason") else "status/state", STRONG))
            ready = held.condition("Ready") if mine else None
            if ready and ready.text("status") == "False" and ready.text("message"):
                told.append(ready.cite("message", STRONG))
    return told


def _issuer(world: World, item: Resource) -> Iterator[Citation]:
    kind = item.text("spec/issuerRef/kind") or "Issuer"
    scope = "" if kind == "ClusterIssuer" else item.namespace
    held = world.inventory.get(Subject(kind, scope, item.text("spec/issuerRef/name")))
    if held is None and kind in world.inventory.kinds:
        yield item.cite("spec/issuerRef/name", CONCLUSIVE)
    ready = held.condition("Ready") if held else None
    if ready and ready.text("status") == "False":
        yield ready.cite("message" if ready.text("message") else "reason", CONCLUSIVE)


def _users(world: World, item: Resource) -> list[Subject]:
    secret = Subject("Secret", item.namespace, item.text("spec/secretName"))
    return [secret, *sorted(at for at in world.topology.bearers(secret) if at.kind == "Ingress")]
