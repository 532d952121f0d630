"""When trouble began."""

from tests.investigation.worlds import Document, exited, pod, snapshot
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.onset import onset
from tocsin.investigation.diagnosis.reference import Subject

CART = Subject("Deployment", "shop", "cart")


def failing(since: str) -> Document:
    made = pod("cart", exited("Error", 1))
    made["status"]["conditions"][0]["lastTransitionTime"] = since
    made["metadata"]["name"] += since[8:13].replace("T", "-")
    return made


def began(*pods: Document) -> str:
    at = onset([CART], Inventory(snapshot(*pods)))
    return at.isoformat() if at else ""


def test_the_first_pod_that_was_not_ready_tells() -> None:
    assert began(failing("2026-03-01T11:00:00Z"), failing("2026-03-01T10:00:00Z")) == "2026-03-01T10:00:00+00:00"


def test_what_is_wrong_for_days_tells_only_where_nothing_else_does() -> None:
    assert began(failing("2026-02-01T10:00:00Z"), failing("2026-03-01T11:00:00Z")) == "2026-03-01T11:00:00+00:00"
    assert began(failing("2026-02-01T10:00:00Z")) == "2026-02-01T10:00:00+00:00"


def test_what_is_well_tells_nothing() -> None:
    assert began(pod("cart")) == ""
