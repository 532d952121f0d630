"""Which services an incident affects, and why: the cause's own, those that alerts or people name, those that need them.

Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.catalog.directory import Directory

# The words of models.IncidentService.Role, nearest first.
CAUSE, NAMED, SAID, DEPENDENT = "cause", "named by an alert", "named by a person", "needs it"
ORDER = (CAUSE, NAMED, SAID, DEPENDENT)


@dataclass(frozen=True, slots=True)
class About:
    """What is known to be in trouble: an alert, or the subject of a cause. `subject` is {kind, namespace, name}."""

    title: str
    labels: Mapping[str, str]
    subject: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Affected:
    """One service, by its slug."""

    slug: str
    role: str
    reason: str


def affected(
    alerts: Iterable[About], causes: Iterable[About], directory: Directory, said: Mapping[str, str] | None = None
) -> list[Affected]:
    """The services, nearest to the trouble first. A service that is several things is the nearest of them.

    `said`: the slugs that people named, each with who did.
    """
    found: dict[str, Affected] = {}
    for role, abouts in ((CAUSE, causes), (NAMED, alerts)):
        for about in abouts:
            told = directory.find(about.labels, about.subject)
            if told.service is not None:
                one = Affected(told.service.slug, role, f"{about.title}: {told.reason}")
                found.setdefault(one.slug, one)
    for slug, person in (said or {}).items():
        found.setdefault(slug, Affected(slug, SAID, f"{person} said so"))
    near = list(found)
    for slug in sorted({dependent for one in near for dependent in directory.downstream(one)} - found.keys()):
        steps, target = min(
            (directory.distance(slug, one) or 0, one) for one in near if slug in directory.downstream(one)
        )
        reason = f"it needs {target}" if steps == 1 else f"it needs {target}, through {steps - 1} other"
        found[slug] = Affected(slug, DEPENDENT, reason + ("s" if steps > 2 else ""))
    return sorted(found.values(), key=lambda one: (ORDER.index(one.role), one.slug))
