"""A pod that is not what its template says."""

from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, Citation
from tocsin.investigation.diagnosis.quantity import parse_quantity
from tocsin.investigation.diagnosis.reading.changes.differences import Difference, departures
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.resources import Container, Pod, Resource, Workload
from tocsin.investigation.diagnosis.signals import failed
from tocsin.investigation.diagnosis.world import World

# What decides how a container runs; whatever else differs is filled in on the way as a rule.
_FIELDS = ("image", "command", "args", "resources/limits")


@cause("admission", modes=("admit.webhook_mutated",), needs=("Pod", "ReplicaSet"))
def pod_altered_at_admission(world: World) -> Iterator[Finding]:
    """A failing pod runs with another image, command or limit than its template says: something changed it on the way.

    Mutating webhooks (injectors, policies, vertical autoscalers) may change pods while they are made. Nobody sees it
    in the workload, and whoever mends the template mends nothing.

    When it is wrong: the change was meant, and the pod fails for another reason.
    """
    for pod in world.pods:
        template = _template(world, pod) if not _well(world, pod) else None
        for container in pod.containers if template else ():
            for wanted in template.parts("spec/template/spec/containers") if template else ():
                if wanted.text("name") == container.name and (moved := _moved(Container(wanted, None), container)):
                    yield _finding(world, pod, container, Container(wanted, None), moved)


def _well(world: World, pod: Pod) -> bool:
    return pod.ready and not any(failed(world, pod, held) for held in pod.containers)


def _template(world: World, pod: Pod) -> Resource | None:
    """Return what the pod was made from: its ReplicaSet, or a StatefulSet whose present revision it is."""
    owner = pod.owner
    if owner is None:
        return None
    held = world.inventory.get(Subject(owner.text("kind"), pod.namespace, owner.text("name")))
    if held is None or held.kind == "ReplicaSet":
        return held
    current = pod.labels.get("controller-revision-hash") == held.text("status/updateRevision") != ""
    return held if isinstance(held, Workload) and held.kind == "StatefulSet" and current else None


def _moved(wanted: Container, held: Container) -> list[Difference]:
    return [
        change
        for field in _FIELDS
        if wanted.spec.get(field) is not None
        for change in departures(wanted.spec.get(field), held.spec.get(field), field)
        if _harms(change)
    ]


def _hooks(world: World) -> Iterator[Citation]:
    """Cite the webhooks that are asked about pods and may change them."""
    for held in world.inventory.of("MutatingWebhookConfiguration"):
        for hook in held.parts("webhooks"):
            if any({"pods", "*"}.intersection(rule.words("resources")) for rule in hook.parts("rules")):
                yield hook.cite("name", MODERATE)


def _harms(change: Difference) -> bool:
    """Tell whether a change can do harm: a limit that is raised does not, nor the same image from a mirror."""
    if change.path == "image":
        return str(change.old).rpartition("/")[2] != str(change.new).rpartition("/")[2]
    old, new = parse_quantity(change.old), parse_quantity(change.new)
    return old is None or new is None or new < old


def _finding(world: World, pod: Pod, container: Container, wanted: Container, moved: list[Difference]) -> Finding:
    field = next(field for field in _FIELDS if moved[0].path.startswith(field))
    hooks = list(_hooks(world))
    by = f"; {', '.join(sorted({str(cite.value) for cite in hooks}))} may change pods" if hooks else ""
    return Finding(
        world.controller(pod),
        f"{container.name} in {pod.name} is not what its template says: {'; '.join(map(str, moved[:3]))}{by}",
        cites=[container.cite(field, CONCLUSIVE), wanted.cite(field, MODERATE), *hooks],
        remedies=[
            look(
                "get",
                "mutatingwebhookconfigurations",
                "-o",
                "custom-columns=NAME:.metadata.name,HOOKS:.webhooks[*].name,MADE:.metadata.creationTimestamp",
                of=world.controller(pod),
                purpose="see what may change pods while they are made",
            ),
            look("get", "pod", pod.name, "-o", "yaml", of=pod.subject, purpose="compare the pod with its template"),
        ],
    )
