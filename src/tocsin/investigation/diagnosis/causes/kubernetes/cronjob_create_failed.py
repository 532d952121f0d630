"""A CronJob whose Jobs the API server refuses."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World, cite_event


@cause("job", modes=("cron.create_failed",), needs=("CronJob", "events"), own=False)
def cronjob_create_failed(world: World) -> Iterator[Finding]:
    """A CronJob comes to its time, but the Job that it wants to make is refused.

    The API server says why: a quota, an admission rule, a template that is not valid. Nothing runs, and no pod is there
    to look at.

    When it is wrong: what refuses it is told by a cause of its own; then mend that.
    """
    for cronjob in world.of("CronJob"):
        event, started = (
            next(world.events("FailedCreate", about=cronjob.subject), None),
            cronjob.time("status/lastScheduleTime"),
        )
        if event and not (started and event.last and started > event.last):
            why = event.message.removeprefix("Error creating job: ")
            yield Finding(
                cronjob.subject,
                f"CronJob {cronjob.name} cannot make its job: {opening(why)}",
                cites=[cite_event(event, STRONG)],
                remedies=[describe(cronjob.subject)],
            )
