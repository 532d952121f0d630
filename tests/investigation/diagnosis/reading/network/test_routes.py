"""Routes in the configuration of an application's own gateway."""

import pytest

from tests.investigation.worlds import NAMESPACE, meta, world
from tocsin.investigation.diagnosis.reading.network.routes import Route, agrees, endings, named, stem, tables
from tocsin.investigation.diagnosis.reference import Subject


def read(text: str) -> list[Route]:
    held = world(meta("ConfigMap", "routes") | {"data": {"conf": text}})
    return [route for table in tables(held.of("ConfigMap")) for route in table]


SPRING = """routes:
  - id: orders
    uri: lb://${ORDERS_HOST:shop-orders}
    predicates: [Path=/api/v1/orders/**]
  - id: users
    uri: http://accounts.shop:8080
    predicates:
      - Path=/api/users/**,/api/login
"""


def test_reads_spring_cloud_gateway_with_the_defaults_of_its_placeholders() -> None:
    assert [(route.prefixes, route.host) for route in read(SPRING)] == [
        (("/api/v1/orders/",), "shop-orders"),
        (("/api/users/", "/api/login"), "accounts.shop"),
    ]


def test_reads_nginx_through_its_upstreams() -> None:
    text = "upstream back { server orders.shop:8080; } location /orders/ { proxy_pass http://back; }"
    assert [(route.prefixes, route.service, route.port) for route in read(text)] == [(("/orders/",), "orders", 8080)]


def test_a_placeholder_without_a_default_says_nothing() -> None:
    assert read(SPRING.replace(":shop-orders", ""))[0].host == "accounts.shop"


def test_a_route_speaks_of_the_service_with_the_shortest_name_that_ends_so() -> None:
    services = [Subject("Service", NAMESPACE, name) for name in ("shop-admin-orders-service", "shop-orders-service")]
    [route, _] = read(SPRING)
    assert str(named(route.words, endings(services))) == "Service/shop/shop-orders-service"


def test_a_route_agrees_with_a_host_of_its_name() -> None:
    assert [agrees(route) for route in read(SPRING)] == [True, False]


@pytest.mark.parametrize(
    ("name", "stemmed"), [("Order-Service", "order"), ("inside_pay_service", "insidepay"), ("svc", "svc")]
)
def test_stems_are_small_letters_without_the_word_service(name: str, stemmed: str) -> None:
    assert stem(name) == stemmed
