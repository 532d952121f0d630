"""Looks at the components of the control plane: who leads, and whether its pods run."""

from tocsin.investigation.diagnosis.reading.nodes.control_plane import NAMESPACE, lease
from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.remedies.command import Command
from tocsin.investigation.diagnosis.remedies.kubectl import look


def look_at_lease(name: str) -> Command:
    """Read the lease of a component: its leader renews it every few seconds."""
    words = ("get", "lease", name, "-o", "yaml")
    return look(*words, of=lease(name), purpose="see who leads, and when the lease was renewed last")


def look_at_component(name: str) -> Command:
    """Read how the pods of a component are, by the label that kubeadm gives them."""
    words = ("get", "pods", "-l", f"component={name}", "-o", "wide")
    return look(*words, of=Subject("Pod", NAMESPACE, name), purpose="see whether it runs")
