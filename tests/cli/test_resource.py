"""What people type for a resource is understood, or refused with what to type instead."""

from __future__ import annotations

import json

import pytest

from tocsin.cli.resource import Named, ResourceError, find_namespace, find_resource, parse_resource, presumed_resource
from tocsin.investigation.diagnosis import Subject, parse_snapshot

CART = Subject("Deployment", "shop", "cart")
SUBJECTS = [
    Subject("Service", "shop", "cart"),
    CART,
    Subject("Pod", "shop", "cart-6d5f-x2k7p"),
    Subject("Node", "", "worker-1"),
    Subject("Deployment", "blog", "web"),
    Subject("Deployment", "shop", "web"),
]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("deploy/a", "Deployment"),
        ("pods/a", "Pod"),
        ("svc/a", "Service"),
        ("deployment.apps/a", "Deployment"),
        ("ingresses/a", "Ingress"),
    ],
)
def test_a_kind_may_be_written_as_for_kubectl(typed: str, kind: str) -> None:
    assert parse_resource(typed) == Named(kind, "a")


def test_a_bare_name_has_no_kind() -> None:
    assert parse_resource("cart") == Named("", "cart")


@pytest.mark.parametrize("typed", ["wombat/cart", "shop/cart/x", "pod/"])
def test_what_is_no_resource_is_refused(typed: str) -> None:
    with pytest.raises(ResourceError):
        parse_resource(typed)


def test_a_bare_name_means_the_workload_before_the_service() -> None:
    assert find_resource(Named("", "cart"), "shop", SUBJECTS) == CART


def test_a_node_is_found_in_any_namespace() -> None:
    assert find_resource(Named("Node", "worker-1"), "shop", SUBJECTS).name == "worker-1"


def test_a_misspelt_name_gets_the_right_one() -> None:
    with pytest.raises(ResourceError, match="did you mean cart"):
        find_resource(Named("Deployment", "crat"), "shop", SUBJECTS)


def test_a_name_in_two_namespaces_asks_which() -> None:
    with pytest.raises(ResourceError, match="blog, shop"):
        find_resource(Named("", "web"), "", SUBJECTS)


def look(*gaps: str, collected: tuple[str, ...] = ()) -> bytes:
    told = [{"what": gap, "why": "403 from the API server", "section": "objects"} for gap in gaps]
    form = {"format": "tocsin-snapshot/1", "namespace": "shop", "objects": [], "gaps": told}
    return json.dumps({**form, "collected": collected}).encode()


def test_what_could_not_be_listed_may_well_be_there() -> None:
    snapshot = parse_snapshot(look("deployments"))
    assert presumed_resource(Named("", "cart"), "", snapshot) == CART


def test_what_was_listed_and_is_not_there_is_not_presumed() -> None:
    snapshot = parse_snapshot(look("secrets", collected=("Deployment", "StatefulSet", "Pod")))
    assert presumed_resource(Named("", "cart"), "", snapshot) is None


def test_another_namespace_than_the_snapshots_is_refused() -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "cart", "namespace": "shop"}}
    snapshot = parse_snapshot(json.dumps({"format": "tocsin-snapshot/1", "objects": [service]}).encode())
    assert find_namespace("shop", snapshot) == Subject("Namespace", "", "shop")
    with pytest.raises(ResourceError, match="there is shop"):
        find_namespace("web", snapshot)
