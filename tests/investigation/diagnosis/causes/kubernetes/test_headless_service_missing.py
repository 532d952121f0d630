"""A StatefulSet whose headless Service does not exist."""

from tests.investigation.worlds import container, look, member, scene, service, statefulset
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.headless_service_missing import headless_service_missing

DB = statefulset("db", replicas=2, ready=1, serviceName="db-peers")
PODS = (member(DB, 0), member(DB, 1, container(ready=False)))
FIRES = scene(DB, *PODS, service("web"))

QUIET = scene(DB, *PODS, service("db-peers"))


def test_names_the_service() -> None:
    [found] = look(headless_service_missing, FIRES)
    told = "db names its pods by service db-peers, which does not exist: they do not find each other"
    assert found.summary == told


def test_one_that_works_without_is_well() -> None:
    well = statefulset("db", serviceName="db-peers")
    assert look(headless_service_missing, scene(well, member(well, 0), service("web"))) == []


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("headless-service-missing", "high")
