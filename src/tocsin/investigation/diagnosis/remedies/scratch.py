"""Remedies that give a container a folder of its own to write to."""

import json

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Undo
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl, rollout_done, target

_ROLLED = ("Deployment", "StatefulSet", "DaemonSet")


def mount_scratch(workload: Subject, container: str, path: str, *, memory: str = "") -> tuple[Command, ...]:
    """Mount an emptyDir at a path, in memory up to a size where one is given; a strategic merge leaves the rest as it is."""
    if workload.kind not in _ROLLED:
        return ()
    name = f"scratch{path.rstrip('/').replace('/', '-').replace('.', '-').replace('_', '-').lower()}"[:63].rstrip("-")
    volume = {"name": name, "emptyDir": {"medium": "Memory", "sizeLimit": memory} if memory else {}}
    mounts = [{"name": container, "volumeMounts": [{"name": name, "mountPath": path}]}]
    document = json.dumps({"spec": {"template": {"spec": {"volumes": [volume], "containers": mounts}}}})
    counted = "; it counts against the memory limit of the container" if memory else ""
    return (
        Command(
            argv=kubectl("patch", target(workload), "--type=strategic", "-p", document, of=workload),
            purpose=f"let {container} write to {path}",
            tier="reversible",
            before=f"what is written to {path} may be lost with the pod{counted}; changing the template starts a rollout",
            undo=Undo(kubectl("rollout", "undo", target(workload), of=workload)),
            verify=rollout_done(workload),
        ),
    )
