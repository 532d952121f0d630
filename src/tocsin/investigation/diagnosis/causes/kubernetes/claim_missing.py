"""A claim that a pod mounts and that does not exist."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.signals import unscheduled
from tocsin.investigation.diagnosis.world import World

_ABSENT = re.compile(r'persistentvolumeclaim "(?P<name>[^"]+)" not found')


@cause("storage", needs=("Pod",), own=False)
def claim_missing(world: World) -> Iterator[Finding]:
    """A pod mounts a claim that does not exist, so it is given no node.

    The claim was not deployed, was deleted, or could not be made: a quota may have refused it.

    When it is wrong: the claim was made a moment ago; the scheduler tries again by itself.
    """
    for saying in unscheduled(world):
        if found := _ABSENT.search(saying.text):
            quotas = [q for q in world.inventory.of("ResourceQuota") if q.namespace == saying.about.namespace]
            storage = [
                quota.cite("spec/hard", MODERATE)
                for quota in quotas
                if quota.mapping("spec/hard").get("requests.storage")
            ]
            yield Finding(
                saying.controller,
                f"{saying.about.name} waits for claim {found['name']}, which does not exist",
                cites=[saying.weighing(CONCLUSIVE)],
                contributing=[
                    f"storage in {saying.about.namespace} is under a quota: {cite.value}" for cite in storage
                ],
                remedies=[
                    look(
                        "get",
                        "pvc",
                        of=Subject("Pod", saying.about.namespace, ""),
                        purpose="see which claims there are",
                    )
                ],
            )
