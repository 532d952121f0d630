"""Remedies on nodes."""

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command, Undo, Verify
from tocsin.investigation.diagnosis.remedies.kubectl import kubectl


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
