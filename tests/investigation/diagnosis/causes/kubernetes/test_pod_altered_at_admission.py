"""A pod that is not what its template says."""

from tests.investigation.worlds import Document, deployment, exited, look, meta, pod, replicaset, scene
from tocsin.investigation.diagnosis.causes.kubernetes.pod_altered_at_admission import pod_altered_at_admission


def made_with(memory: str) -> list[Document]:
    runs = pod("cart", exited("OOMKilled", 137, resources={"limits": {"memory": memory}}))
    wanted = {"name": "app", "image": "registry.example/cart:1", "resources": {"limits": {"memory": "1Gi"}}}
    template = replicaset(containers=[wanted])
    template["metadata"]["name"] = "cart-7f9c4d"
    return [runs, template, deployment(ready=0)]


HOOK = meta("MutatingWebhookConfiguration", "limits") | {
    "webhooks": [{"name": "limits.policy.example", "rules": [{"resources": ["pods"]}]}]
}
FIRES = scene(HOOK, *made_with("64Mi"))

QUIET = scene(HOOK, *made_with("2Gi"))


def test_names_what_was_changed() -> None:
    [found] = look(pod_altered_at_admission, FIRES)
    assert found.summary == (
        "app in cart-7f9c4d-x2x1q is not what its template says: resources/limits.memory: 1Gi → 64Mi; "
        "limits.policy.example may change pods"
    )


def test_leaves_pods_alone_that_do_well() -> None:
    well = pod("cart")
    well["spec"]["containers"][0]["image"] = "mirror.example/cart:1"
    assert look(pod_altered_at_admission, scene(well, *made_with("1Gi")[1:])) == []
