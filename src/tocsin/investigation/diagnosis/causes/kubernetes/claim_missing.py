"""A claim that a pod mounts and that does not exist."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, Citation
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.placement import mount_claim
from tocsin.investigation.diagnosis.signals import Saying, unscheduled
from tocsin.investigation.diagnosis.world import World

_ABSENT = re.compile(
    r'persistentvolumeclaim "(?P<name>[^"]+)" not found'
    r'|waiting for ephemeral volume controller to create the persistentvolumeclaim "(?P<own>[^"]+)"'
)


@cause("storage", modes=("sched.pvc_unbound",), needs=("Pod",), own=False)
def claim_missing(world: World) -> Iterator[Finding]:
    """A pod mounts a claim that does not exist, so it is given no node.

    The claim was not deployed, was deleted, carries another name, or could not be made: a quota may have refused it.

    When it is wrong: the claim was made a moment ago; the scheduler tries again by itself.
    """
    for saying in unscheduled(world):
        if found := _ABSENT.search(saying.text):
            name = found["name"] or found["own"]
            claim = Subject("PersistentVolumeClaim", saying.about.namespace, name)
            similar = world.inventory.similar(claim) if found["name"] else ""
            yield Finding(
                saying.controller,
                f"{saying.about.name} waits for claim {name}, which does not exist"
                + (f"; there is {similar}" if similar else ""),
                cites=[saying.weighing(CONCLUSIVE)],
                contributing=[
                    f"storage in {saying.about.namespace} is under a quota: {cite.value}"
                    for cite in _bounds(world, saying.about.namespace)
                ],
                remedies=[
                    look("get", "pvc", of=saying.about, purpose="see which claims there are"),
                    *(_renamed(saying, name, similar) if similar else ()),
                ],
            )


def _bounds(world: World, namespace: str) -> list[Citation]:
    quotas = [quota for quota in world.inventory.of("ResourceQuota") if quota.namespace == namespace]
    return [quota.cite("spec/hard", MODERATE) for quota in quotas if quota.mapping("spec/hard").get("requests.storage")]


def _renamed(saying: Saying, name: str, similar: str) -> Iterator[Command]:
    for index, volume in enumerate(saying.pod.parts("spec/volumes") if saying.pod else ()):
        if volume.text("persistentVolumeClaim/claimName") == name:
            yield from mount_claim(saying.controller, index, name, similar)
