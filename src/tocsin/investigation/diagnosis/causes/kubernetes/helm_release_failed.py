"""A Helm release that failed or hangs half way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.reading.changes.releases import Release, helm_revisions, releases
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.releases import roll_back_release
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.world import World

# In the words of Helm's own Secrets, and of Flux's HelmRelease.
_FAILED = ("failed", "InstallFailed", "UpgradeFailed", "TestFailed", "RollbackFailed", "RetriesExceeded")
_PENDING = ("pending-install", "pending-upgrade", "pending-rollback")
# Helm waits five minutes for a release unless told otherwise; what is pending for longer was cut off.
_PATIENCE = timedelta(minutes=15)


@cause("rollout", modes=("rollout.helm_failed",), needs=("Secret",))
def helm_release_failed(world: World) -> Iterator[Finding]:
    """The latest revision of a Helm release failed, or was cut off and is pending ever since.

    Some of its objects are new and some are old. A pending release also refuses every further upgrade (“another
    operation is in progress”) until it is rolled back.

    When it is wrong: the release only failed because pods did not become ready; then their own trouble comes first.
    """
    for held in releases(world.inventory):
        if held.state in _FAILED or (held.state in _PENDING and world.snapshot.beyond(held.at, _PATIENCE)):
            lacking = [at.name for at in held.workloads if (workload := world.workload(at)) and workload.lacking]
            hit = f"; {', '.join(lacking[:3])} without all replicas" if lacking else ""
            yield Finding(
                held.subject,
                f"{held.what} since {held.at:%H:%M}{hit}",
                cites=[_cite(world, held, STRONG if lacking else MODERATE)],
                felt_by=held.workloads,
                remedies=[*_back(world, held), *(describe(at) for at in held.workloads[:2])],
            )


def _cite(world: World, held: Release, weight: float) -> Citation:
    item = world.inventory.get(held.subject)
    if item and held.subject.kind == "Secret":
        return item.cite("metadata/labels/status", weight)
    return replace(held.cite, weight=weight)


def _back(world: World, held: Release) -> tuple[Command, ...]:
    """Return to the latest revision that served, as far as Helm's own Secrets are stored."""
    item = world.inventory.get(held.subject)
    name = item.labels.get("name", "") if item else ""
    release = Subject("Release", held.subject.namespace, name)
    return roll_back_release(release, helm_revisions(world.inventory, release)) if name else ()
