"""A route or gateway of the Gateway API that its controller does not accept."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, Part
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look, target
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World

_ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute")
_WANTED = ("Accepted", "ResolvedRefs", "Programmed")
_MEANINGS = {
    "BackendNotFound": "a Service to which it routes does not exist",
    "RefNotPermitted": "no ReferenceGrant allows what it refers to in another namespace",
    "NotAllowedByListeners": "no listener of the Gateway takes routes from this namespace or of this kind",
    "NoMatchingParent": "the Gateway has no listener of that name or port",
    "NoMatchingListenerHostname": "no listener of the Gateway has its host name",
    "InvalidKind": "it refers to a kind that routes cannot lead to",
    "AddressNotAssigned": "it was given no address",
    "InvalidCertificateRef": "the certificate of a listener does not exist or is none",
    "NoResources": "nothing is left to serve it",
}


@cause("ingress", modes=("gw.not_accepted",))
def gateway_not_accepted(world: World) -> Iterator[Finding]:
    """The controller of the Gateway API refuses a GatewayClass, a Gateway, a listener or a route, and says why.

    What is refused is not served; the reason stands in its status alone. Mostly a name is wrong, or a permission
    between namespaces is missing.

    When it is wrong: the object was made seconds ago, or another controller serves the same route.
    """
    for kind in ("GatewayClass", "Gateway", *_ROUTES):
        for item in world.inventory.of(kind):
            refused = [part for part in _conditions(item) if part.text("status") == "False" and _current(part, item)]
            if refused:
                first = refused[0]
                why = _MEANINGS.get(first.text("reason"), opening(first.text("message")) or first.text("reason"))
                yield Finding(
                    item.subject,
                    f"{item.kind} {item.name} is not served: {first.text('type')} is False ({first.text('reason')}), {why}",
                    cites=[
                        *(part.cite("reason", CONCLUSIVE) for part in refused[:2]),
                        first.cite("message" if first.text("message") else "status", MODERATE),
                    ],
                    felt_by=_backends(item),
                    remedies=[
                        look("get", target(item.subject), "-o", "yaml", of=item.subject, purpose="read its status")
                    ],
                )


def _conditions(item: Resource) -> Iterator[Part]:
    """Yield the conditions of an object, of each listener, and of each parent that a route has."""
    holders = (item.part("status"), *item.parts("status/listeners"), *item.parts("status/parents"))
    for holder in holders:
        for condition in holder.parts("conditions") if holder else ():
            if condition.text("type") in _WANTED:
                yield condition


def _current(condition: Part, item: Resource) -> bool:
    """Tell whether a condition is about the present specification."""
    seen, now = condition.number("observedGeneration"), item.number("metadata/generation")
    return seen is None or now is None or seen >= now


def _backends(item: Resource) -> list[Subject]:
    backends = [backend for rule in item.parts("spec/rules") for backend in rule.parts("backendRefs")]
    return [Subject("Service", held.text("namespace") or item.namespace, held.text("name")) for held in backends]
