"""A quota that wants every container to say what it takes, and one that does not."""

import re
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.signals import uncreated
from tocsin.investigation.diagnosis.world import World

_DEMANDED = re.compile(r"failed quota: (?P<quota>[^\s:]+): must specify (?P<what>.+)")


@cause("quota", modes=("admit.quota_must_specify",))
def quota_demands_resources(world: World) -> Iterator[Finding]:
    """A quota on CPU or memory demands that every container states its requests or limits, and one does not.

    What is not stated cannot be counted, so the API server refuses the pod. Often a LimitRange used to give defaults
    and was removed.

    When it is wrong: hardly ever; the API server names the quota and what is missing.
    """
    for saying in uncreated(world):
        if found := _DEMANDED.search(saying.text):
            quota = world.inventory.get(Subject("ResourceQuota", saying.about.namespace, found["quota"]))
            yield Finding(
                Subject("ResourceQuota", saying.about.namespace, found["quota"]),
                f"quota {found['quota']} refuses the pods of {saying.controller.name}: they must specify"
                f" {opening(found['what'])}",
                cites=[saying.weighing(CONCLUSIVE), *([quota.cite("spec/hard", MODERATE)] if quota else [])],
                felt_by=[saying.controller],
                remedies=[
                    look("get", "limitranges", "-o", "yaml", of=saying.about, purpose="see whether defaults are given"),
                    *rollback(saying.controller),
                ],
            )
