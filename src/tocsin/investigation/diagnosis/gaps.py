"""What could not be looked at: the gaps that matter, apart from what nobody offers here and what never existed."""

from collections.abc import Sequence

from tocsin.investigation.diagnosis.engine import Answer, Verdict
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.resources import Pod

# Sections that only some installations have a source for; without one nothing was tried, so nothing failed.
_OFFERED = ("dependencies", "metrics", "node_services", "probes")


def gaps(verdicts: Sequence[Verdict], inventory: Inventory) -> tuple[str, ...]:
    """Return, each once, what was tried and failed, what causes missed, and causes that broke."""
    tried = [str(gap) for gap in inventory.snapshot.gaps if not _never_written(gap.what, inventory)]
    missed = {verdict.why for verdict in verdicts if verdict.answer is Answer.UNKNOWN}
    broken = {f"{v.cause.name} broke: {v.why}" for v in verdicts if v.answer is Answer.BROKEN}
    unoffered = {f"{section}: not collected" for section in _OFFERED}
    return tuple(dict.fromkeys((*tried, *sorted((missed - unoffered) | broken))))


def unlooked(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    """Return the sections that causes asked for and nobody offers here."""
    missed = {verdict.why for verdict in verdicts if verdict.answer is Answer.UNKNOWN}
    return tuple(section.replace("_", " ") for section in _OFFERED if f"{section}: not collected" in missed)


def _never_written(what: str, inventory: Inventory) -> bool:
    """Tell whether a missing log is that of a container that never ran or was evicted: there is nothing to read."""
    section, _, key = what.partition(" ")
    place = key.split("/")
    if section != "logs" or len(place) != 3:
        return False
    namespace, name, container = place
    pod = inventory.get(Subject("Pod", namespace, name))
    if not isinstance(pod, Pod):
        return False
    held = [one for one in pod.containers if one.name == container]
    return pod.evicted or (bool(held) and not any(one.started for one in held))
