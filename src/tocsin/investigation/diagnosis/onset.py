"""When trouble began, as far as the objects that feel it tell."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Pod

# What has been wrong for longer says nothing about what is asked now.
_CHRONIC = timedelta(days=1)


def onset(subjects: Iterable[Subject], inventory: Inventory) -> datetime | None:
    """Return when the first of these objects went wrong, None where none of them tells.

    A pod tells by its Ready condition and by the first end of a container; a condition's lastTransitionTime is when it
    became what it is. What went wrong more than a day before the snapshot counts only where nothing else tells.
    """
    now = inventory.snapshot.captured_at
    times = sorted(time for subject in subjects for time in _turns(subject, inventory))
    lately = [time for time in times if now and now - time < _CHRONIC]
    return lately[0] if lately else times[-1] if times else None


def _turns(subject: Subject, inventory: Inventory) -> Iterator[datetime]:
    held = inventory.get(subject)
    for pod in [held] if isinstance(held, Pod) else inventory.pods_of(subject):
        if not pod.ready and not pod.leaving:
            yield from _turned(pod)
    ready = held.condition("Ready") if held and held.kind == "Node" else None
    if ready and ready.text("status") != "True" and (at := ready.time("lastTransitionTime")):
        yield at


def _turned(pod: Pod) -> Iterator[datetime]:
    ready = pod.condition("Ready")
    if ready and (at := ready.time("lastTransitionTime")):
        yield at
    elif pod.created:
        yield pod.created
