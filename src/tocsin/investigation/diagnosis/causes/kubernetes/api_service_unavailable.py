"""A part of the API that another server answers for, and does not."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Service
from tocsin.investigation.diagnosis.world import World

_MEANINGS = {
    "ServiceNotFound": "its Service does not exist",
    "EndpointsNotFound": "its Service has no endpoints",
    "MissingEndpoints": "no pod behind its Service is ready",
    "ServicePortError": "its Service does not offer the port",
    "ServiceAccessError": "its Service cannot be looked up",
    "FailedDiscoveryCheck": "the server behind it does not answer, or its certificate is not trusted",
}


@cause("control-plane", modes=("ctrl.apiservice_down",), needs=("APIService",))
def api_service_unavailable(world: World) -> Iterator[Finding]:
    """An aggregated API, as that of metrics, is unavailable: the server that answers for it is not reached.

    Who asks for its objects gets an error: autoscalers find no metrics, `kubectl top` fails, and no namespace can be
    deleted, because nobody can tell what is left in it.

    When it is wrong: the server is restarting; or nobody uses that API any more.
    """
    for item in world.of("APIService"):
        told = item.condition("Available")
        if told is None or told.text("status") == "True" or not item.text("spec/service/name"):
            continue
        service = Subject("Service", item.text("spec/service/namespace"), item.text("spec/service/name"))
        held = world.inventory.get(service)
        pods = [pod for pod in world.selected(held) if not pod.ready] if isinstance(held, Service) else []
        why = _MEANINGS.get(told.text("reason"), opening(told.text("message")))
        yield Finding(
            item.subject,
            f"API {item.name} is unavailable: {why} ({service.namespace}/{service.name})",
            cites=[told.cite("reason", CONCLUSIVE), *(pod.cite("status/conditions", MODERATE) for pod in pods[:2])]
            + ([told.cite("message", STRONG)] if told.text("message") else []),
            felt_by=[service, *_askers(world, item.text("spec/group"))],
            remedies=[
                look(
                    *("get", "endpointslices", "-l", f"kubernetes.io/service-name={service.name}"),
                    of=service,
                    purpose="see whether anything serves it",
                ),
                look("get", "apiservice", item.name, "-o", "yaml", of=item.subject, purpose="read why"),
            ],
        )


def _askers(world: World, group: str) -> list[Subject]:
    """Return the autoscalers and their targets, which ask for metrics."""
    scalers = world.inventory.of("HorizontalPodAutoscaler") if group.endswith("metrics.k8s.io") else ()
    targets = (
        Subject(held.text("spec/scaleTargetRef/kind"), held.namespace, held.text("spec/scaleTargetRef/name"))
        for held in scalers
    )
    return [*(held.subject for held in scalers), *targets]
