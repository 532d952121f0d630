"""A CronJob that did not start when it should."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.changes.edits import ago
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.jobs import run_again
from tocsin.investigation.diagnosis.remedies.workloads import delete, describe
from tocsin.investigation.diagnosis.resources import Resource
from tocsin.investigation.diagnosis.stored import StoredEvent
from tocsin.investigation.diagnosis.world import World, cite_event

_MISSED = ("MissSchedule", "TooManyMissedTimes", "FailedNeedsStart")
_BUSY = "JobAlreadyActive"
# So many runs left out in a row are no accident of one that took a little longer.
_OFTEN = 3
# The controller looks every ten seconds; a shorter deadline can pass between two looks.
_LEAST_DEADLINE = 10


@cause("job", modes=("cron.missed",), needs=("CronJob", "events"))
def cronjob_missed_schedule(world: World) -> Iterator[Finding]:
    """A CronJob did not start at its time.

    A run before it still goes on and the policy forbids two at once, its startingDeadlineSeconds passed before the
    controller came to it, or the controllers were away for a while.

    When it is wrong: it started since then, only late.
    """
    for cronjob in world.of("CronJob"):
        events = [event for event in world.events(*_MISSED, _BUSY, about=cronjob.subject) if _since(cronjob, event)]
        missed = [event for event in events if event.reason in _MISSED]
        busy = [event for event in events if event.reason == _BUSY and event.count >= _OFTEN]
        if missed or busy:
            why, cites, active = _why(world, cronjob)
            yield Finding(
                cronjob.subject,
                f"CronJob {cronjob.name} missed its time: {why or opening((missed or busy)[0].message)}",
                cites=[
                    *(cite_event(event, CONCLUSIVE) for event in missed),
                    *(cite_event(event, STRONG) for event in busy),
                    *cites,
                ],
                remedies=[
                    *(describe(job) for job in active),
                    *(
                        delete(job, f"let {cronjob.name} start again", "it hangs: its log goes no further")
                        for job in active
                    ),
                    run_again(cronjob.subject, f"{cronjob.name}-again"),
                    describe(cronjob.subject),
                ],
            )


def _since(cronjob: Resource, event: StoredEvent) -> bool:
    """Tell whether the CronJob has not started anything since an event."""
    started = cronjob.time("status/lastScheduleTime")
    return not started or not event.last or event.last > started


def _why(world: World, cronjob: Resource) -> tuple[str, list[Citation], list[Subject]]:
    """Return the reason in words, what shows it, and the Jobs that are in the way."""
    names = [held.text("name") for held in cronjob.parts("status/active") if held.text("name")]
    if cronjob.text("spec/concurrencyPolicy") == "Forbid" and names:
        job, now = Subject("Job", cronjob.namespace, names[0]), world.snapshot.captured_at
        held = world.inventory.get(job)
        age = f" for {ago(held.created, now)}" if held and held.created and now else ""
        cites = [cronjob.cite("spec/concurrencyPolicy", MODERATE), cronjob.cite("status/active", MODERATE)]
        return f"{names[0]} has been running{age}, and its policy forbids two at once", cites, [job]
    deadline = cronjob.number("spec/startingDeadlineSeconds")
    if deadline is not None and deadline < _LEAST_DEADLINE:
        cite = cronjob.cite("spec/startingDeadlineSeconds", STRONG)
        return f"its startingDeadlineSeconds of {deadline} passes between two looks of the controller", [cite], []
    return "", [], []
