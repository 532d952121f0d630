"""The kinds of objects that are read of a cluster, and which of them a cluster offers: pure decisions, no requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import msgspec


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind that is read: its API group ("" is the core), its plural, and the versions we understand, the best first."""

    name: str
    group: str
    plural: str
    versions: tuple[str, ...]
    namespaced: bool

    def root(self, version: str) -> str:
        """The path under which a version of its group is served."""
        return f"/apis/{self.group}/{version}" if self.group else f"/api/{version}"


def _of(group: str, versions: str, *, namespaced: bool = True, **plurals: str) -> Iterator[Kind]:
    for name, plural in plurals.items():
        yield Kind(name, group, plural, tuple(versions.split()), namespaced)


KINDS: tuple[Kind, ...] = (
    # what runs, what it reads, how it is reached, what happened to it
    *_of("", "v1", Pod="pods", Event="events", Service="services", ConfigMap="configmaps", Endpoints="endpoints"),
    *_of("", "v1", PersistentVolumeClaim="persistentvolumeclaims", ServiceAccount="serviceaccounts"),
    *_of("", "v1", ResourceQuota="resourcequotas", LimitRange="limitranges"),
    *_of("apps", "v1", Deployment="deployments", ReplicaSet="replicasets", StatefulSet="statefulsets"),
    *_of("apps", "v1", DaemonSet="daemonsets", ControllerRevision="controllerrevisions"),
    *_of("batch", "v1", Job="jobs", CronJob="cronjobs"),
    *_of("discovery.k8s.io", "v1", EndpointSlice="endpointslices"),
    *_of("networking.k8s.io", "v1", Ingress="ingresses", NetworkPolicy="networkpolicies"),
    *_of("autoscaling", "v2", HorizontalPodAutoscaler="horizontalpodautoscalers"),
    *_of("policy", "v1", PodDisruptionBudget="poddisruptionbudgets"),
    *_of("rbac.authorization.k8s.io", "v1", Role="roles", RoleBinding="rolebindings"),
    *_of("coordination.k8s.io", "v1", Lease="leases"),
    # what the whole cluster shares
    *_of("", "v1", namespaced=False, Namespace="namespaces", Node="nodes", PersistentVolume="persistentvolumes"),
    *_of("rbac.authorization.k8s.io", "v1", namespaced=False, ClusterRole="clusterroles"),
    *_of("rbac.authorization.k8s.io", "v1", namespaced=False, ClusterRoleBinding="clusterrolebindings"),
    *_of("storage.k8s.io", "v1", namespaced=False, StorageClass="storageclasses", VolumeAttachment="volumeattachments"),
    *_of("storage.k8s.io", "v1", namespaced=False, CSIDriver="csidrivers", CSINode="csinodes"),
    *_of("networking.k8s.io", "v1", namespaced=False, IngressClass="ingressclasses"),
    *_of("scheduling.k8s.io", "v1", namespaced=False, PriorityClass="priorityclasses"),
    *_of("node.k8s.io", "v1", namespaced=False, RuntimeClass="runtimeclasses"),
    *_of(
        "admissionregistration.k8s.io",
        "v1",
        namespaced=False,
        MutatingWebhookConfiguration="mutatingwebhookconfigurations",
        ValidatingWebhookConfiguration="validatingwebhookconfigurations",
        ValidatingAdmissionPolicy="validatingadmissionpolicies",
        ValidatingAdmissionPolicyBinding="validatingadmissionpolicybindings",
    ),
    *_of("apiregistration.k8s.io", "v1", namespaced=False, APIService="apiservices"),
    *_of("apiextensions.k8s.io", "v1", namespaced=False, CustomResourceDefinition="customresourcedefinitions"),
    *_of("certificates.k8s.io", "v1", namespaced=False, CertificateSigningRequest="certificatesigningrequests"),
    # what only some clusters have
    *_of("gateway.networking.k8s.io", "v1 v1beta1", Gateway="gateways", HTTPRoute="httproutes"),
    *_of("gateway.networking.k8s.io", "v1", GRPCRoute="grpcroutes"),
    *_of("gateway.networking.k8s.io", "v1 v1beta1", ReferenceGrant="referencegrants"),
    *_of("gateway.networking.k8s.io", "v1 v1beta1", namespaced=False, GatewayClass="gatewayclasses"),
    *_of("networking.istio.io", "v1 v1beta1 v1alpha3", VirtualService="virtualservices"),
    *_of("networking.istio.io", "v1 v1beta1 v1alpha3", DestinationRule="destinationrules"),
    *_of("networking.istio.io", "v1 v1beta1 v1alpha3", ServiceEntry="serviceentries"),
    *_of("security.istio.io", "v1 v1beta1", PeerAuthentication="peerauthentications"),
    *_of("security.istio.io", "v1 v1beta1", AuthorizationPolicy="authorizationpolicies"),
    *_of(
        "cert-manager.io", "v1", Certificate="certificates", CertificateRequest="certificaterequests", Issuer="issuers"
    ),
    *_of("cert-manager.io", "v1", namespaced=False, ClusterIssuer="clusterissuers"),
    *_of("acme.cert-manager.io", "v1", Order="orders", Challenge="challenges"),
    *_of("external-secrets.io", "v1 v1beta1", ExternalSecret="externalsecrets", SecretStore="secretstores"),
    *_of("external-secrets.io", "v1 v1beta1", namespaced=False, ClusterSecretStore="clustersecretstores"),
    *_of("keda.sh", "v1alpha1", ScaledObject="scaledobjects", ScaledJob="scaledjobs"),
    *_of("autoscaling.k8s.io", "v1", VerticalPodAutoscaler="verticalpodautoscalers"),
    *_of("argoproj.io", "v1alpha1", Application="applications", Rollout="rollouts"),
    *_of("helm.toolkit.fluxcd.io", "v2 v2beta2 v2beta1", HelmRelease="helmreleases"),
    *_of("kustomize.toolkit.fluxcd.io", "v1 v1beta2", Kustomization="kustomizations"),
    *_of("metrics.k8s.io", "v1beta1", PodMetrics="pods"),
    *_of("metrics.k8s.io", "v1beta1", namespaced=False, NodeMetrics="nodes"),
)
BY_NAME: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in KINDS})


@dataclass(frozen=True, slots=True)
class Offer:
    """What a cluster says it serves: resources by `group/version`; None stands for "some, which ones it did not say".

    Without any, nobody could ask: then every kind may be served, in its best version.
    """

    resources: Mapping[str, frozenset[str] | None] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether the cluster said what it serves."""
        return bool(self.resources)

    def version(self, kind: Kind) -> str:
        """The best version of a kind that is served; empty where the cluster has no such kind.

        A version of which nothing is listed may be that of an API that is down, so it counts as served.
        """
        if not self.is_known:
            return kind.versions[0]
        for version in kind.versions:
            served = self.resources.get(f"{kind.group}/{version}", frozenset({""}))
            if served is None or not served or kind.plural in served:
                return version
        return ""

    def other_versions(self, kind: Kind) -> list[str]:
        """The versions of its group that are served where none of them is one we understand."""
        offered = [key.rpartition("/")[2] for key in self.resources if key.rpartition("/")[0] == kind.group]
        return [] if set(offered) & set(kind.versions) else sorted(offered)


class _Resource(msgspec.Struct):
    name: str = msgspec.field(default="", name="resource")


class _Version(msgspec.Struct):
    version: str
    resources: list[_Resource] | None = None
    freshness: str = ""


class _Name(msgspec.Struct):
    name: str = ""


class _Group(msgspec.Struct):
    name: str = ""
    metadata: _Name = msgspec.field(default_factory=_Name)
    versions: list[_Version] = msgspec.field(default_factory=list)


class _Discovery(msgspec.Struct):
    items: list[_Group] = msgspec.field(default_factory=list)
    groups: list[_Group] = msgspec.field(default_factory=list)


def parse_offer(body: bytes) -> Offer:
    """What `GET /apis` says: an APIGroupDiscoveryList (Kubernetes 1.26 and newer) or an APIGroupList.

    Raises msgspec.DecodeError when it is neither.
    """
    found = msgspec.json.decode(body, type=_Discovery)
    served: dict[str, frozenset[str] | None] = {"/v1": None}
    for group in (*found.items, *found.groups):
        for version in group.versions:
            known = version.resources is not None and version.freshness != "Stale"
            names = frozenset(resource.name for resource in version.resources or ())
            served[f"{group.name or group.metadata.name}/{version.version}"] = names if known else None
    return Offer(served)
