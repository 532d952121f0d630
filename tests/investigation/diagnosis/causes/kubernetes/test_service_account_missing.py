"""A service account that pods shall run as, and that is not there."""

from tests.investigation.worlds import event, look, meta, replicaset, scene
from tocsin.investigation.diagnosis.causes.kubernetes.service_account_missing import service_account_missing

ABSENT = 'error looking up service account shop/carter: serviceaccount "carter" not found'
SET = replicaset()
FIRES = scene(SET, event(SET, "FailedCreate", ABSENT))

QUIET = scene(SET, event(SET, "FailedCreate", ABSENT), meta("ServiceAccount", "carter"))


def test_names_the_account() -> None:
    [found, *_] = look(service_account_missing, FIRES)
    assert found.summary == "no pod of cart can be made: service account carter does not exist"
