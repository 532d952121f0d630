"""Addresses in configuration values."""

import pytest

from tocsin.ground.addresses import Address, addresses


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cart:7070", [Address("cart", 7070)]),
        ("http://cart.shop/api", [Address("cart.shop", 80)]),
        ("postgres://user:secret@db.data.svc:6432/orders", [Address("db.data.svc", 6432)]),
        ("jdbc:mysql://db:3306/orders?useSSL=false", [Address("db", 3306)]),
        ("kafka-0:9092,kafka-1:9092", [Address("kafka-0", 9092), Address("kafka-1", 9092)]),
        ("production", []),
        ("10.0.0.1:80", []),
        ("", []),
    ],
)
def test_finds_hosts_and_ports(text: str, found: list[Address]) -> None:
    assert list(addresses(text)) == found


@pytest.mark.parametrize(
    ("host", "namespace"),
    [
        ("cart", "shop"),
        ("cart.data", "data"),
        ("cart.data.svc", "data"),
        ("cart.data.svc.cluster.local", "data"),
        ("api.example.com", None),
    ],
)
def test_knows_where_cluster_dns_looks(host: str, namespace: str | None) -> None:
    assert Address(host, None).namespace("shop") == namespace
