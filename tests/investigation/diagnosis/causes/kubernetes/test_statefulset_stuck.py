"""A StatefulSet that waits for a pod of a broken revision, although the template was mended."""

from tests.investigation.worlds import Document, container, look, member, scene, statefulset
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.statefulset_stuck import statefulset_stuck

MENDED = statefulset("db", replicas=2, ready=1)
MENDED["status"]["updateRevision"] = "db-3"


def second(revision: str) -> Document:
    return member(MENDED, 1, container(ready=False), revision=revision)


FIRES = scene(MENDED, member(MENDED, 0), second("db-2"))

QUIET = scene(MENDED, member(MENDED, 0), second("db-3"))


def test_deletes_the_pod_in_the_way() -> None:
    [found] = look(statefulset_stuck, FIRES)
    assert found.summary == "db waits for db-1, which is not ready and of revision db-2, not db-3"
    assert found.remedies[0].argv == ("kubectl", "-n", "shop", "delete", "pod/db-1")


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("statefulset-stuck", "high")


def test_a_pod_that_was_ready_a_minute_ago_may_come_back() -> None:
    blinks = second("db-2")
    blinks["status"]["conditions"][0]["lastTransitionTime"] = "2026-03-01T11:59:00Z"
    assert look(statefulset_stuck, scene(MENDED, member(MENDED, 0), blinks)) == []
