"""The parts of Kubernetes objects that tell of services, and nothing else of them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Metadata(msgspec.Struct):
    name: str = ""
    namespace: str = ""
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None


class KeyRef(msgspec.Struct):
    name: str = ""
    key: str = ""


class ValueFrom(msgspec.Struct, rename="camel"):
    config_map_key_ref: KeyRef | None = None


class Variable(msgspec.Struct, rename="camel"):
    name: str = ""
    value: str | None = None
    value_from: ValueFrom | None = None


class EnvFrom(msgspec.Struct, rename="camel"):
    config_map_ref: KeyRef | None = None


class Container(msgspec.Struct, rename="camel"):
    image: str = ""
    env: list[Variable] | None = None
    env_from: list[EnvFrom] | None = None


class PodSpec(msgspec.Struct, rename="camel"):
    containers: list[Container] | None = None
    init_containers: list[Container] | None = None


class Template(msgspec.Struct):
    metadata: Metadata = msgspec.field(default_factory=Metadata)
    spec: PodSpec = msgspec.field(default_factory=PodSpec)


class WorkloadSpec(msgspec.Struct):
    template: Template = msgspec.field(default_factory=Template)


class Workload(msgspec.Struct):
    kind: str
    metadata: Metadata
    spec: WorkloadSpec = msgspec.field(default_factory=WorkloadSpec)

    @property
    def labels(self) -> Mapping[str, str]:
        return (self.metadata.labels or {}) | (self.spec.template.metadata.labels or {})

    @property
    def containers(self) -> list[Container]:
        return (self.spec.template.spec.containers or []) + (self.spec.template.spec.init_containers or [])


class ServiceSpec(msgspec.Struct, rename="camel"):
    selector: dict[str, str] | None = None
    external_name: str = ""


class Service(msgspec.Struct):
    metadata: Metadata
    spec: ServiceSpec = msgspec.field(default_factory=ServiceSpec)


class ConfigMap(msgspec.Struct):
    metadata: Metadata
    data: dict[str, str] | None = None


class Backend(msgspec.Struct):
    service: KeyRef | None = None


class Route(msgspec.Struct):
    backend: Backend = msgspec.field(default_factory=Backend)


class Http(msgspec.Struct):
    paths: list[Route] | None = None


class Rule(msgspec.Struct):
    host: str = ""
    http: Http | None = None


class IngressSpec(msgspec.Struct):
    rules: list[Rule] | None = None


class Ingress(msgspec.Struct):
    metadata: Metadata
    spec: IngressSpec = msgspec.field(default_factory=IngressSpec)


SHAPES: Mapping[str, type[Workload | Service | ConfigMap | Ingress]] = {
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet"), Workload),
    "Service": Service,
    "ConfigMap": ConfigMap,
    "Ingress": Ingress,
}
