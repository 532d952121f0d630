"""A policy that refuses the pods of a workload."""

from tests.investigation.worlds import deployment, event, look, meta, replicaset, scene
from tocsin.investigation.diagnosis.causes.kubernetes.admission_policy_denies import admission_policy_denies

SET = replicaset()
DENIED = 'Error creating: admission webhook "images.policy.example" denied the request: the tag latest is forbidden'
FIRES = scene(SET, deployment(ready=0), event(SET, "FailedCreate", DENIED))

AWAY = 'Internal error occurred: failed calling webhook "images.policy.example": context deadline exceeded'
QUIET = scene(SET, deployment(ready=0), event(SET, "FailedCreate", AWAY))


def test_quotes_the_policy() -> None:
    [found] = look(admission_policy_denies, FIRES)
    assert found.summary == "no pod of cart is allowed: images.policy.example refuses it: the tag latest is forbidden"


def test_reads_the_policies_of_the_api_server() -> None:
    text = "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'owner' with binding 'all' denied request: a label is missing"
    [found] = look(admission_policy_denies, scene(SET, event(SET, "FailedCreate", text)))
    assert "owner refuses it: a label is missing" in found.summary
    assert found.remedies[0].argv[-3] == "validatingadmissionpolicies"


def test_hears_it_from_the_tool_that_applies_manifests() -> None:
    text = 'admission webhook "images.policy.example" denied the request: the tag latest is forbidden'
    ready = {"type": "Ready", "status": "False", "message": text}
    release = meta("HelmRelease", "shop") | {"status": {"conditions": [ready]}}
    [found] = look(admission_policy_denies, scene(release))
    assert found.summary.startswith("HelmRelease shop cannot be applied: images.policy.example refuses it")
