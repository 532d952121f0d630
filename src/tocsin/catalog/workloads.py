"""What names tell of Kubernetes workloads: whose a pod is, and which only report on others. Pure."""

from __future__ import annotations

import re

# They report on others: their own pod and service are never what an alert is about.
EXPORTERS = re.compile(r"(^|-)(kube-state-metrics|node-exporter|blackbox-exporter|pushgateway)(-|$)")
# name-<pod-template-hash>-<5 random>, both from the alphabet that Kubernetes uses for generated names
_DEPLOYMENT_POD = re.compile(
    r"^(?P<owner>.+)-[bcdf0-9][bcdfghjklmnpqrstvwxz2456789]{4,9}-[bcdfghjklmnpqrstvwxz2456789]{5}$"
)
_STATEFUL_POD = re.compile(r"^(?P<owner>.+)-\d+$")


def workload_of_pod(name: str) -> str:
    """The name of the workload that a pod's name shows; the pod's own where it shows none."""
    owned = _DEPLOYMENT_POD.match(name) or _STATEFUL_POD.match(name)
    return owned["owner"] if owned else name
