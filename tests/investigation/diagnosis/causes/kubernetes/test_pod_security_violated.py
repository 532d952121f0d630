"""A pod that the namespace's Pod Security level forbids."""

from tests.investigation.worlds import deployment, event, look, meta, replicaset, scene
from tocsin.investigation.diagnosis.causes.kubernetes.pod_security_violated import pod_security_violated

FORBIDDEN = (
    'Error creating: pods "cart-7f9c41-abcde" is forbidden: violates PodSecurity "restricted:latest": '
    'runAsNonRoot != true (pod or container "app" must set securityContext.runAsNonRoot=true)'
)
SET = replicaset()
FIRES = scene(SET, deployment(ready=0), event(SET, "FailedCreate", FORBIDDEN))

QUIET = scene(
    SET,
    deployment(ready=0),
    event(SET, "FailedCreate", 'Error creating: pods "cart-7f9c41-abcde" is forbidden: exceeded quota: team'),
    meta("Namespace", "shop", labels={"pod-security.kubernetes.io/enforce": "restricted"}),
)


def test_names_level_and_rule() -> None:
    [found] = look(pod_security_violated, FIRES)
    assert found.summary.startswith(
        "no pod of cart is allowed: level restricted:latest of shop forbids runAsNonRoot != true"
    )


def test_cites_the_label_of_the_namespace() -> None:
    space = meta("Namespace", "shop", labels={"pod-security.kubernetes.io/enforce": "restricted"})
    [found] = look(pod_security_violated, scene(SET, space, event(SET, "FailedCreate", FORBIDDEN)))
    assert [cite.value for cite in found.cites][1:] == ["restricted"]


def test_still_knows_once_the_event_is_forgotten() -> None:
    waits = replicaset()
    waits["status"]["conditions"] = [{"type": "ReplicaFailure", "status": "True", "message": FORBIDDEN}]
    assert look(pod_security_violated, scene(waits))
