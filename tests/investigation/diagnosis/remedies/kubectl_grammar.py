"""The grammar of kubectl, as far as remedies speak it: verbs with their flags and operands, kinds with their names.

Source: `kubectl VERB --help` and `kubectl api-resources` of Kubernetes 1.33.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tocsin.investigation.diagnosis.reference import Subject
from tocsin.investigation.diagnosis.stored import CLUSTER_SCOPED

NAME = re.compile(r"[a-z0-9]([-a-z0-9.:]*[a-z0-9])?")
READS = ("get", "describe", "logs", "top", "explain", "api-resources", "events", "auth can-i", "wait")
READS_OF_ROLLOUTS = ("rollout status", "rollout history")


class GrammarError(ValueError):
    """The words are no kubectl command; the message says which word is wrong."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A command taken apart: `verb` with its second word if it has one ("rollout undo"), flags, and what is left."""

    verb: str
    operands: tuple[str, ...]
    flags: Mapping[str, str]

    @property
    def namespace(self) -> str:
        return self.flags.get("--namespace", "")

    @property
    def everywhere(self) -> bool:
        return "--all-namespaces" in self.flags

    @property
    def reads(self) -> bool:
        return self.verb in READS or self.verb in READS_OF_ROLLOUTS

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are asked for, by name or in general."""
        if self.verb.startswith("create "):
            return ()
        if self.verb in ("logs", "cordon", "uncordon", "drain", "auth can-i") or not self.operands:
            return (
                ("Pod",) if self.verb == "logs" else ("Node",) if self.verb in ("cordon", "uncordon", "drain") else ()
            )
        return tuple(kind_of(word) for word in self.operands[0].partition("/")[0].split(","))

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """The objects that are named."""
        if self.verb.startswith("create"):
            return ()
        [kind, *_], names = self.kinds or ("",), list(self.operands)
        if "/" in self.operands[0] if self.operands else False:
            names = [self.operands[0].partition("/")[2]]
        elif self.verb not in ("logs", "cordon", "uncordon", "drain"):
            names = names[1:2] if self.verb in _CHANGES_AFTER else names[1:]
        scope = "" if kind in CLUSTER_SCOPED or kind in _CLUSTER_SCOPED else self.namespace
        return tuple(Subject(kind, scope, name) for name in names if kind)

    @property
    def made(self) -> tuple[Subject, ...]:
        """The objects that the command creates."""
        if self.verb == "expose":
            return (Subject("Service", self.namespace, self.flags["--name"]),)
        if not self.verb.startswith("create "):
            return ()
        kind = kind_of(self.verb.split()[1])
        return (Subject(kind, self.namespace if namespaced(kind) else "", self.operands[-1]),)


# Flags with a value (True) or without one (False); the short forms stand for the long ones.
_SHORT = {"-n": "--namespace", "-A": "--all-namespaces", "-o": "--output", "-l": "--selector", "-c": "--container"}
_SHORT |= {"-p": "--patch", "-L": "--label-columns"}
_SHOWN = {"--output": True, "--show-labels": False, "--label-columns": True, "--sort-by": True, "--no-headers": False}
_CHOSEN = {"--selector": True, "--field-selector": True, "--all-namespaces": False, "--ignore-not-found": False}
_SET = {"--containers": True, "--selector": True}
_VERBS: Mapping[str, Mapping[str, bool]] = {
    "get": {**_SHOWN, **_CHOSEN, "--raw": True, "--show-managed-fields": False, "--watch": False},
    "describe": {"--selector": True, "--all-namespaces": False},
    "logs": {
        "--container": True,
        "--previous": False,
        "--tail": True,
        "--since": True,
        "--selector": True,
        "--timestamps": False,
    },
    "top": {"--containers": False, "--sort-by": True, "--selector": True, "--all-namespaces": False},
    "events": {"--for": True, "--types": True, "--all-namespaces": False},
    "explain": {},
    "api-resources": {"--api-group": True, "--namespaced": True},
    "auth can-i": {"--as": True, "--list": False},
    "wait": {"--for": True, "--timeout": True, "--selector": True, "--all": False},
    "rollout status": {"--timeout": True},
    "rollout history": {"--revision": True},
    "rollout undo": {"--to-revision": True},
    "rollout restart": {},
    "rollout pause": {},
    "rollout resume": {},
    "scale": {"--replicas": True},
    "set image": {},
    "set env": {**_SET},
    "set resources": {**_SET, "--limits": True, "--requests": True},
    "set serviceaccount": {},
    "set selector": {},
    "patch": {"--type": True, "--patch": True, "--subresource": True},
    "label": {"--overwrite": False},
    "annotate": {"--overwrite": False},
    "taint": {"--overwrite": False},
    "cordon": {},
    "uncordon": {},
    "drain": {"--ignore-daemonsets": False, "--delete-emptydir-data": False, "--timeout": True},
    "delete": {"--grace-period": True, "--force": False, "--ignore-not-found": False},
    "create configmap": {"--from-literal": True},
    "create quota": {"--hard": True},
    "create serviceaccount": {},
    "create namespace": {},
    "create job": {"--from": True},
    "create service": {},
    "create secret": {"--docker-server": True, "--from-literal": True},
    "create rolebinding": {"--role": True, "--clusterrole": True, "--serviceaccount": True},
    "create role": {"--verb": True, "--resource": True, "--resource-name": True},
    "create clusterrolebinding": {"--clusterrole": True, "--serviceaccount": True},
    "certificate approve": {},
    "autoscale": {"--min": True, "--max": True},
    "expose": {"--name": True, "--port": True, "--target-port": True},
}
# After the object these take what to change.
_CHANGES_AFTER = (
    "label",
    "annotate",
    "taint",
    "set image",
    "set env",
    "set resources",
    "set selector",
    "set serviceaccount",
)
# Fewest and most operands, where it is not "a kind, or any number of kind/name".
_OPERANDS: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("cordon", "uncordon", "drain"), (1, 1)),
    **dict.fromkeys(("rollout status", "rollout undo", "rollout restart", "rollout pause", "rollout resume"), (1, 2)),
    **dict.fromkeys(("scale", "patch", "set resources", "expose", "autoscale"), (1, 2)),
    **dict.fromkeys(("set image", "set env", "set serviceaccount", "set selector"), (2, 9)),
    **dict.fromkeys(("label", "annotate"), (2, 9)),
    "taint": (3, 9),
    "logs": (0, 1),
    "delete": (1, 9),
    "get": (0, 9),
    "describe": (1, 9),
    "api-resources": (0, 0),
}

_KINDS = {
    "Pod": "pods po",
    "Node": "nodes no",
    "Service": "services svc",
    "Deployment": "deployments deploy",
    "ReplicaSet": "replicasets rs",
    "StatefulSet": "statefulsets sts",
    "DaemonSet": "daemonsets ds",
    "Job": "jobs",
    "CronJob": "cronjobs cj",
    "ConfigMap": "configmaps cm",
    "Secret": "secrets",
    "ServiceAccount": "serviceaccounts sa",
    "Namespace": "namespaces ns",
    "Event": "events ev",
    "Endpoints": "endpoints ep",
    "EndpointSlice": "endpointslices",
    "Ingress": "ingresses ing",
    "IngressClass": "ingressclasses",
    "NetworkPolicy": "networkpolicies netpol",
    "ResourceQuota": "resourcequotas quota",
    "LimitRange": "limitranges limits",
    "PersistentVolume": "persistentvolumes pv",
    "PersistentVolumeClaim": "persistentvolumeclaims pvc",
    "StorageClass": "storageclasses sc",
    "VolumeAttachment": "volumeattachments",
    "VolumeSnapshot": "volumesnapshots",
    "CSIDriver": "csidrivers",
    "CSINode": "csinodes",
    "PriorityClass": "priorityclasses pc",
    "RuntimeClass": "runtimeclasses",
    "HorizontalPodAutoscaler": "horizontalpodautoscalers hpa",
    "PodDisruptionBudget": "poddisruptionbudgets pdb",
    "Role": "roles",
    "RoleBinding": "rolebindings",
    "ClusterRole": "clusterroles",
    "ClusterRoleBinding": "clusterrolebindings",
    "Lease": "leases",
    "CustomResourceDefinition": "customresourcedefinitions crd crds",
    "APIService": "apiservices",
    "CertificateSigningRequest": "certificatesigningrequests csr",
    "ValidatingWebhookConfiguration": "validatingwebhookconfigurations",
    "MutatingWebhookConfiguration": "mutatingwebhookconfigurations",
    "ValidatingAdmissionPolicy": "validatingadmissionpolicies",
    "ValidatingAdmissionPolicyBinding": "validatingadmissionpolicybindings",
    "FlowSchema": "flowschemas",
    "PriorityLevelConfiguration": "prioritylevelconfigurations",
    "ControllerRevision": "controllerrevisions",
    # kinds of widespread extensions
    "Certificate": "certificates cert",
    "CertificateRequest": "certificaterequests cr",
    "Issuer": "issuers",
    "ClusterIssuer": "clusterissuers",
    "Challenge": "challenges",
    "Gateway": "gateways gtw",
    "GatewayClass": "gatewayclasses",
    "HTTPRoute": "httproutes",
    "VirtualService": "virtualservices vs",
    "DestinationRule": "destinationrules dr",
    "PeerAuthentication": "peerauthentications pa",
    "Sidecar": "sidecars",
    "Application": "applications app apps",
    "Kustomization": "kustomizations ks",
    "HelmRelease": "helmreleases hr",
    "ExternalSecret": "externalsecrets es",
    "SecretStore": "secretstores ss",
    "ClusterSecretStore": "clustersecretstores css",
    "SealedSecret": "sealedsecrets",
    "NodePool": "nodepools",
    "NodeClaim": "nodeclaims",
    "ScaledObject": "scaledobjects so",
    "VerticalPodAutoscaler": "verticalpodautoscalers vpa",
    "ServiceMonitor": "servicemonitors smon",
}
_CLUSTER_SCOPED = frozenset(
    (
        "CertificateSigningRequest",
        "ClusterIssuer",
        "ClusterSecretStore",
        "FlowSchema",
        "GatewayClass",
        "NodeClaim",
        "NodePool",
        "PriorityLevelConfiguration",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
    )
)
_WORDS = {word: kind for kind, words in _KINDS.items() for word in (kind.lower(), *words.split())}


def kind_of(word: str) -> str:
    """Return the kind that a word names ("pods", "pod", "po"); the group after a dot may be told."""
    if kind := _WORDS.get(word) or _WORDS.get(word.partition(".")[0]):
        return kind
    raise GrammarError(f"no kind is called {word!r}")


def namespaced(kind: str) -> bool:
    """Tell whether objects of a kind belong to a namespace."""
    return kind not in CLUSTER_SCOPED and kind not in _CLUSTER_SCOPED


def parse(argv: Sequence[str]) -> Spoken:
    """Take a command apart; raises GrammarError on a verb, a flag or a number of operands that kubectl does not know."""
    if not argv or argv[0] != "kubectl":
        raise GrammarError(f"this is not kubectl: {argv[:1]}")
    words, flags, plain = list(argv[1:]), dict[str, str](), list[str]()
    values = {"--namespace": True, "--context": True}
    while words:
        word = words.pop(0)
        if not word.startswith("-") or word == "-":
            plain.append(word)
            if verb := _verb(plain):
                values |= _VERBS[verb]
            continue
        name, joined, value = _long(word)
        if name not in values:
            raise GrammarError(f"kubectl {' '.join(plain)} knows no {name}")
        if values[name] and not joined:
            if not words:
                raise GrammarError(f"{name} needs a value")
            value = words.pop(0)
        flags[name] = value
    return _checked(plain, flags)


def _long(word: str) -> tuple[str, str, str]:
    name, joined, value = word.partition("=")
    return _SHORT.get(name, name), joined, value


def _verb(plain: Sequence[str]) -> str:
    one, two = plain[0], " ".join(plain[:2])
    return one if one in _VERBS else two if two in _VERBS else ""


def _checked(plain: list[str], flags: dict[str, str]) -> Spoken:
    verb = _verb(plain) if plain else ""
    if not verb:
        raise GrammarError(f"kubectl knows no {' '.join(plain[:2])!r} here")
    operands = tuple(plain[len(verb.split()) :])
    least, most = _OPERANDS.get(verb, (1, 9))
    if not least <= len(operands) <= most:
        raise GrammarError(f"{verb} takes {least} to {most} operands, not {len(operands)}: {operands}")
    spoken = Spoken(verb, operands, flags)
    if verb not in ("explain", "top") and "--raw" not in flags:
        for subject in spoken.subjects:
            if not NAME.fullmatch(subject.name):
                raise GrammarError(f"{subject.name!r} is no name of an object")
    return spoken
