"""An admission webhook that makes every change slow."""

from tests.investigation.worlds import Document, look, meta, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.admission_webhook_slow import admission_webhook_slow

HOOKS = meta("ValidatingWebhookConfiguration", "policy") | {
    "webhooks": [{"name": "pods.policy.example", "timeoutSeconds": 30}]
}


def answers_in(seconds: float) -> Document:
    return {
        "name": "apiserver_admission_webhook_admission_duration_seconds",
        "value": seconds,
        "unit": "seconds",
        "labels": {"name": "pods.policy.example"},
    }


FIRES = scene(HOOKS, pod("cart"), metrics=[answers_in(8.2)])

QUIET = scene(HOOKS, pod("cart"), metrics=[answers_in(0.02)])


def test_names_the_webhook_its_time_and_its_limit() -> None:
    [found] = look(admission_webhook_slow, FIRES)
    assert found.summary == ("webhook pods.policy.example takes 8.2 s to answer the API server, which waits up to 30 s")
    assert str(found.subject) == "ValidatingWebhookConfiguration/policy"
