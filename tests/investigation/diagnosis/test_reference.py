"""References: each form is told from the others, and leads to what is stored."""

import pytest

from tests.investigation.worlds import event, logs, node, pod, snapshot
from tocsin.investigation.diagnosis.reference import (
    BadReferenceError,
    ObjectReference,
    Subject,
    escape,
    parse_reference,
    steps,
)

CART = pod("cart")
NAME = "cart-7f9c4d-x2x1q"
STORED = snapshot(
    CART,
    node("worker-1"),
    event(CART, "BackOff", "restarting"),
    logs=logs(CART, "first", "second"),
    alert={"title": "cart is down"},
    probes=[{"target": "cart:80", "succeeded": False}],
    deployment={"log": "Planning\nfailed", "plan": {"resource_changes": [{"action": "update"}]}},
)


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        (f"Pod/shop/{NAME}#/status/phase", "Running"),
        ("Node/worker-1#/status/conditions/0/reason", "KubeletReady"),
        (f"logs/shop/{NAME}/app/previous#L2", "second"),
        ("probes/0#/target", "cart:80"),
        ("alert#/title", "cart is down"),
        ("deployment/log#L2", "failed"),
        ("deployment#/plan/resource_changes/0/action", "update"),
    ],
)
def test_leads_to_the_stored_value(reference: str, value: str) -> None:
    assert STORED.resolve(reference) == value


def test_an_event_is_found_by_its_name() -> None:
    [held] = STORED.events
    assert STORED.resolve(f"{held.place}#/message") == "restarting"


@pytest.mark.parametrize(
    "text", ["", "Pod/shop/cart", "pod/shop/cart#/x", "logs/shop/cart/app/older#L1", "probes/x#/target", "Pod/a/b/c#/"]
)
def test_refuses_what_is_no_reference(text: str) -> None:
    with pytest.raises(BadReferenceError, match="not an evidence reference"):
        parse_reference(text)


@pytest.mark.parametrize(
    "reference",
    ["Pod/shop/other#/status", f"Pod/shop/{NAME}#/nowhere", f"logs/shop/{NAME}/app/previous#L3", "probes/1#/target"],
)
def test_says_when_nothing_is_there(reference: str) -> None:
    with pytest.raises(BadReferenceError, match=r"holds no|nothing at"):
        STORED.resolve(reference)


def test_an_object_of_the_cluster_has_no_namespace() -> None:
    assert parse_reference("Node/worker-1#/spec") == ObjectReference(Subject("Node", "", "worker-1"), "/spec")


def test_a_key_with_a_slash_survives() -> None:
    assert steps(f"/{escape('example.com/a~b')}") == ["example.com/a~b"]
