"""A new revision that complains where the old one does not."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.logs.lines import Line
from tocsin.investigation.diagnosis.reading.workloads.revisions import Rollout, revisions, rollouts
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.workloads import rollback
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.world import World

_ERROR = re.compile(r"\b(?:error|exception|panic|traceback|fatal)\b|\" 50[0234]\b", re.I)

# One bad request is no bad revision.
_OFTEN, _TAIL = 3, 500


@cause("rollout", modes=("rollout.bad_revision",), needs=("ReplicaSet", "logs"))
def revision_regressed(world: World) -> Iterator[Finding]:
    """Two revisions of a workload run side by side, and only the pods of the new one report errors.

    Both are ready and get the same requests, so what differs between them is what was rolled out. The old revision is
    known to work.

    When it is wrong: the errors are of a start that is over, or of requests that only the new ones happened to get.
    """
    for rollout in rollouts(world.inventory):
        before = [held for held in revisions(world.inventory)[rollout.workload] if held.number < rollout.number]
        said = _said(world, rollout.workload)
        new = said.get(_holder(world, rollout), {})
        old = said.get(before[-1].holder.subject, {}) if before else {}
        wrong = [line for line in new.values() if line]
        if wrong and len(wrong) == len(new) and old and not any(old.values()):
            yield Finding(
                rollout.workload,
                f"revision {rollout.number} of {rollout.workload.name} reports errors, revision {before[-1].number} does not:"
                f" {rollout.moved[0]}; “{opening(wrong[0].text)}”",
                cites=[rollout.cite, *(line.cite(STRONG) for line in wrong)],
                contributing=[str(moved) for moved in rollout.moved[:3]],
                remedies=rollback(rollout.workload, str(before[-1].number), str(rollout.number)),
            )


def _holder(world: World, rollout: Rollout) -> Subject:
    held = revisions(world.inventory)[rollout.workload]
    return next(one.holder.subject for one in held if one.number == rollout.number)


def _said(world: World, workload: Subject) -> Mapping[Subject, Mapping[Subject, Line | None]]:
    """Return by ReplicaSet, and by pod whose log was read, the last error that it reports now, again and again; else None."""
    found: dict[Subject, dict[Subject, Line | None]] = defaultdict(dict)
    for pod in world.pods_of(workload):
        read = [held for held in pod.containers if pod.log_of(held.name) in world.snapshot.logs]
        if read and pod.ready:
            lines = [line for held in read for line in world.current_complaints(pod, held) if _ERROR.search(line.text)]
            often = sum(bool(_ERROR.search(text)) for held in read for text in _written(world, pod, held)) >= _OFTEN
            found[_maker(pod)][pod.subject] = lines[-1] if lines and often else None
    return found


def _written(world: World, pod: Pod, container: Container) -> Sequence[str]:
    return world.snapshot.logs[pod.log_of(container.name)].lines("current")[-_TAIL:]


def _maker(pod: Pod) -> Subject:
    owner = pod.owner
    return Subject(owner.text("kind"), pod.namespace, owner.text("name")) if owner else pod.subject
