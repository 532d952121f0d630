"""Which change can bring about which trouble: a new image may do anything, a new selector fills no memory."""

import re
from collections.abc import Iterable, Mapping

ABLE, PERHAPS, HARDLY = 1.0, 0.3, 0.05

# What a field is about, told by its path; and the categories of trouble that such a change brings about by itself.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    r"\bimage$": (
        *("image", "crash", "memory", "cpu", "probe", "latency", "application", "database", "job", "overload", "queue"),
    ),
    r"imagePullSecrets|imagePullPolicy": ("image",),
    r"\bresources\b": (
        "memory",
        "cpu",
        "scheduling",
        "quota",
        "latency",
        "autoscaling",
        "eviction",
        "saturation",
        "admission",
    ),
    r"\b(?:env|envFrom|args|command|data|stringData)\b": (
        *(
            "configuration",
            "credentials",
            "dependency",
            "database",
            "dns",
            "crash",
            "application",
            "routing",
            "network",
        ),
        *("certificates", "latency", "memory", "probe", "service", "job"),
    ),
    r"nodeSelector|affinity|tolerations|topologySpread|schedulerName|priorityClass|taints|unschedulable|schedulingGates": (
        *("scheduling", "node", "rollout"),
    ),
    r"targetPort|containerPort|\bports\b|selector|\blabels\b|externalTrafficPolicy|clusterIP": (
        *("service", "network", "dns", "dependency", "rollout", "ingress"),
    ),
    r"Probe\b": ("probe", "crash", "rollout"),
    r"volume|storage|accessModes|claim|subPath|securityContext": ("storage", "crash", "configuration", "admission"),
    r"serviceAccount": ("identity", "image", "security", "admission"),
    r"replicas|maxUnavailable|maxSurge|partition|paused|suspend": (
        *("rollout", "quota", "scheduling", "autoscaling", "job", "saturation", "overload", "database"),
    ),
    r"\bhard\b|\blimits?\b": ("quota", "admission", "scheduling"),
    r"ingress|egress|podSelector|policyTypes": ("network", "dependency", "dns", "latency"),
    r"rules|backend|destination|hosts?\b|\btls\b|gateways": (
        "ingress",
        "routing",
        "network",
        "certificates",
        "service",
    ),
    r"terminationGracePeriod|lifecycle|hostAliases|dnsPolicy|dnsConfig|hostNetwork|initContainers": (
        *("crash", "rollout", "dns", "probe", "network"),
    ),
}


def mechanism(category: str, fields: Iterable[str]) -> float:
    """Return how well a change of these fields can bring about trouble of a category, from 0 to 1.

    Where nobody knows which fields were changed, or what they are about, it is a perhaps.
    """
    paths = list(fields)
    if not category or not paths:
        return PERHAPS
    about = (brings for path in paths for pattern, brings in _FIELDS.items() if re.search(pattern, path))
    return ABLE if any(category in brings for brings in about) else HARDLY
