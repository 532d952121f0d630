"""An admission webhook that does not answer, so that nothing it guards can be made."""

from tests.investigation.worlds import deployment, event, look, replicaset, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.admission_webhook_unreachable import (
    admission_webhook_unreachable,
)

SET = replicaset()
UNANSWERED = (
    'Error creating: Internal error occurred: failed calling webhook "pods.policy.example": failed to call webhook: '
    'Post "https://policy.guard.svc:443/validate?timeout=10s": no endpoints available for service "policy"'
)
FIRES = scene(SET, deployment(ready=0), event(SET, "FailedCreate", UNANSWERED))

DENIED = 'Error creating: admission webhook "pods.policy.example" denied the request: no'
QUIET = scene(SET, deployment(ready=0), event(SET, "FailedCreate", DENIED))


def test_names_the_service_behind_the_webhook() -> None:
    [found] = look(admission_webhook_unreachable, FIRES)
    assert str(found.subject) == "Service/guard/policy"
    assert found.summary.endswith('no pod of cart is made: no endpoints available for service "policy"')


def test_is_found_from_the_workload_that_feels_it() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert first.cause == "admission-webhook-unreachable"
    assert first.explains


def test_reads_a_webhook_outside_the_cluster() -> None:
    text = 'failed calling webhook "x": Post "https://policy.example/validate": dial tcp: i/o timeout'
    [found] = look(admission_webhook_unreachable, scene(SET, event(SET, "FailedCreate", text)))
    assert str(found.subject) == "Deployment/shop/cart"
