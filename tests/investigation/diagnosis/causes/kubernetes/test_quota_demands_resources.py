"""A quota that wants every container to say what it takes, and one that does not."""

from tests.investigation.worlds import deployment, event, look, quota, replicaset, scene
from tocsin.investigation.diagnosis.causes.kubernetes.quota_demands_resources import quota_demands_resources
from tocsin.investigation.diagnosis.causes.kubernetes.quota_exceeded import quota_exceeded

DEMANDED = 'Error creating: pods "cart-7f9c41-abcde" is forbidden: failed quota: team: must specify limits.cpu for: app'
SET = replicaset()
TEAM = quota(hard={"limits.cpu": "4"}, used={"limits.cpu": "1"})
FIRES = scene(SET, deployment(ready=0), TEAM, event(SET, "FailedCreate", DEMANDED))

EXCEEDED = 'pods "cart" is forbidden: exceeded quota: team, requested: limits.cpu=4, used: limits.cpu=1, limited: 4'
QUIET = scene(SET, deployment(ready=0), TEAM, event(SET, "FailedCreate", EXCEEDED))


def test_says_what_is_missing_where() -> None:
    [found] = look(quota_demands_resources, FIRES)
    assert found.summary == "quota team refuses the pods of cart: they must specify limits.cpu for: app"


def test_is_not_a_quota_that_is_used_up() -> None:
    assert look(quota_exceeded, FIRES) == []
