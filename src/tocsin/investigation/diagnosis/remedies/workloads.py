"""Remedies on workloads: going back, scaling, starting anew, another image, another variable."""

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Undo, Verify
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl, look, rollout_done, target
from tocsin.investigation.diagnosis.resources import UNNAMED

_ROLLED = ("Deployment", "StatefulSet", "DaemonSet")


def rollback(workload: Subject, revision: str = "", back: str = "") -> tuple[Command, ...]:
    """Return to the revision before, or to a named one; `back` is the one now, for the undo."""
    if workload.kind not in _ROLLED:
        return ()
    to = (f"--to-revision={revision}",) if revision else ()
    again = (f"--to-revision={back}",) if back else ()
    return (
        Command(
            argv=kubectl("rollout", "undo", target(workload), *to, of=workload),
            purpose=f"return {workload.name} to {f'revision {revision}' if revision else 'the revision before'}",
            tier="reversible",
            before=f"kubectl -n {workload.namespace} rollout history {target(workload)} shows that the former one was good",
            undo=Undo(kubectl("rollout", "undo", target(workload), *again, of=workload)),
            verify=rollout_done(workload),
        ),
    )


def set_image(workload: Subject, container: str, old: str, new: str) -> tuple[Command, ...]:
    """Give a container another image."""
    if workload.kind not in _ROLLED:
        return ()
    return (
        Command(
            argv=kubectl("set", "image", target(workload), f"{container}={new}", of=workload),
            purpose=f"run {new}, the image that worked before",
            tier="reversible",
            before="the image can be pulled: another pod runs it, or the registry lists it",
            undo=Undo(kubectl("set", "image", target(workload), f"{container}={old}", of=workload)),
            verify=rollout_done(workload),
        ),
    )


def set_variable(workload: Subject, container: str, name: str, old: str, new: str) -> tuple[Command, ...]:
    """Give an environment variable another value."""
    if workload.kind not in _ROLLED:
        return ()

    def setting(value: str) -> tuple[str, ...]:
        return kubectl("set", "env", target(workload), f"--containers={container}", f"{name}={value}", of=workload)

    return (
        Command(
            argv=setting(new),
            purpose=f"point {name} to {new}",
            tier="reversible",
            before="the new value is what the application should use; setting it starts a rollout",
            undo=Undo(setting(old)),
            verify=rollout_done(workload),
        ),
    )


def scale_to(workload: Subject, replicas: int, now: int) -> Command:
    """Run another number of replicas."""
    return Command(
        argv=kubectl("scale", target(workload), f"--replicas={replicas}", of=workload),
        purpose=f"run {replicas} replica{'' if replicas == 1 else 's'} of {workload.name}",
        tier="reversible",
        before="nobody scaled it down on purpose (maintenance, cost)",
        undo=Undo(kubectl("scale", target(workload), f"--replicas={now}", of=workload)),
        verify=rollout_done(workload),
    )


def read_logs(pod: Subject, container: str, *, previous: bool = False) -> Command:
    """Read the last lines that a container wrote."""
    before = ("--previous",) if previous else ()
    # kubectl finds the container itself where a pod has only one
    named = () if container == UNNAMED else ("-c", container)
    who = pod.name if container == UNNAMED else container
    purpose = f"read what {who} wrote {'before it ended' if previous else 'last'}"
    return look("logs", pod.name, *named, *before, "--tail=100", of=pod, purpose=purpose)


def describe(subject: Subject) -> Command:
    """Read an object with its events."""
    return look("describe", target(subject), of=subject, purpose=f"read {subject.name} with its events")


def restart(workload: Subject) -> tuple[Command, ...]:
    """Start a workload's pods anew, one after another; a restart cannot be taken back."""
    if workload.kind not in _ROLLED:
        return ()
    return (
        Command(
            argv=kubectl("rollout", "restart", target(workload), of=workload),
            purpose=f"start the pods of {workload.name} anew, so that they read their configuration",
            tier="irreversible",
            before="enough replicas are ready to serve while others restart",
            verify=rollout_done(workload),
        ),
    )


def delete(item: Subject, purpose: str, before: str) -> Command:
    """Delete an object that its controller makes anew, or that nobody needs."""
    return Command(
        argv=kubectl("delete", target(item), of=item),
        purpose=purpose,
        tier="irreversible",
        before=before,
        verify=Verify(kubectl("get", target(item), "--ignore-not-found", of=item), "nothing, or a younger one"),
    )


def force_delete(pod: Subject) -> Command:
    """Forget a pod without waiting for its kubelet to say that it ended."""
    return Command(
        argv=kubectl("delete", "pod", pod.name, "--grace-period=0", "--force", of=pod),
        purpose=f"forget {pod.name}, so that another can take its place",
        tier="irreversible",
        before="its containers no longer run on the node; two that write to one volume destroy data",
        verify=Verify(kubectl("get", "pod", pod.name, "--ignore-not-found", of=pod), "nothing, or a younger one"),
    )


def drop_finalizers(item: Subject, finalizers: tuple[str, ...]) -> Command:
    """Take the finalizers off an object that is being deleted, so that it goes."""
    gone = '[{"op": "remove", "path": "/metadata/finalizers"}]'
    return Command(
        argv=kubectl("patch", target(item), "--type=json", "-p", gone, of=item),
        purpose=f"let {item.name} go without what {', '.join(finalizers)} would clean up",
        tier="irreversible",
        before=f"whoever sets {', '.join(finalizers)} is gone for good; what it would clean up outside stays",
        verify=Verify(kubectl("get", target(item), "--ignore-not-found", of=item), "nothing, or a younger one"),
    )


def resume_rollout(workload: Subject) -> Command:
    """Let a paused rollout go on."""
    return Command(
        argv=kubectl("rollout", "resume", target(workload), of=workload),
        purpose=f"let the rollout of {workload.name} go on",
        tier="reversible",
        before="nobody paused it to watch the first new pods (canary)",
        undo=Undo(kubectl("rollout", "pause", target(workload), of=workload)),
        verify=rollout_done(workload),
    )
