"""A namespace that is being deleted while something in it shall still run."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.signals import uncreated
from tocsin.investigation.diagnosis.world import World

_ENDING = "because it is being terminated"


@cause("admission", modes=("admit.namespace_terminating",))
def namespace_terminating(world: World) -> Iterator[Finding]:
    """The namespace is being deleted, and nothing new can be made in it.

    Somebody, or a deployment tool that tidies up, deleted it. A deletion cannot be stopped: what is in it goes, and
    the namespace with it, unless a finalizer holds it.

    When it is wrong: it was deleted on purpose, and what fails there was not to be kept.
    """
    for saying in uncreated(world):
        if _ENDING in saying.text:
            scope = Subject("Namespace", "", saying.about.namespace)
            space = world.inventory.get(scope)
            leaving = space and space.leaving
            yield Finding(
                scope,
                f"namespace {scope.name} is being deleted, so no pod of {saying.controller.name} is made",
                cites=[
                    saying.weighing(CONCLUSIVE),
                    *([space.cite("metadata/deletionTimestamp", STRONG)] if space and leaving else []),
                ],
                felt_by=[saying.controller],
                remedies=[
                    look("get", "namespace", scope.name, "-o", "yaml", of=scope, purpose="see what is left to delete")
                ],
            )
