"""A volume for one pod at a time, which another pod has."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.reading.storage.claims import claims_of, users_of
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.placement import recreate
from tocsin.investigation.diagnosis.signals import nodes_refusing, unscheduled
from tocsin.investigation.diagnosis.world import World

_PHRASE = r"(?:unavailable due to )?PersistentVolumeClaim with ReadWriteOncePod access mode already in-use"


@cause("storage", modes=("sched.rwop",), needs=("Pod",))
def single_pod_volume_taken(world: World) -> Iterator[Finding]:
    """The pod's claim may be used by one pod at a time (ReadWriteOncePod), and another pod uses it.

    A rolling update makes the new pod before it ends the old one, so with such a claim neither moves. Or two
    workloads share the claim.

    When it is wrong: the other pod is about to end; then the new one follows by itself.
    """
    for saying in unscheduled(world):
        if nodes_refusing(saying.text, _PHRASE):
            claims = claims_of(saying.pod) if saying.pod else []
            users = [user for claim in claims for user in users_of(world, claim) if user.subject != saying.about]
            named = ", ".join(user.name for user in users) or "another pod"
            own = any(world.controller(user) == saying.controller for user in users)
            workload = world.workload(saying.about)
            yield Finding(
                saying.controller,
                f"{saying.about.name} waits: its claim may be used by one pod at a time, and {named} has it",
                cites=[saying.weighing(CONCLUSIVE), *(user.cite("spec/volumes", STRONG) for user in users)],
                remedies=[
                    look("get", "pods", "-o", "wide", of=saying.about, purpose="see which pod has the claim"),
                    *(recreate(workload) if own and workload else ()),
                ],
            )
