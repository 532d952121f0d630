"""A change by hand that a tool put back."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import STRONG, Citation
from tocsin.investigation.diagnosis.reading.changes.edits import ago
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.workloads import describe
from tocsin.investigation.diagnosis.sections import Change
from tocsin.investigation.diagnosis.world import World

# The names under which Argo CD and Flux write.
_TOOLS = {
    "argocd-controller": "Argo CD",
    "argocd-application-controller": "Argo CD",
    "kustomize-controller": "Flux",
    "helm-controller": "Flux",
}
_Field = tuple[Subject, str]


@cause("change", modes=("rollout.gitops_revert",), needs=("changes",))
def change_reverted(world: World) -> Iterator[Finding]:
    """Somebody changed a field by hand, and Argo CD or Flux put back what its repository says.

    Such a tool compares the cluster with the repository every few minutes. A repair that is made in the cluster alone
    lasts until then; afterwards the trouble is back, and nobody did anything.

    When it is wrong: the repository is right, and the change by hand was the mistake.
    """
    now = world.snapshot.captured_at
    for (subject, field), steps in sorted(_journal(world).items(), key=lambda item: item[0]):
        for (_, first), (place, second) in pairwise(steps):
            tool = _TOOLS.get(second.by)
            back = (first.old, first.new) == (second.new, second.old) and first.by not in _TOOLS
            if tool and back and now and second.at and _hurts(world, subject):
                yield Finding(
                    subject,
                    f"{tool} put {field.rpartition('/')[2]} of {subject.name} back {ago(second.at, now)} ago, from {second.old}"
                    f" to {second.new}, after {first.by or 'somebody'} had changed it",
                    cites=[Citation(f"changes/{place}#/new", second.new, STRONG, subject)],
                    contributing=["change it in the repository: in the cluster it is put back again"],
                    remedies=[describe(subject)],
                )


def _journal(world: World) -> dict[_Field, list[tuple[int, Change]]]:
    """Return the known changes of each field, oldest first, with their places in the snapshot."""
    found: dict[_Field, list[tuple[int, Change]]] = defaultdict(list)
    for place, change in enumerate(world.snapshot.changes):
        if change.at and change.about.kind and change.about.name and change.field:
            subject = Subject(change.about.kind, change.about.namespace or "", change.about.name)
            found[subject, change.field].append((place, change))
    for steps in found.values():
        steps.sort(key=lambda step: (str(step[1].at), step[0]))
    return found


def _hurts(world: World, subject: Subject) -> bool:
    """Tell whether the object, or one that needs it, lacks replicas: a repair was put back, not a mistake."""
    felt = world.topology.downstream(subject)
    return any(held.lacking for held in world.workloads if held.subject in felt)
