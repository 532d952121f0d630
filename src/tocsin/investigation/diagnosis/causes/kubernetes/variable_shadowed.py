"""A variable whose value is not the one that was meant, because another one of its name hides it."""

import re
from collections import Counter
from collections.abc import Iterator

from tocsin.investigation.diagnosis.cause import Finding, cause
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE, STRONG, Part
from tocsin.investigation.diagnosis.excerpts import opening
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look
from tocsin.investigation.diagnosis.remedies.patches import patch_template
from tocsin.investigation.diagnosis.resources import Container, Pod, Service
from tocsin.investigation.diagnosis.signals import complaints, crash_cites
from tocsin.investigation.diagnosis.world import World, cite_event

# Kubernetes sets NAME_PORT=tcp://ADDRESS:PORT for each Service; a program that expects a number there fails to read it.
_LINKED = (
    r"(?i)(?:invalid|pars|cannot|could not|failed|error|number|integer|exception).*\btcp://(\d+\.\d+\.\d+\.\d+):\d+"
)
_ADDRESS = re.compile(r"tcp://(\d+\.\d+\.\d+\.\d+):(\d+)")


@cause("configuration", modes=("config.env_invalid",), needs=("Pod",))
def variable_shadowed(world: World) -> Iterator[Finding]:
    """A container has another value in a variable than was meant: one of the same name hides it, or its name is invalid.

    Of two variables of one name the last one counts. Kubernetes adds variables for every Service of the namespace
    (NAME_PORT=tcp://…), which collide with an application's own. Keys that are no variable names are left out.

    When it is wrong: the later value is the one that was meant.
    """
    for pod, container, line in complaints(world, _LINKED, hint=r"tcp://\d"):
        if pod.get("spec/enableServiceLinks") is False or not (found := _ADDRESS.search(line.text)):
            continue
        service = _behind(world, pod, found[1], int(found[2]))
        name = f"{service.name.upper().replace('-', '_')}_PORT" if service else "a variable"
        held = [service.cite("spec/clusterIP", STRONG)] if service else []
        yield Finding(
            world.controller(pod),
            f"{container.name} in {pod.name} reads {name} as a number, but Kubernetes set it to {found[0]} "
            f"for service {service.name if service else found[1]}",
            cites=[*crash_cites(container, line), *held],
            remedies=_unlinked(world, pod),
        )
    for pod in world.pods:
        if not pod.ready and not pod.leaving:
            yield from _left_out(world, pod)
            for container in pod.containers:
                yield from _doubled(world, pod, container)


def _behind(world: World, pod: Pod, address: str, port: int) -> Service | None:
    """Return the Service of an address in the pod's namespace."""
    near = (service for service in world.services if service.namespace == pod.namespace)
    matching = (one for one in near if one.text("spec/clusterIP") == address)
    return next((one for one in matching if any(part.number("port") == port for part in one.ports)), None)


def _unlinked(world: World, pod: Pod) -> list[Command]:
    workload = world.workload(pod.subject)
    seen = look("get", "services", of=pod.subject, purpose="see the services for which variables are set")
    if not workload or workload.kind == "Job":
        return [seen]
    stopped = patch_template(
        workload.subject,
        "enableServiceLinks",
        workload.get("spec/template/spec/enableServiceLinks"),
        False,
        purpose=f"keep the variables of services from {workload.name}",
        before="it does not read them; changing the template starts a rollout",
    )
    return [stopped, seen]


def _left_out(world: World, pod: Pod) -> Iterator[Finding]:
    for event in world.events("InvalidEnvironmentVariableNames", about=pod.subject):
        yield Finding(
            world.controller(pod),
            f"{pod.name} lacks variables whose names are invalid: {opening(event.message)}",
            cites=[cite_event(event, STRONG)],
            remedies=[look("get", "configmaps", of=pod.subject, purpose="see the keys that are no variable names")],
        )


def _doubled(world: World, pod: Pod, container: Container) -> Iterator[Finding]:
    """Yield the variables that a container which fails has twice, with different values, and complains about."""
    counted = Counter(variable.text("name") for variable in container.env)
    for name in sorted(name for name, count in counted.items() if count > 1 and not container.ready):
        held = [variable for variable in container.env if variable.text("name") == name]
        lines = [line for line in world.current_complaints(pod, container) if _told_of(held, name, line.text)]
        if len({str(variable.value) for variable in held}) > 1 and lines:
            yield Finding(
                world.controller(pod),
                f"{container.name} in {pod.name} has {name} {len(held)} times; the last one counts and hides the others",
                cites=[
                    *(part.cite("name", STRONG if part is held[-1] else MODERATE) for part in held),
                    lines[-1].cite(CONCLUSIVE),
                ],
                remedies=[
                    look("get", "pod", pod.name, "-o", "yaml", of=pod.subject, purpose=f"see where {name} is set")
                ],
            )


def _told_of(held: list[Part], name: str, text: str) -> bool:
    """Tell whether a line is about a variable: it has its name or the value that counts."""
    value = held[-1].text("value")
    return name in text or (len(value) > 3 and value in text)
