"""What the place of a file in a bundle tells."""

import pytest

from tocsin.investigation.collectors.layouts import LogPlace, failed_kind, is_log, kind_of, layout, log_place, loose_log

CURRENT = LogPlace("shop", "cart-0", "app", "current")
PREVIOUS = LogPlace("shop", "cart-0", "app", "previous")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("bundle/cluster-resources/pods/logs/shop/cart-0/app.log", CURRENT),
        ("bundle/cluster-resources/pods/logs/shop/cart-0/app-previous.log", PREVIOUS),
        ("quay-io-x/namespaces/shop/pods/cart-0/app/app/logs/current.log", CURRENT),
        ("quay-io-x/namespaces/shop/pods/cart-0/app/app/logs/previous.insecure.log", PREVIOUS),
        ("shop_cart-0_app.previous.log", PREVIOUS),
        ("notes.md", None),
    ],
)
def test_whose_log_it_is(name: str, place: LogPlace | None) -> None:
    assert log_place(name) == place


@pytest.mark.parametrize(
    ("name", "pod", "container"),
    [("cart-0.log", "cart-0", ""), ("logs-cart-0.txt", "cart-0", ""), ("x/cart-0_app.log", "cart-0", "app")],
)
def test_whose_log_it_may_be(name: str, pod: str, container: str) -> None:
    assert loose_log(name) == LogPlace("", pod, container, "current")


@pytest.mark.parametrize("name", ["cart-0.log", "logs/cart.txt", "kubectl_logs_cart.txt", "web/logs.txt"])
def test_a_log_is_told_by_its_name(name: str) -> None:
    assert is_log(name)


@pytest.mark.parametrize("name", ["describe-cart.txt", "pods.txt", "pods.yaml", "catalog.txt"])
def test_other_text_is_no_log(name: str) -> None:
    assert not is_log(name)


def test_a_file_of_errors_says_what_could_not_be_listed() -> None:
    assert failed_kind("b/cluster-resources/secrets-errors.json") == "secrets"
    assert failed_kind("b/cluster-resources/pods/shop-errors.json") == "pods shop"
    assert failed_kind("b/cluster-resources/pods/shop.json") == ""


def test_the_kind_of_bare_arrays_is_that_of_their_folder() -> None:
    assert kind_of("b/cluster-resources/deployments/shop.json") == "Deployment"
    assert kind_of("b/cluster-resources/nodes.json") == "Node"
    assert kind_of("b/deployments/shop.json") == ""


def test_a_bundle_is_known_by_its_folders() -> None:
    assert layout(["x/cluster-resources/nodes.json"]) == "a support bundle of troubleshoot.sh"
    assert layout(["x/namespaces/shop/core/pods.yaml"]) == "a must-gather"
    assert layout(["shop/pods.json", "shop/replication-controllers.json"]) == "a kubectl cluster-info dump"
    assert layout(["pods.json"]) == ""
