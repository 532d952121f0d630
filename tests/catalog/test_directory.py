import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.catalog.directory import Directory, Selector, ServiceFacts


def service(slug: str, **facts: object) -> ServiceFacts:
    return ServiceFacts(**({"slug": slug, "project": "shop", "name": slug.title()} | facts))  # type: ignore[arg-type]


CART = service(
    "cart", aliases=("basket",), selectors=(Selector(namespace="shop", workload="cart-api"),), depends_on=("orders-db",)
)
CHECKOUT = service("checkout", hosts=("pay.example.org", "*.checkout.example.org"), depends_on=("cart", "gone"))
ORDERS_DB = service("orders-db", workspaces=("network", "orders (eu)"), selectors=(Selector(namespace="data"),))
SEARCH = service("search", selectors=(Selector("eu", "shop", labels=(("app.kubernetes.io/part-of", "search"),)),))
DIRECTORY = Directory([CHECKOUT, CART, ORDERS_DB, SEARCH])
ANYTHING = st.dictionaries(
    st.text(max_size=12) | st.sampled_from(["service", "url", "job", "host"]), st.text(max_size=20)
)


def found(labels: dict[str, str], kind: str = "", name: str = "", namespace: str = "") -> str:
    told = DIRECTORY.service_of(labels, {"kind": kind, "name": name, "namespace": namespace} if kind else {})
    return told.slug if told else ""


@pytest.mark.parametrize(
    "labels",
    [
        {"service": "cart"},
        {"app_kubernetes_io_name": "Basket"},
        {"job": "monitoring/cart"},
        {"service": "kube-state-metrics", "app": "cart"},
        {"service": "cart", "job": "checkout"},
    ],
)
def test_a_label_names_the_service(labels: dict[str, str]) -> None:
    assert found(labels) == "cart"


@pytest.mark.parametrize("label", ["kube-state-metrics", "cart-exporter", "kubelet", "nobody", ""])
def test_what_only_reports_on_others_names_none(label: str) -> None:
    directory = Directory([service(label or "x")] if label != "nobody" else [])
    assert directory.service_of({"service": label, "job": label}, {}) is None


@pytest.mark.parametrize(
    ("kind", "name", "namespace", "slug"),
    [
        ("Deployment", "cart-api", "shop", "cart"),
        ("Pod", "cart-api-7c9d8b6f5d-x2x4z", "shop", "cart"),
        ("Pod", "cart-api-7c9d8b6f5d-x2x4z", "shop-staging", ""),
        ("Deployment", "checkout", "anywhere", "checkout"),
        ("Deployment", "cart", "elsewhere", ""),
        ("StatefulSet", "postgres", "data", "orders-db"),
        ("Namespace", "data", "data", "orders-db"),
        ("Node", "cart-api", "", ""),
    ],
)
def test_a_workload_is_a_services_own_where_it_runs(kind: str, name: str, namespace: str, slug: str) -> None:
    assert found({}, kind, name, namespace) == slug


def test_a_pods_labels_tell_in_the_cluster_they_are_meant_for() -> None:
    labels = {"label_app_kubernetes_io_part_of": "search", "namespace": "shop"}
    assert found(labels) == found(labels | {"cluster": "eu"}) == "search"
    assert found(labels | {"cluster": "us"}) == ""


@pytest.mark.parametrize(
    "labels",
    [
        {"instance": "pay.example.org:443"},
        {"url": "https://eu.checkout.example.org/health"},
        {"host": "PAY.example.org"},
    ],
)
def test_a_host_name_tells(labels: dict[str, str]) -> None:
    assert found(labels) == "checkout"


@pytest.mark.parametrize("labels", [{"workspace": "network"}, {"configuration": "orders (eu)"}])
def test_a_terraform_workspace_tells(labels: dict[str, str]) -> None:
    assert found(labels, "Configuration", "orders (eu)") == "orders-db"


def test_what_fits_several_is_nobodys_until_something_settles_it() -> None:
    twins = Directory([service("a", aliases=("api",), hosts=("a.example.org",)), service("b", aliases=("api",))])
    assert twins.find({"app": "api"}, {}).reason == "label app says api, which fits a, b"
    assert twins.find({"app": "api", "host": "a.example.org"}, {}).service == twins.services["a"]


def test_the_reason_is_said() -> None:
    assert DIRECTORY.find({"service": "cart"}, {}).reason == "label service says cart"
    assert "names a service" in DIRECTORY.find({}, {}).reason


def test_a_project_names_its_services_with_labels_of_its_own() -> None:
    assert Directory([CART], ["product"]).service_of({"product": "cart", "service": "checkout"}, {}) == CART


def test_what_needs_what_is_followed_through_others() -> None:
    assert DIRECTORY.upstream("checkout") == {"cart", "orders-db"}
    assert DIRECTORY.downstream("orders-db") == {"cart", "checkout"}


def test_distance_counts_dependencies_in_either_direction() -> None:
    assert DIRECTORY.distance("checkout", "orders-db") == DIRECTORY.distance("orders-db", "checkout") == 2
    assert DIRECTORY.distance("cart", "cart") == 0
    assert DIRECTORY.distance("cart", "search") is None


def test_services_may_need_each_other() -> None:
    ring = Directory([service("a", depends_on=("b",)), service("b", depends_on=("a",))])
    assert ring.upstream("a") == {"b"}


@given(labels=ANYTHING, subject=ANYTHING)
def test_nothing_that_an_alert_says_breaks_it(labels: dict[str, str], subject: dict[str, str]) -> None:
    told = DIRECTORY.find(labels, subject)
    assert told.reason
