"""How Jobs end: why the job controller gave one up, and whether a later run made up for it."""

from datetime import UTC, datetime, timedelta

from tocsin.investigation.diagnosis.asked import named_by_alert
from tocsin.investigation.diagnosis.evidence import Part
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Resource

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_FORGOTTEN = timedelta(days=2)


def failure(job: Resource) -> Part | None:
    """Return the condition by which the job controller gave a Job up (or is about to), None while it did not."""
    told = (job.condition(kind) for kind in ("Failed", "FailureTarget"))
    return next((held for held in told if held and held.text("status") == "True"), None)


def complete(job: Resource) -> bool:
    """Tell whether a Job has done its work."""
    told = job.condition("Complete")
    return bool(told and told.text("status") == "True")


def history(job: Resource, inventory: Inventory) -> bool:
    """Tell whether a failure matters no more: a later run did the work, or it was a single Job, days ago, not asked about."""
    told = failure(job)
    at = told.time("lastTransitionTime") if told else None
    once = parent_of(job) is None and not named_by_alert(job, inventory)
    return _made_up_for(job, inventory) or (once and inventory.snapshot.beyond(at, _FORGOTTEN))


def _made_up_for(job: Resource, inventory: Inventory) -> bool:
    """Tell whether a later Job of the same CronJob has done the work."""
    if not (parent := parent_of(job)):
        return False
    since = job.created or _LONG_AGO
    others = (other for other in inventory.of("Job") if parent_of(other) == parent and other.subject != job.subject)
    return any(complete(other) and (other.created or _LONG_AGO) > since for other in others)


def parent_of(job: Resource) -> Subject | None:
    """Return the CronJob that made a Job, None for one made by hand."""
    owner = job.owner
    if not owner or owner.text("kind") != "CronJob":
        return None
    return Subject("CronJob", job.namespace, owner.text("name"))
