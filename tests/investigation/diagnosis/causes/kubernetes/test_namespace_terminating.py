"""A namespace that is being deleted while something in it shall still run."""

from tests.investigation.worlds import deployment, event, look, meta, replicaset, scene
from tocsin.investigation.diagnosis.causes.kubernetes.namespace_terminating import namespace_terminating

ENDING = (
    'Error creating: pods "cart-7f9c41-abcde" is forbidden: '
    "unable to create new content in namespace shop because it is being terminated"
)
SET = replicaset()
SPACE = meta("Namespace", "shop") | {"status": {"phase": "Terminating"}}
SPACE["metadata"]["deletionTimestamp"] = "2026-03-01T11:50:00Z"
FIRES = scene(SET, deployment(ready=0), SPACE, event(SET, "FailedCreate", ENDING))

QUIET = scene(SET, deployment(ready=0), event(SET, "FailedCreate", 'namespaces "shop" not found'))


def test_names_the_namespace_and_who_feels_it() -> None:
    [found] = look(namespace_terminating, FIRES)
    assert found.summary == "namespace shop is being deleted, so no pod of cart is made"
    assert [cite.value for cite in found.cites][1:] == ["2026-03-01T11:50:00Z"]
