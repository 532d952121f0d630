"""A namespace whose deletion does not end."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Part
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.reading.changes.edits import ago
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.world import World

# What holds it, the most telling first; contents remain for a while in every deletion.
_HELD = (
    "NamespaceDeletionDiscoveryFailure",
    "NamespaceDeletionGroupVersionParsingFailure",
    "NamespaceFinalizersRemaining",
    "NamespaceDeletionContentFailure",
    "NamespaceContentRemaining",
)
_PATIENCE = timedelta(minutes=5)


@cause("control-plane", modes=("ctrl.ns_stuck",), needs=("Namespace",))
def namespace_stuck(world: World) -> Iterator[Finding]:
    """A namespace is being deleted, and does not go: something in it cannot be deleted, or cannot even be listed.

    An aggregated API that is down hides what is left; a finalizer waits for a controller that is gone. The namespace
    says which of them it is.

    When it is wrong: much is being deleted, and it goes on.
    """
    now = world.snapshot.captured_at
    for space in world.of("Namespace"):
        since = space.time("metadata/deletionTimestamp")
        holds = [held for kind in _HELD if (held := space.condition(kind)) and held.text("status") == "True"]
        if since and now and holds and now - since > _PATIENCE:
            yield Finding(
                space.subject,
                f"namespace {space.name} is being deleted for {ago(since, now)}: {_why(holds[0])}",
                cites=[
                    holds[0].cite("message", CONCLUSIVE),
                    space.cite("metadata/deletionTimestamp", STRONG),
                    *(held.cite("message", MODERATE) for held in holds[1:]),
                ],
                remedies=[
                    look("get", "namespace", space.name, "-o", "yaml", of=space.subject, purpose="read what holds it"),
                    look("get", "apiservices", of=space.subject, purpose="see whether an API is down"),
                ],
            )


def _why(held: Part) -> str:
    return opening(held.text("message")) or held.text("type")
