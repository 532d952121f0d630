"""What depends on what."""

from tests.investigation.worlds import (
    Document,
    claim,
    deployment,
    event,
    logs,
    meta,
    node,
    pod,
    quota,
    replicaset,
    service,
    snapshot,
)
from tocsin.investigation.diagnosis import Subject
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.topology import Topology

CART = Subject("Deployment", "shop", "cart")
POD = Subject("Pod", "shop", "cart-7f9c4d-x2x1q")
NODE = Subject("Node", "", "worker-1")


def topology(*objects: Document, **sections: object) -> Topology:
    return Topology(Inventory(snapshot(*objects, **sections)))


def test_trouble_climbs_from_a_node_to_the_service() -> None:
    felt = topology(pod(), deployment(), service(), node()).downstream(NODE)
    assert felt[POD] == 1
    assert {CART, Subject("Service", "shop", "cart")} <= felt.keys()


def test_a_pod_needs_what_it_reads_and_mounts() -> None:
    volumes = [
        {"name": "a", "persistentVolumeClaim": {"claimName": "data"}},
        {"name": "b", "configMap": {"name": "conf"}},
    ]
    needs = topology(pod(volumes=volumes, serviceAccountName="carter"), claim()).needs(POD)
    assert {(edge.target.kind, edge.target.name) for edge in needs} == {
        ("PersistentVolumeClaim", "data"),
        ("ConfigMap", "conf"),
        ("ServiceAccount", "carter"),
        ("Node", "worker-1"),
    }


def test_a_name_in_the_environment_is_a_call() -> None:
    caller = deployment("web", containers=[{"name": "app", "env": [{"name": "CART", "value": "http://cart/api"}]}])
    graph = topology(caller, service(), deployment())
    assert Subject("Deployment", "shop", "web") in graph.downstream(CART)


def test_calls_that_a_tracing_source_recorded_count() -> None:
    graph = topology(deployment("web"), service(), deployment(), dependencies=[{"caller": "web", "callee": "cart"}])
    assert Subject("Deployment", "shop", "web") in graph.downstream(CART)


def test_an_ingress_needs_the_services_it_routes_to() -> None:
    ingress = meta("Ingress", "shop")
    ingress["spec"] = {"rules": [{"http": {"paths": [{"backend": {"service": {"name": "cart"}}}]}}]}
    assert [edge.relation for edge in topology(ingress).needs(Subject("Ingress", "shop", "shop"))] == ["routes to"]


def test_a_neighbourhood_can_be_drawn() -> None:
    drawn = topology(pod(), deployment(ready=0), node(), service("other")).neighbourhood(CART, hops=2)
    assert set(drawn.health.items()) >= {(CART, "failing"), (POD, "ok"), (NODE, "ok")}
    assert Subject("Service", "shop", "other") not in drawn.nodes


def test_a_ready_node_that_is_short_of_disk_fails() -> None:
    full = node()
    full["status"]["conditions"].append({"type": "DiskPressure", "status": "True"})
    assert topology(full).health(NODE) == "failing"


def test_an_object_that_is_only_named_is_missing() -> None:
    reads = pod(serviceAccountName="carter")
    graph = topology(reads, meta("ServiceAccount", "default"))
    assert graph.health(Subject("ServiceAccount", "shop", "carter")) == "missing"


def test_the_owner_of_a_pod_is_known_without_its_replicaset() -> None:
    assert Inventory(snapshot(pod())).controller(POD) == CART
    assert Inventory(snapshot(pod(), replicaset())).controller(POD) == CART


def test_an_event_about_a_pod_that_is_gone_is_stale() -> None:
    gone = event(meta("Pod", "cart-7f9c4d-old00"), "BackOff", "restarting")
    assert Inventory(snapshot(pod(), gone)).events == []
    assert len(Inventory(snapshot(gone)).events) == 1


def test_a_route_of_the_gateway_api_needs_its_services() -> None:
    route = meta("HTTPRoute", "shop")
    route["spec"] = {"rules": [{"backendRefs": [{"name": "cart", "port": 80}]}]}
    assert [edge.target.name for edge in topology(route).needs(Subject("HTTPRoute", "shop", "shop"))] == ["cart"]


def test_what_bounds_a_workload_is_drawn_but_spreads_no_trouble() -> None:
    limit = quota(hard={"pods": "1"}, used={"pods": "0"})
    graph = topology(deployment(), limit)
    assert [edge.relation for edge in graph.needs(CART)] == ["is bounded by"]
    assert graph.upstream(CART) == {CART: 0}


def test_owners_that_go_round_in_a_circle_end() -> None:
    one, two = meta("ReplicaSet", "one"), meta("ReplicaSet", "two")
    one["metadata"]["ownerReferences"] = [{"kind": "ReplicaSet", "name": "two"}]
    two["metadata"]["ownerReferences"] = [{"kind": "ReplicaSet", "name": "one"}]
    found = Inventory(snapshot(one, two)).owners(Subject("ReplicaSet", "shop", "one"))
    assert [subject.name for subject in found] == ["one", "two"]


def test_a_deployment_whose_rollout_does_not_come_up_fails() -> None:
    stuck = deployment()
    stuck["status"] |= {"updatedReplicas": 1, "unavailableReplicas": 1}
    assert topology(stuck).health(CART) == "failing"


def test_a_service_without_a_ready_pod_fails() -> None:
    cart = Subject("Service", "shop", "cart")
    assert topology(service(), pod()).health(cart) == "ok"
    assert topology(service(selector={"app": "other"}), pod()).health(cart) == "failing"
    assert topology(service()).health(cart) == "ok"


def test_an_address_in_a_complaint_is_a_call() -> None:
    web = pod("web")
    told = logs(web, 'level=error upstream="http://cart/api" error="connection refused"')
    caller = Subject("Deployment", "shop", "web")
    assert caller in topology(web, deployment("web"), service(), deployment(), logs=told).downstream(CART)
    fine = logs(web, 'level=info upstream="http://cart/api" status=200')
    assert caller not in topology(web, deployment("web"), service(), deployment(), logs=fine).downstream(CART)
