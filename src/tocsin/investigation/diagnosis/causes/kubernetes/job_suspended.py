"""A Job or CronJob that is suspended."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.asked import named_by_alert
from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, WEAK, Citation
from tocsin.investigation.diagnosis.reading.workloads.jobs import complete
from tocsin.investigation.diagnosis.remedies.jobs import resume
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.world import World

# A queue suspends the Jobs whose turn it is not.
_QUEUED = "kueue.x-k8s.io/queue-name"


@cause("job", modes=("job.suspended",), needs=("Job", "CronJob"))
def job_suspended(world: World) -> Iterator[Finding]:
    """A Job or CronJob is suspended: nothing of it runs until somebody lets it go on.

    Nothing fails and nothing is reported; the work is just not done. It is often left over from a maintenance.

    When it is wrong: it is suspended on purpose. So it is told only of one that was asked about.
    """
    for item in (*world.of("Job"), *world.of("CronJob")):
        if item.get("spec/suspend") is not True or complete(item) or _QUEUED in item.labels:
            continue
        if not named_by_alert(item, world.inventory):
            continue
        edit = world.edits.get(item.subject)
        by = f", last changed by {edit.by}" if edit else ""
        yield Finding(
            item.subject,
            f"{item.kind} {item.name} is suspended{by}: nothing of it runs",
            cites=[item.cite("spec/suspend", STRONG), *_condition(item)],
            remedies=[resume(item.subject), describe(item.subject)],
        )


def _condition(item: Resource) -> list[Citation]:
    told = item.condition("Suspended")
    return [told.cite("reason", WEAK)] if told and told.text("status") == "True" else []
