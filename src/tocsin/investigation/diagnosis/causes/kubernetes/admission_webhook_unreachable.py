"""An admission webhook that does not answer, so that nothing it guards can be made."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, Citation
from tocsin.investigation.diagnosis.excerpts import ending
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Service
from tocsin.investigation.diagnosis.signals import Saying, uncreated
from tocsin.investigation.diagnosis.world import World

_UNANSWERED = re.compile(r'failed (?:calling|to call) webhook(?: "(?P<hook>[^"]+)")?')
_ADDRESS = re.compile(r"https?://(?P<service>[a-z0-9-]+)\.(?P<namespace>[a-z0-9-]+)\.svc\b[^\s\"]*\"?:?\s*(?P<why>.*)")


# Whoever runs the webhook may have the trouble.
@cause("admission", modes=("admit.webhook_unreachable",), own=False)
def admission_webhook_unreachable(world: World) -> Iterator[Finding]:
    """The API server must ask a webhook before it makes a pod, and the webhook does not answer.

    With failurePolicy Fail no answer means no. Its pods are down, its Service has no endpoints, the network between
    API server and webhook is closed, or its certificate is not the one that the configuration trusts. It hits every
    workload that it guards, at the next rollout or restart.

    When it is wrong: the webhook was away for a moment; controllers try again by themselves.
    """
    for saying in uncreated(world):
        if found := _UNANSWERED.search(saying.text):
            told = _ADDRESS.search(saying.text)
            service = Subject("Service", told["namespace"], told["service"]) if told else saying.controller
            name, broken = found["hook"] or service.name, _unserved(world, service)
            yield Finding(
                service,
                f"webhook {name} does not answer, so no pod of {saying.controller.name} is made:"
                f" {ending(told['why'] if told else saying.text)}" + ("; no pod behind it is ready" if broken else ""),
                cites=[saying.weighing(CONCLUSIVE), *broken],
                felt_by=[saying.controller],
                remedies=_looks(saying, service),
            )


def _unserved(world: World, service: Subject) -> list[Citation]:
    """Cite the pods behind a webhook's Service where none of them is ready."""
    held = world.inventory.get(service)
    pods = world.inventory.selected(held) if isinstance(held, Service) else []
    broken = pods and not any(pod.ready for pod in pods)
    return [pod.cite("status/phase", STRONG) for pod in pods if broken]


def _looks(saying: Saying, service: Subject) -> list[Command]:
    purpose = "see whether anything serves the webhook"
    return [
        *(
            [
                look(
                    "get",
                    "endpointslices",
                    "-l",
                    f"kubernetes.io/service-name={service.name}",
                    of=service,
                    purpose=purpose,
                )
            ]
            if service.kind == "Service"
            else []
        ),
        look(
            "get",
            "validatingwebhookconfigurations,mutatingwebhookconfigurations",
            "-o",
            "custom-columns=NAME:.metadata.name,HOOK:.webhooks[*].name,POLICY:.webhooks[*].failurePolicy",
            of=Subject("Namespace", "", saying.about.namespace),
            purpose="see which webhooks must answer, and which may be passed over",
        ),
    ]
