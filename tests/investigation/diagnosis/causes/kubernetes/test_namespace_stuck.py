"""A namespace whose deletion does not end."""

from tests.investigation.worlds import condition, look, meta, scene, within
from tocsin.investigation.diagnosis.causes.kubernetes.namespace_stuck import namespace_stuck

LEFT = "Some content in the namespace has finalizers remaining: example.com/keep in 2 resource instances"


def leaving(since: str) -> bytes:
    space = within("", meta("Namespace", "shop"))
    space["metadata"]["deletionTimestamp"] = since
    space["status"] = {"conditions": [condition("NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain", LEFT)]}
    return scene(space, meta("Database", "orders"))


FIRES = leaving("2026-03-01T11:00:00Z")

QUIET = leaving("2026-03-01T11:59:00Z")


def test_quotes_what_is_left() -> None:
    [found] = look(namespace_stuck, FIRES)
    assert found.summary == f"namespace shop is being deleted for 60 min: {LEFT}"
