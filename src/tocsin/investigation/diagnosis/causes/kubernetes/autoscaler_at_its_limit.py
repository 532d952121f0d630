"""An autoscaler of the cluster that would add a node for a pod, and cannot."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.signals import unscheduled
from tocsin.investigation.diagnosis.world import World, cite_event

_STATUS = Subject("ConfigMap", "kube-system", "cluster-autoscaler-status")
_REASONS = ("NotTriggerScaleUp", "FailedScaleUp", "ScaleUpTimedOut")
_LIMIT = re.compile(
    r"max node group size reached|max cluster (?:cpu|memory|cpu, memory) limit reached|in backoff after failed scale-up"
    r"|max limit reached|quota|exceeded|out of (?:stock|capacity|resources)|insufficient (?:instance )?capacity",
    re.I,
)


@cause("scheduling", modes=("sched.autoscaler",), needs=("Pod",))
def autoscaler_at_its_limit(world: World) -> Iterator[Finding]:
    """A pod waits for room, and the cluster's autoscaler says why it adds no node.

    Its node group has as many nodes as it may have, the cloud has no more of that machine or refuses by a quota, or it
    tried and failed and waits before it tries again.

    When it is wrong: no node that it could add would hold the pod; then what the pod asks for is the cause.
    """
    for saying in unscheduled(world):
        for event in world.events(*_REASONS, about=saying.about):
            if event.reason == "FailedScaleUp" or _LIMIT.search(event.message):
                why = event.message.partition("scale-up: ")[2] or event.message
                yield Finding(
                    saying.controller,
                    f"{saying.about.name} waits for room, and no node is added: {opening(why)}",
                    cites=[cite_event(event, CONCLUSIVE), saying.weighing(STRONG)],
                    remedies=[
                        look(
                            "get",
                            "configmap",
                            _STATUS.name,
                            "-o",
                            "yaml",
                            of=_STATUS,
                            purpose="read how large each node group is and may be",
                        )
                    ],
                )
