"""The store behind the API server fails."""

from tests.investigation.worlds import container, deployment, event, look, pod, replicaset, scene
from tocsin.investigation.diagnosis.causes.kubernetes.etcd_failing import etcd_failing

SETS = replicaset()
FULL = "Error creating: etcdserver: mvcc: database space exceeded"
FIRES = scene(deployment(ready=0), SETS, pod("web", container()), event(SETS, "FailedCreate", FULL))

QUIET = scene(deployment(ready=0), SETS, pod("web"), event(SETS, "FailedCreate", "Error creating: pods is forbidden"))


def test_says_what_it_means() -> None:
    [found] = look(etcd_failing, FIRES)
    assert found.summary == "etcd fails: its space is used up, so nothing can be written (1 clients were told so)"
