"""A gateway that sends a path to the wrong service."""

from tests.investigation.worlds import deployment, logs, look, meta, pod, scene, service
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.route_misdirected import route_misdirected

GATEWAY = deployment("gateway")
PROXY = pod("gateway", volumes=[{"name": "routes", "configMap": {"name": "routes"}}])
SERVICES = [service(f"my-{name}") for name in ("cart", "orders", "payment", "stock")]
REFUSED = '2026-03-01T11:59:40Z 10.1.2.3 - - [01/Mar/2026:11:59:40 +0000] "POST /v1/orders/new HTTP/1.1" 404 131'


def routes(**hosts: str) -> dict[str, object]:
    lines = (f"- id: {name}\n  uri: lb://{host}\n  if: Path=/v1/{name}/**" for name, host in hosts.items())
    return meta("ConfigMap", "routes") | {"data": {"routes.yml": "\n".join(lines)}}


def table(orders: str) -> dict[str, object]:
    right = {name: f"my-{name}" for name in ("cart", "payment", "stock")}
    return routes(**right, orders=orders)


FIRES = scene(table("my-cart"), GATEWAY, PROXY, *SERVICES, logs=logs(PROXY, REFUSED, run="current"))

QUIET = scene(table("my-orders"), GATEWAY, PROXY, *SERVICES, logs=logs(PROXY, REFUSED, run="current"))


def test_names_the_service_that_is_meant() -> None:
    [found] = look(route_misdirected, FIRES)
    assert str(found.subject) == "Service/shop/my-orders"
    assert found.summary.startswith("routes routes /v1/orders/ to my-cart, but the path is named after")


def test_a_host_that_does_not_exist_is_told_by_the_gateways_own_complaint() -> None:
    said = "2026-03-01T11:59:40Z WARN RoundRobinLoadBalancer: No servers available for service: shop-order"
    [found] = look(
        route_misdirected, scene(table("shop-order"), GATEWAY, PROXY, *SERVICES, logs=logs(PROXY, said, run="current"))
    )
    assert found.summary == "routes routes /v1/orders/ to shop-order, but there is no such service"


def test_an_odd_route_that_nobody_is_refused_on_is_meant_so() -> None:
    assert look(route_misdirected, scene(table("my-cart"), GATEWAY, PROXY, *SERVICES)) == []


def test_a_table_that_nobody_reads_routes_nothing() -> None:
    said = logs(PROXY, REFUSED, run="current")
    assert look(route_misdirected, scene(table("my-cart"), GATEWAY, pod("gateway"), *SERVICES, logs=said)) == []


def test_a_path_named_after_a_service_without_a_route_is_told() -> None:
    renamed = table("my-orders")
    renamed["data"] = {"routes.yml": str(renamed["data"]).replace("Path=/v1/orders", "Path=/v1/old")}
    [found] = look(
        route_misdirected, scene(renamed, GATEWAY, PROXY, *SERVICES, logs=logs(PROXY, REFUSED, run="current"))
    )
    assert found.summary == "routes has no route for /v1/orders/new, which is named after my-orders"


def test_behind_the_gateway_paths_are_called_otherwise() -> None:
    behind = pod("my-orders")
    said = logs(behind, REFUSED.replace("/v1/orders/new", "/orders/77"), run="current")
    assert look(route_misdirected, scene(table("my-orders"), GATEWAY, PROXY, behind, *SERVICES, logs=said)) == []


def test_a_port_that_the_service_does_not_offer_is_told() -> None:
    said = logs(PROXY, REFUSED.replace("404", "503"), run="current")
    [found] = look(route_misdirected, scene(table("my-orders:81"), GATEWAY, PROXY, *SERVICES, logs=said))
    assert found.summary == "routes routes /v1/orders/ to my-orders, port 81, which offers 80"


def test_reads_the_locations_of_nginx() -> None:
    names = ("cart", "orders", "payment", "stock")
    text = "\n".join(f"location /{name}/ {{ proxy_pass http://my-{name}:80; }}" for name in names)
    conf = meta("ConfigMap", "routes") | {"data": {"nginx.conf": text.replace("my-orders", "shop-gone")}}
    refused = REFUSED.replace("/v1", "").replace("404", "502")
    [found] = look(route_misdirected, scene(conf, GATEWAY, PROXY, *SERVICES, logs=logs(PROXY, refused, run="current")))
    assert found.subject.name == "my-orders"


def test_goes_back_to_the_table_that_the_journal_of_changes_knows() -> None:
    about = {"kind": "ConfigMap", "namespace": "shop", "name": "routes"}
    old, new = (str(table(to)["data"]) for to in ("my-orders", "my-cart"))
    edit = {"at": "2026-03-01T11:00:00Z", "about": about, "field": "/data/routes.yml", "old": old, "new": new}
    held = [table("my-cart"), GATEWAY, PROXY, *SERVICES]
    [found] = look(route_misdirected, scene(*held, logs=logs(PROXY, REFUSED, run="current"), changes=[edit]))
    assert [command.tier for command in found.remedies] == ["reversible", "irreversible"]


def test_ranks_first() -> None:
    assert diagnose(parse_snapshot(FIRES)).hypotheses[0].cause == "route-misdirected"
