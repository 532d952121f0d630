"""Remedies on nodes."""

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Undo, Verify
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl, look


def uncordon(node: Subject) -> Command:
    """Let a node take pods again."""
    return Command(
        argv=kubectl("uncordon", node.name, of=node),
        purpose=f"let {node.name} take pods again",
        tier="reversible",
        before="the maintenance for which it was cordoned is over",
        undo=Undo(kubectl("cordon", node.name, of=node)),
        verify=Verify(kubectl("get", "node", node.name, of=node), "Ready without SchedulingDisabled"),
    )


def remove_taint(node: Subject, key: str, value: str, effect: str) -> Command:
    """Take a taint off a node."""
    taint = f"{key}={value}:{effect}" if value else f"{key}:{effect}"
    return Command(
        argv=kubectl("taint", "node", node.name, f"{key}:{effect}-", of=node),
        purpose=f"take the taint {taint} off {node.name}",
        tier="reversible",
        before="the node is not reserved for other work by that taint",
        undo=Undo(kubectl("taint", "node", node.name, taint, of=node)),
        verify=Verify(kubectl("describe", "node", node.name, of=node), f"no {key} under Taints"),
    )


def cordon(node: Subject, why: str) -> Command:
    """Keep new pods off a node; those on it stay."""
    return Command(
        argv=kubectl("cordon", node.name, of=node),
        purpose=f"let no new pods onto {node.name} while {why}",
        tier="reversible",
        before="the other nodes have room for what is made anew",
        undo=Undo(kubectl("uncordon", node.name, of=node)),
        verify=Verify(kubectl("get", "node", node.name, of=node), "SchedulingDisabled"),
    )


def start_service(node: Subject, service: str) -> Command:
    """Start a system service of a node that does not run."""
    return Command(
        argv=("ssh", node.name, "sudo", "systemctl", "start", service),
        purpose=f"start {service} on {node.name}",
        tier="reversible",
        before=f"ssh {node.name} sudo journalctl -u {service} -n 50 does not tell of a fault that stops it again",
        undo=Undo(("ssh", node.name, "sudo", "systemctl", "stop", service)),
        verify=Verify(("ssh", node.name, "systemctl", "is-active", service), "active"),
    )


def look_at_pods(node: Subject, why: str = "") -> Command:
    """Read which pods are on a node; `why` says what for, where that is more than to see them."""
    words = ("get", "pods", "-A", "--field-selector", f"spec.nodeName={node.name}", "-o", "wide")
    return look(*words, of=node, purpose=why or f"see the pods on {node.name}")


def look_at_use(node: Subject) -> Command:
    """Read what the kubelet measures: memory, disk and process ids of the node and of each pod."""
    path = f"/api/v1/nodes/{node.name}/proxy/stats/summary"
    return look("get", "--raw", path, of=node, purpose=f"see which pod of {node.name} uses how much")
