"""A short name that is asked for in the wrong namespace."""

from tests.investigation.worlds import container, deployment, logs, look, pod, scene, service, within
from tocsin.investigation.diagnosis.causes.kubernetes.service_in_other_namespace import service_in_other_namespace

WEB = pod("web", container(ready=False))
CALLS = {"name": "app", "image": "registry.example/web:1", "env": [{"name": "DB", "value": "postgres://db:5432/x"}]}
SAYS = logs(WEB, "dial tcp: lookup db on 10.96.0.10:53: no such host", run="current")
CALLER = (WEB, deployment("web", containers=[CALLS], ready=0), service("web"))
FIRES = scene(*CALLER, within("data", service("db")), logs=SAYS)

QUIET = scene(*CALLER, within("data", service("database")), logs=SAYS)


def test_says_where_the_service_is() -> None:
    [found] = [found for found in look(service_in_other_namespace, FIRES) if not found.against]
    assert found.summary == "web in shop calls db, but that service is in data"


def test_sets_the_full_name() -> None:
    [found] = [found for found in look(service_in_other_namespace, FIRES) if not found.against]
    assert found.remedies[0].argv[-1] == "DB=postgres://db.data.svc:5432/x"
