"""Whether the alert is about an object."""

import pytest

from tests.investigation.worlds import deployment, snapshot
from tocsin.investigation.diagnosis.asked import missed, named_by_alert, weight_of_flaw
from tocsin.investigation.diagnosis.evidence import CONCLUSIVE, MODERATE
from tocsin.investigation.diagnosis.inventory import Inventory


@pytest.mark.parametrize(
    ("alert", "named"),
    [
        ({"labels": {"deployment": "cart"}}, True),
        ({"resource": {"kind": "Deployment", "namespace": "shop", "name": "cart"}}, True),
        ({"labels": {"deployment": "web"}, "title": "cart is slow"}, False),
        ({}, False),
    ],
)
def test_by_its_resource_or_a_label(alert: dict[str, object], named: bool) -> None:
    inventory = Inventory(snapshot(deployment(), alert=alert))
    [cart] = inventory.workloads
    assert named_by_alert(cart, inventory) == missed(cart, inventory) == named


def test_one_that_lacks_replicas_is_missed() -> None:
    inventory = Inventory(snapshot(deployment(ready=0)))
    assert missed(inventory.workloads[0], inventory)


@pytest.mark.parametrize(("alert", "weight"), [({"labels": {"ingress": "shop"}}, CONCLUSIVE), ({}, MODERATE)])
def test_a_flaw_decides_only_where_somebody_asks(alert: dict[str, object], weight: float) -> None:
    assert weight_of_flaw(["shop"], Inventory(snapshot(alert=alert))) == weight
