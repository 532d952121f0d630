"""How much pods use."""

from fractions import Fraction

from tests.investigation.worlds import container, meta, pod, snapshot, world
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reading.load.usage import requested, usages

USE = meta("PodMetrics", "cart-1") | {"containers": [{"name": "app", "usage": {"cpu": "250m", "memory": "1Gi"}}]}
ABOUT = {"kind": "Pod", "namespace": "shop", "name": "cart-1"}


def test_reads_the_metrics_api() -> None:
    [use] = usages(world(USE), "cpu")
    assert (use.container, use.amount) == ("app", Fraction(1, 4))


def test_reads_what_a_monitoring_system_measured() -> None:
    held = {"name": "container_memory_working_set", "value": 2.0**30, "unit": "bytes", "about": ABOUT}
    [use] = usages(world(metrics=[held | {"labels": {"container": "app"}}]), "memory")
    assert (str(use.pod), use.amount) == ("Pod/shop/cart-1", Fraction(2**30))


def test_a_limit_is_no_use() -> None:
    held = {"name": "container_memory_limit", "value": 2.0**30, "unit": "bytes", "about": ABOUT}
    assert list(usages(world(metrics=[held]), "memory")) == []


def test_adds_up_what_was_requested() -> None:
    asks = {"requests": {"memory": "1Gi"}}
    made = pod("cart", container("app", resources=asks), container("side", resources=asks))
    [held] = Inventory(snapshot(made)).pods
    assert requested(held, "", "memory") == 2 * requested(held, "app", "memory") == 2**31
