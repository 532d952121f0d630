"""Healthy although the network is not the plainest."""

from tests.investigation.clusters import SYSTEM, Cluster, ago, resource, runs, told
from tests.investigation.healthy.tempting import tempting
from tests.investigation.library import CALLS
from tests.investigation.workloads import endpoints, replica, serve
from tests.investigation.worlds import Document


def _policy(name: str, selector: Document, **spec: object) -> Document:
    return resource("NetworkPolicy", name, spec={"podSelector": selector, **spec})


@tempting()
def all_denied_and_the_needed_allowed(made: Cluster) -> None:
    made.add(_policy("default-deny", {}, policyTypes=["Ingress", "Egress"]))
    space = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": SYSTEM}}}
    ports = [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]
    made.add(_policy("allow-dns", {}, policyTypes=["Egress"], egress=[{"to": [space], "ports": ports}]))
    http = [{"port": 8080, "protocol": "TCP"}]
    for caller, callees in CALLS.items():
        own = {"matchLabels": {"app": caller}}
        to = [{"podSelector": {"matchLabels": {"app": callee}}} for callee in callees]
        made.add(_policy(f"{caller}-out", own, policyTypes=["Egress"], egress=[{"to": to, "ports": http}]))
        callers = [{"podSelector": {"matchLabels": {"app": at}}} for at, called in CALLS.items() if caller in called]
        gate = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}}}]
        ingress = [{"from": callers or gate, "ports": http}]
        made.add(_policy(f"{caller}-in", own, policyTypes=["Ingress"], ingress=ingress))
    for store, port in (("database", 5432), ("cache", 6379)):
        own = {"matchLabels": {"app": store}}
        within = [{"from": [{"podSelector": {}}], "ports": [{"port": port, "protocol": "TCP"}]}]
        made.add(_policy(f"{store}-in", own, policyTypes=["Ingress"], ingress=within))


@tempting()
def services_without_pods_of_their_own(made: Cluster) -> None:
    outside = resource("Service", "payments", spec={"type": "ExternalName", "externalName": "pay.example.org"})
    by_hand = resource(
        "Service", "legacy", spec={"clusterIP": "10.43.9.9", "ports": [{"port": 1521, "protocol": "TCP"}]}
    )
    held = resource("Endpoints", "legacy", subsets=[{"addresses": [{"ip": "192.0.2.55"}], "ports": [{"port": 1521}]}])
    made.add(outside, by_hand, held)
    made["fines"].container["env"] += [
        {"name": "PAYMENTS_URL", "value": "https://payments:443/v2"},
        {"name": "LEGACY_DSN", "value": "oracle://legacy:1521/books"},
    ]


@tempting()
def load_balancer_with_its_address(made: Cluster) -> None:
    front = serve("portal", [])
    front["metadata"] |= {"name": "portal-public", "uid": "portal-public"}
    front["spec"] |= {"type": "LoadBalancer", "externalTrafficPolicy": "Local", "healthCheckNodePort": 31555}
    front["spec"]["ports"][0]["nodePort"] = 30080
    front["status"] = {"loadBalancer": {"ingress": [{"ip": "192.0.2.44"}]}}
    made.add(front, endpoints(front, made["portal"].pods))
    made.tell(front, "UpdatedLoadBalancer", "Updated load balancer with new hosts", kind="Normal")


@tempting()
def ingress_with_several_paths_and_a_certificate(made: Cluster) -> None:
    held = made.find("Ingress", "portal")
    paths = held["spec"]["rules"][0]["http"]["paths"]
    for name in ("reviews", "accounts"):
        backend = {"service": {"name": name, "port": {"number": 80}}}
        paths.append({"path": f"/{name}", "pathType": "Prefix", "backend": backend})
    held["spec"]["tls"] = [{"hosts": ["library.example"], "secretName": "portal-certificate"}]


@tempting()
def routes_of_the_gateway_api(made: Cluster) -> None:
    gateway = resource("Gateway", "public", status={"conditions": told(Accepted="True", Programmed="True")})
    spec = {"parentRefs": [{"name": "public"}], "rules": [{"backendRefs": [{"name": "portal", "port": 80}]}]}
    parents = [{"parentRef": {"name": "public"}, "conditions": told(Accepted="True", ResolvedRefs="True")}]
    made.add(gateway, resource("HTTPRoute", "portal", spec=spec, status={"parents": parents}))


@tempting()
def every_pod_with_the_proxy_of_a_mesh(made: Cluster) -> None:
    proxy = {"name": "istio-proxy", "image": "docker.example/istio/proxyv2:1.26", "ports": [{"containerPort": 15090}]}
    for name in CALLS:
        for pod in made[name].pods:
            pod["spec"]["containers"].append(proxy)
            pod["status"]["containerStatuses"].append(runs(proxy))
            made.log(pod, _PROXY, container="istio-proxy")
    rule = {"host": "portal", "trafficPolicy": {"tls": {"mode": "ISTIO_MUTUAL"}}}
    made.add(resource("DestinationRule", "portal", spec=rule))
    made.add(resource("PeerAuthentication", "default", spec={"mtls": {"mode": "STRICT"}}))


_PROXY = (
    "2026-03-01T11:40:02.1Z\twarning\tenvoy config\tgRPC config stream closed: 13, upstream max stream duration reached\n"
    '[2026-03-01T11:59:01Z] "GET /books HTTP/1.1" 200 - via_upstream - "-" 0 512 3 2 "-" "portal" "10.42.1.7:8080"'
)


@tempting()
def every_connection_that_was_tried_came_about(made: Cluster) -> None:
    made.sections["probes"] = [
        {"target": f"{name}:80", "succeeded": True, "source": "worker-1", "latency_ms": 1.4} for name in CALLS
    ]
    made.sections["dependencies"] = [
        {"caller": caller, "callee": callee} for caller, callees in CALLS.items() for callee in callees
    ]


@tempting()
def endpoints_of_a_pod_that_leaves(made: Cluster) -> None:
    app = made["catalog"]
    leaving = replica(app.sets[0], 6)
    leaving["metadata"]["deletionTimestamp"] = ago(seconds=-20)
    made.add(leaving)
    held = next(
        held for held in made.objects if held["kind"] == "EndpointSlice" and "catalog" in held["metadata"]["name"]
    )
    state = {"ready": False, "serving": True, "terminating": True}
    held["endpoints"].append({"addresses": ["10.42.3.9"], "conditions": state})


@tempting()
def a_service_that_publishes_pods_before_they_are_ready(made: Cluster) -> None:
    held = made.find("Service", "cache")
    held["spec"]["publishNotReadyAddresses"] = True
    held["spec"]["ports"].append({"name": "gossip", "port": 16379, "targetPort": 16379, "protocol": "TCP"})


@tempting()
def service_with_a_second_port_for_metrics(made: Cluster) -> None:
    for name in CALLS:
        held = made.find("Service", name)
        held["spec"]["ports"].append({"name": "metrics", "port": 9090, "targetPort": 9090, "protocol": "TCP"})
        spec = {"selector": {"matchLabels": {"app": name}}, "endpoints": [{"port": "metrics"}]}
        made.add(resource("ServiceMonitor", name, spec=spec))


@tempting()
def addresses_in_other_namespaces_and_outside(made: Cluster) -> None:
    made["notices"].container["env"] += [
        {"name": "SMTP_HOST", "value": "mail.example.org"},
        {"name": "SMTP_PORT", "value": "587"},
        {"name": "OTEL_EXPORTER_OTLP_ENDPOINT", "value": "http://collector.observability.svc.cluster.local:4317"},
        {"name": "PROXY", "value": "http://proxy.corp.example:3128"},
        {"name": "BIND", "value": "0.0.0.0:8080"},
        {"name": "SENTRY_DSN", "value": "https://abc@o1.ingest.example.io/44"},
    ]


@tempting()
def names_asked_again_with_other_endings(made: Cluster) -> None:
    lines = (
        '[INFO] 10.42.1.9:41533 - 4412 "A IN catalog.shop.svc.cluster.local. udp 47 false 512" NOERROR qr,aa,rd 92 0.0001s',
        '[INFO] 10.42.1.9:41533 - 9921 "AAAA IN pay.example.org.shop.svc.cluster.local. udp 51" NXDOMAIN qr,aa,rd 140 0.0001s',
    )
    for pod in made["coredns"].pods:
        made.log(pod, *lines * 20)


@tempting()
def load_balancer_that_nobody_provides_or_needs(made: Cluster) -> None:
    front = serve("portal", [])
    front["metadata"] |= {"name": "portal-outside", "uid": "portal-outside"}
    front["spec"] |= {"type": "LoadBalancer"}
    front["spec"]["ports"][0]["nodePort"] = 30081
    front["status"] = {"loadBalancer": {}}
    made.add(front, endpoints(front, made["portal"].pods))


@tempting()
def services_are_forwarded_by_the_network_itself(made: Cluster) -> None:
    made.drop(made["kube-proxy"].workload, *made["kube-proxy"].pods)
    made.sections["node_services"] = [
        {"node": f"worker-{number}", "service": service, "active": state == "active", "state": state}
        for number in range(1, 5)
        for service, state in (("kubelet", "active"), ("containerd", "active"), ("kube-proxy", "inactive (dead)"))
    ]


@tempting()
def former_container_runtime_still_installed(made: Cluster) -> None:
    made.sections["node_services"] = [
        {"node": f"worker-{number}", "service": service, "active": state == "active", "state": state}
        for number in range(1, 5)
        for service, state in (("kubelet", "active"), ("containerd", "active"), ("docker", "inactive (dead)"))
    ]


@tempting()
def only_the_port_for_metrics_is_declared(made: Cluster) -> None:
    app = made["search"]
    made.find("Service", "search")["spec"]["ports"][0]["targetPort"] = 8080
    for held in (app.container, *(pod["spec"]["containers"][0] for pod in app.pods)):
        held["ports"] = [{"name": "metrics", "containerPort": 9090, "protocol": "TCP"}]
        held["readinessProbe"] = held["livenessProbe"] = {"exec": {"command": ["/bin/healthy"]}}


@tempting()
def worker_that_lets_nobody_in_by_intention(made: Cluster) -> None:
    made.add(_policy("fines-closed", {"matchLabels": {"app": "fines"}}, policyTypes=["Ingress"]))
