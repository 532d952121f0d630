"""Two controllers whose selectors pick the same pods."""

from collections import defaultdict
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import MODERATE, STRONG, Citation
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Workload, selects
from tocsin.investigation.diagnosis.world import World, cite_event

_EVENTS = ("SelectingAll", "ConflictingController")
_COLUMNS = "custom-columns=KIND:.kind,NAME:.metadata.name,SELECTOR:.spec.selector.matchLabels"


@cause("rollout", modes=("rollout.selector_conflict",), needs=("Deployment",))
def selector_overlap(world: World) -> Iterator[Finding]:
    """Two workloads of a namespace select each other's pods, and one of them says so or counts too many.

    A controller counts and adopts pods by labels. Where two select the same, they take pods from one another, count too
    many, or delete what the other made. It comes from a manifest that was copied with its labels.

    When it is wrong: the owners of the pods keep them apart, and replicas are missing for another reason.
    """
    for first, second in _overlapping(world):
        told = [cite_event(e, STRONG) for held in (first, second) for e in world.events(*_EVENTS, about=held.subject)]
        odd = [held for held in (first, second) if _miscounted(held)]
        if told or odd:
            at, other = (odd[0], first if odd[0] is second else second) if odd else (first, second)
            labels = ", ".join(f"{key}={value}" for key, value in sorted(other.selector.items()))
            yield Finding(
                at.subject,
                f"{at.kind} {at.name} and {other.kind} {other.name} both select {labels}: they take each other's pods",
                cites=[
                    *(held.cite("spec/selector/matchLabels", MODERATE) for held in (at, other)),
                    *told,
                    *_counts(odd),
                ],
                felt_by=[other.subject],
                remedies=[
                    look(
                        "get",
                        "deployments,statefulsets,daemonsets",
                        "-o",
                        _COLUMNS,
                        of=at.subject,
                        purpose="compare selectors",
                    )
                ],
            )


def _overlapping(world: World) -> Iterator[tuple[Workload, Workload]]:
    """Yield each two workloads of which each one's selector picks the other's pods."""
    labelled: dict[tuple[str, str, str], list[Workload]] = defaultdict(list)
    for held in world.workloads:
        for key, value in held.template_labels.items() if held.kind != "Job" else ():
            labelled[held.namespace, key, value].append(held)
    for first in world.workloads:
        pair = next(iter(sorted(first.selector.items())), None)
        for second in labelled[first.namespace, *pair] if pair and first.kind != "Job" else ():
            both = selects(first.selector, second.template_labels) and selects(second.selector, first.template_labels)
            if first.subject < second.subject and both:
                yield first, second


def _miscounted(held: Workload) -> bool:
    """Tell whether a controller counts more pods than it wants: some of them are not its own."""
    counted = held.number("status/replicas")
    surging = held.kind == "Deployment" and held.number("status/updatedReplicas") != counted
    return held.kind != "DaemonSet" and not surging and counted is not None and counted > held.desired


def _counts(odd: list[Workload]) -> list[Citation]:
    return [held.cite("status/replicas", STRONG) for held in odd]
