"""A lifecycle hook that fails."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, STRONG, Citation
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.remedies.workloads import describe, rollback
from tocsin.investigation.diagnosis.resources import Container, Pod
from tocsin.investigation.diagnosis.world import World, cite_event

_FAILED = ("FailedPostStartHook", "FailedPreStopHook")


@cause("crash", modes=("crash.post_start_hook",), needs=("Pod",))
def lifecycle_hook_failed(world: World) -> Iterator[Finding]:
    """A command or request that Kubernetes makes right after a start, or before a stop, fails.

    A container whose postStart hook fails is killed and started again, although its program may be well. The hook's
    command is not in the image, takes too long, or asks a port that is not open yet.

    When it is wrong: the program had ended already, and the hook found nobody.
    """
    for pod in world.pods:
        hooked = [container for container in pod.containers if container.spec.get("lifecycle") or _waits(container)]
        if pod.ready or pod.leaving or not hooked:
            continue
        events = list(world.events(*_FAILED, about=pod.subject))
        told = next((event.message for event in events), "")
        container = next((held for held in hooked if _waits(held) or f'"{held.name}"' in told), hooked[0])
        cites = [*_cites(container, pod), *(cite_event(event, STRONG) for event in events[:1])]
        if not events and not _waits(container):
            continue
        which = "preStop" if events and events[0].reason == "FailedPreStopHook" else "postStart"
        said = f": {opening(told.rpartition('error: ')[2])}" if told else ""
        yield Finding(
            world.controller(pod),
            f"the {which} hook of {container.name} in {pod.name} fails{said}",
            cites=cites,
            remedies=[*rollback(world.controller(pod)), describe(pod.subject)],
        )


def _waits(container: Container) -> bool:
    return bool(container.waiting and container.waiting.text("reason") == "PostStartHookError")


def _cites(container: Container, pod: Pod) -> list[Citation]:
    told = [container.waiting.cite("reason", CONCLUSIVE)] if container.waiting and _waits(container) else []
    return [*told, container.cite("lifecycle", STRONG)]
