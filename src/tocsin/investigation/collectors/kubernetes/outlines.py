"""What pods and workloads say that decides what else is read: who they are, how they fare, what they read, whom they name."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

# host.namespace, host.namespace.svc, host.namespace.svc.cluster.local: up to a port, a path or the end.
_HOST = re.compile(
    r"(?<![\w.-])(?P<name>[a-z0-9][a-z0-9-]*)\.(?P<namespace>[a-z0-9][a-z0-9-]*)(?:\.svc(?:\.[a-z0-9.-]+)?)?(?![\w.-])"
)
_WORD = re.compile(r"[a-z0-9][a-z0-9-]*")


class _Ref(msgspec.Struct):
    name: str = ""


class _Source(msgspec.Struct, rename="camel"):
    config_map: _Ref | None = None


class _Projected(msgspec.Struct):
    sources: list[_Source] | None = None


class _Volume(msgspec.Struct, rename="camel"):
    config_map: _Ref | None = None
    projected: _Projected | None = None


class _ValueFrom(msgspec.Struct, rename="camel"):
    config_map_key_ref: _Ref | None = None


class _Env(msgspec.Struct, rename="camel"):
    value: str | None = None
    value_from: _ValueFrom | None = None


class _EnvFrom(msgspec.Struct, rename="camel"):
    config_map_ref: _Ref | None = None


class _Container(msgspec.Struct, rename="camel"):
    env: list[_Env] | None = None
    env_from: list[_EnvFrom] | None = None
    args: list[str] | None = None


class PodSpec(msgspec.Struct, rename="camel"):
    """Of a pod's specification, what it reads and where it runs."""

    node_name: str = ""
    volumes: list[_Volume] | None = None
    containers: list[_Container] | None = None
    init_containers: list[_Container] | None = None

    @property
    def config_maps(self) -> set[str]:
        """The names of the ConfigMaps that it reads."""
        refs: list[_Ref | None] = []
        for volume in self.volumes or ():
            refs.append(volume.config_map)
            refs.extend(source.config_map for source in (volume.projected and volume.projected.sources) or ())
        for container in self._containers():
            refs.extend(env.value_from.config_map_key_ref for env in container.env or () if env.value_from)
            refs.extend(env_from.config_map_ref for env_from in container.env_from or ())
        return {ref.name for ref in refs if ref and ref.name}

    @property
    def texts(self) -> Iterator[str]:
        """What its containers are told: values of their environment, arguments."""
        for container in self._containers():
            yield from (env.value for env in container.env or () if env.value)
            yield from container.args or ()

    def _containers(self) -> Iterator[_Container]:
        yield from self.containers or ()
        yield from self.init_containers or ()


class _Owner(msgspec.Struct):
    kind: str = ""
    name: str = ""


class _Metadata(msgspec.Struct):
    name: str
    namespace: str = ""
    labels: dict[str, str] | None = None
    owners: list[_Owner] | None = msgspec.field(default=None, name="ownerReferences")


class _Waiting(msgspec.Struct):
    reason: str = ""


class _Terminated(msgspec.Struct):
    code: int = msgspec.field(default=0, name="exitCode")


class _State(msgspec.Struct):
    waiting: _Waiting | None = None
    terminated: _Terminated | None = None


class ContainerStatus(msgspec.Struct):
    """How a container fares."""

    name: str
    ready: bool = False
    restarts: int = msgspec.field(default=0, name="restartCount")
    state: _State = msgspec.field(default_factory=_State)
    last: _State = msgspec.field(default_factory=_State, name="lastState")


class _PodStatus(msgspec.Struct):
    phase: str = ""
    containers: list[ContainerStatus] | None = msgspec.field(default=None, name="containerStatuses")
    init: list[ContainerStatus] | None = msgspec.field(default=None, name="initContainerStatuses")


class PodOutline(msgspec.Struct):
    """Of a pod, whatever decides what else is read."""

    metadata: _Metadata
    status: _PodStatus = msgspec.field(default_factory=_PodStatus)
    spec: PodSpec = msgspec.field(default_factory=PodSpec)

    @property
    def owner(self) -> str:
        """The name of what made it, its own where nothing did."""
        return self.metadata.owners[0].name if self.metadata.owners else self.metadata.name

    @property
    def is_on_every_node(self) -> bool:
        """Whether a DaemonSet made it."""
        return any(owner.kind == "DaemonSet" for owner in self.metadata.owners or ())

    @property
    def is_failing(self) -> bool:
        """Whether it waits for something, has failed, or is not ready."""
        if self.status.phase == "Succeeded":
            return False
        return self.status.phase != "Running" or not all(status.ready for status in self.status.containers or ())

    @property
    def is_troubled(self) -> bool:
        """Whether it is failing, or a container of it ever was."""
        return self.is_failing or any(status.restarts for status in self.status.containers or ())


class _Template(msgspec.Struct):
    spec: PodSpec = msgspec.field(default_factory=PodSpec)


class _Templated(msgspec.Struct):
    template: _Template = msgspec.field(default_factory=_Template)


class _JobTemplate(msgspec.Struct):
    spec: _Templated = msgspec.field(default_factory=_Templated)


class _WorkloadSpec(msgspec.Struct, rename="camel"):
    template: _Template = msgspec.field(default_factory=_Template)
    job_template: _JobTemplate | None = None


class WorkloadOutline(msgspec.Struct):
    """Of what makes pods, which ConfigMaps those read: there may be none of them now."""

    metadata: _Metadata
    spec: _WorkloadSpec = msgspec.field(default_factory=_WorkloadSpec)

    @property
    def pod(self) -> PodSpec:
        """The specification of its pods."""
        job = self.spec.job_template
        return job.spec.template.spec if job else self.spec.template.spec


class _Port(msgspec.Struct):
    port: int
    protocol: str = "TCP"


class _ServiceSpec(msgspec.Struct):
    selector: dict[str, str] | None = None
    ports: list[_Port] | None = None
    type: str = ""
    cluster_ip: str = msgspec.field(default="", name="clusterIP")


class ServiceOutline(msgspec.Struct):
    """Of a Service, where it is and whom it leads to."""

    metadata: _Metadata
    spec: _ServiceSpec = msgspec.field(default_factory=_ServiceSpec)

    def selects(self, pod: PodOutline) -> bool:
        """Whether it leads to the pod."""
        wanted, labels = self.spec.selector or {}, pod.metadata.labels or {}
        return bool(wanted) and pod.metadata.namespace == self.metadata.namespace and wanted.items() <= labels.items()


def named_namespaces(text: str, known: set[str]) -> Iterator[str]:
    """Of the `known` namespaces those that a text names in the address of a Service, each as often as it does."""
    for found in _HOST.finditer(text):
        if found["namespace"] in known:
            yield found["namespace"]


def words(text: str) -> set[str]:
    """The words of a text that may be names of Services."""
    return set(_WORD.findall(text))
