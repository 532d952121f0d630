"""Remedies that change one field of one object: a JSON patch (RFC 6902) with the patch that takes it back."""

import json
from typing import Any

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Undo, Verify
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl, rollout_done, target
from tocsin.investigation.diagnosis.resources import Workload


def patch(subject: Subject, pointer: str, old: Any, new: Any, *, purpose: str, before: str, verify: Verify) -> Command:
    """Replace the value at a JSON pointer; None for `old` adds it, None for `new` takes it away."""
    undo = Undo(_argv(subject, pointer, new, old))
    return Command(_argv(subject, pointer, old, new), purpose, "reversible", before, undo, verify)


def patch_template(workload: Subject, path: str, old: Any, new: Any, *, purpose: str, before: str) -> Command:
    """Replace a value of a workload's pod template, at a path below the pod's spec, and wait for the rollout it starts."""
    pointer, done = f"/spec/template/spec/{path}", rollout_done(workload)
    return patch(workload, pointer, old, new, purpose=purpose, before=before, verify=done)


def patch_selector(service: Subject, old: dict[str, str], new: dict[str, str]) -> Command:
    """Make a Service select the pods that carry other labels."""
    return patch(
        service,
        "/spec/selector",
        old,
        new,
        purpose=f"let {service.name} select the pods labelled {_pairs(new)}",
        before=f"kubectl -n {service.namespace} get pods -l {_pairs(new)} lists the pods that shall serve",
        verify=endpoints_there(service),
    )


def patch_target_port(service: Subject, index: int, old: str | int | None, new: str | int) -> Command:
    """Make a Service forward to another port of its pods."""
    return patch(
        service,
        f"/spec/ports/{index}/targetPort",
        old,
        new,
        purpose=f"forward {service.name} to port {new}, where its pods listen",
        before=f"the container's log or specification says that it listens on {new}",
        verify=endpoints_there(service),
    )


def patch_probe(workload: Subject, container: int, probe: str, old: Any, new: Any, *, purpose: str) -> Command:
    """Replace a probe of the workload's container, counted from 0."""
    before = "the application answers such a probe; changing the template starts a rollout"
    return patch_template(workload, f"containers/{container}/{probe}", old, new, purpose=purpose, before=before)


def patch_container(
    workload: Workload | None, container: str, field: str, new: Any, *, purpose: str, before: str
) -> tuple[Command, ...]:
    """Replace one field of a workload's container ("imagePullPolicy"); nothing to type where there is no such container."""
    places = [at for at, held in enumerate(workload.containers) if held.name == container] if workload else []
    if not workload or not places:
        return ()
    old, path = workload.containers[places[0]].spec.get(field), f"containers/{places[0]}/{field}"
    before = f"{before}; changing the template starts a rollout"
    return (patch_template(workload.subject, path, old, new, purpose=purpose, before=before),)


def endpoints_there(service: Subject) -> Verify:
    """See that a Service has endpoints again."""
    argv = kubectl("get", "endpointslices", "-l", f"kubernetes.io/service-name={service.name}", of=service)
    return Verify(argv, "at least one address under ENDPOINTS")


def _argv(subject: Subject, pointer: str, old: Any, new: Any) -> tuple[str, ...]:
    if new is None:
        operation: dict[str, Any] = {"op": "remove", "path": pointer}
    else:
        operation = {"op": "add" if old is None else "replace", "path": pointer, "value": new}
    return kubectl("patch", target(subject), "--type=json", "-p", json.dumps([operation]), of=subject)


def _pairs(labels: dict[str, str]) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items()))
