"""A CronJob whose schedule cannot be understood."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World, cite_event

_REASONS = (
    "UnparseableSchedule",
    "UnParseableCronJobSchedule",
    "InvalidSchedule",
    "UnknownTimeZone",
    "UnsupportedSchedule",
)


@cause("job", modes=("cron.invalid",), needs=("CronJob", "events"))
def cronjob_schedule_invalid(world: World) -> Iterator[Finding]:
    """A CronJob never starts, because its schedule or time zone is not understood.

    A schedule has five fields: minute, hour, day of the month, month, day of the week. The time zone is a name of the
    IANA database and stands in a field of its own, not in the schedule.

    When it is wrong: the schedule was mended since then.
    """
    for cronjob in world.of("CronJob"):
        event, started = (
            next(world.events(*_REASONS, about=cronjob.subject), None),
            cronjob.time("status/lastScheduleTime"),
        )
        if event and not (started and event.last and started > event.last):
            zone = cronjob.text("spec/timeZone")
            what = (
                f"time zone {zone}"
                if event.reason == "UnknownTimeZone" and zone
                else f"“{cronjob.text('spec/schedule')}”"
            )
            yield Finding(
                cronjob.subject,
                f"CronJob {cronjob.name} never starts: {what} is not understood: {opening(event.message)}",
                cites=[
                    cite_event(event, CONCLUSIVE),
                    cronjob.cite("spec/timeZone" if "time zone" in what else "spec/schedule", MODERATE),
                ],
                remedies=[describe(cronjob.subject)],
            )
