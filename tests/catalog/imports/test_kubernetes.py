from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.catalog.imports.test_backstage import JSON
from tocsin.catalog.imports.kubernetes import items, understand
from tocsin.catalog.imports.parsed import ParsedService
from tocsin.catalog.recognition import Place


def workload(
    name: str,
    env: dict[str, str] | None = None,
    labels: dict[str, str] | None = None,
    namespace: str = "shop",
    **more: Any,
) -> dict[str, Any]:
    container = {"image": "registry.example/x:1", "env": [{"name": n, "value": v} for n, v in (env or {}).items()]}
    template = {"metadata": {"labels": labels or {"app": name}}, "spec": {"containers": [container | more]}}
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {"template": template}}


def other(kind: str, name: str, namespace: str = "shop", **fields: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}, **fields}


def service(name: str, app: str = "", **spec: Any) -> dict[str, Any]:
    return other("Service", name, spec={"selector": {"app": app}, **spec} if app else spec)


def read(*objects: dict[str, Any]) -> dict[str, ParsedService]:
    return {found.slug: found for found in understand(objects, environment="production").services}


def test_a_workload_is_a_service_where_it_runs() -> None:
    cart = read(workload("cart", labels={"app": "cart", "team": "Buyers", "app.kubernetes.io/part-of": "shop"}))["cart"]
    assert cart.selectors == (Place("production", namespace="shop", workload="cart"),)
    assert (cart.owner, cart.tags, cart.kind) == ("buyers", ("shop",), "service")


def test_its_service_and_its_labels_give_it_other_names_unless_they_are_shared() -> None:
    labels = {"app": "c", "app.kubernetes.io/name": "shop"}
    found = read(
        workload("cart-v2", labels=labels), workload("web", labels=labels | {"app": "w"}), service("cart", "c")
    )
    assert found["cart-v2"].aliases == ("c", "cart")


def test_variables_name_what_is_needed() -> None:
    env = {
        "CART_URL": "http://cart:8080",
        "DB_HOST": "db",
        "MODE": "mail",
        "OTHER": "http://cart.elsewhere/",
        "WEB": "http://web",
    }
    found = read(
        workload("web", env),
        workload("cart"),
        workload("orders-db", labels={"app": "db"}),
        workload("mail"),
        *(service(name, name) for name in ("cart", "db", "mail", "web")),
    )
    assert found["web"].needs == {
        "cart": "variable CART_URL names cart.shop",
        "orders-db": "variable DB_HOST names db.shop",
    }


def test_configuration_names_it_too() -> None:
    held = other("ConfigMap", "settings", data={"CART": "http://cart/", "queue": "amqp://queue"})
    one = {"name": "Q", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "queue"}}}
    found = read(
        held,
        workload("web", envFrom=[{"configMapRef": {"name": "settings"}}]),
        workload("mail") | {"spec": {"template": {"spec": {"containers": [{"env": [one]}]}}}},
        *(workload(name) for name in ("cart", "queue")),
        *(service(name, name) for name in ("cart", "queue")),
    )
    assert sorted(found["web"].needs) == ["cart", "queue"]
    assert sorted(found["mail"].needs) == ["queue"]


def test_what_is_outside_of_the_cluster_is_a_service_where_it_is_needed() -> None:
    outside = [service("bank", externalName="api.bank.example"), service("unused", externalName="x.example")]
    found = read(workload("web", {"BANK": "https://bank/v1"}), *outside)
    assert (found["bank"].kind, found["bank"].hosts, "unused" in found) == ("external", ("api.bank.example",), False)


def test_an_ingress_gives_it_a_host_name() -> None:
    route = {"host": "shop.example", "http": {"paths": [{"backend": {"service": {"name": "web"}}}]}}
    assert read(workload("web"), service("web", "web"), other("Ingress", "in", spec={"rules": [route]}))[
        "web"
    ].hosts == ("shop.example",)


def test_images_tell_databases_from_services() -> None:
    assert read(workload("db", image="docker.io/library/postgres:16@sha256:ab"))["db"].kind == "database"


def test_the_same_name_in_two_namespaces_is_two_services() -> None:
    assert sorted(read(workload("db", namespace="a"), workload("db", namespace="b"))) == ["a-db", "b-db"]


def test_the_clusters_own_and_exporters_are_left_out() -> None:
    assert not read(
        workload("coredns", namespace="kube-system"), workload("kube-state-metrics"), other("Pod", "cart-0")
    )


def test_a_malformed_object_is_said_and_takes_no_other_with_it() -> None:
    read = understand([workload("cart") | {"spec": {"template": "x"}}, workload("web")])
    assert [service.slug for service in read.services] == ["web"]
    assert read.notes == ("Deployment cart is left out: Expected `object`, got `str` - at `$.spec.template`",)


def test_lists_within_lists_are_opened() -> None:
    inner = {"apiVersion": "v1", "kind": "List", "items": [workload("cart"), {"kind": "x"}, None]}
    assert [item["metadata"]["name"] for item in items({"apiVersion": "v1", "kind": "List", "items": [inner]})] == [
        "cart"
    ]


@given(spec=JSON, metadata=JSON, kind=st.sampled_from(["Deployment", "Service", "ConfigMap", "Ingress"]))
def test_junk_is_read_or_left_out(spec: Any, metadata: Any, kind: str) -> None:
    junk = {"apiVersion": "v1", "kind": kind, "metadata": metadata, "spec": spec, "data": spec}
    assert "cart" in {found.slug for found in understand([junk, workload("cart")]).services}
