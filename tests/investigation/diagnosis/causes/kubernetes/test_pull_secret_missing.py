"""A pull secret that does not exist."""

from typing import Any

from tests.investigation.worlds import event, look, meta, pod, scene, waiting
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.pull_secret_missing import pull_secret_missing

DENIED = 'Failed to pull image "registry.example/cart:1": failed to authorize: 401 Unauthorized'
ANONYMOUS = 'Failed to pull image "registry.example/cart:1": failed to fetch anonymous token: 401 Unauthorized'
UNKNOWN = "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed."


def world_with(*others: dict[str, Any], said: str = DENIED, **spec: Any) -> bytes:
    waits = pod("cart", waiting("ImagePullBackOff"), **spec)
    return scene(waits, event(waits, "Failed", said), *others)


NAMED: dict[str, Any] = {"imagePullSecrets": [{"name": "regcred"}]}
FIRES = world_with(meta("Secret", "other"), **NAMED)

QUIET = world_with(meta("Secret", "regcred"), **NAMED)


def test_names_the_secret_and_the_namespace() -> None:
    [found] = look(pull_secret_missing, FIRES)
    assert found.summary.endswith(
        "may not pull registry.example/cart:1: the pull secret regcred does not exist in shop"
    )


def test_believes_the_kubelet_where_secrets_may_not_be_read() -> None:
    waits = pod("cart", waiting("ImagePullBackOff"), **NAMED)
    told = event(waits, "FailedToRetrieveImagePullSecret", UNKNOWN)
    [found] = look(pull_secret_missing, scene(waits, event(waits, "Failed", DENIED), told))
    assert "regcred does not exist" in found.summary


def test_ranks_before_credentials_that_are_refused() -> None:
    for document in (FIRES, world_with(said=ANONYMOUS)):
        first, *_ = diagnose(parse_snapshot(document)).hypotheses
        assert (first.cause, first.confidence_label) == ("pull-secret-missing", "high")


def test_a_secret_of_the_service_account_counts() -> None:
    account = meta("ServiceAccount", "shopper") | {"imagePullSecrets": [{"name": "regcred"}]}
    assert look(pull_secret_missing, world_with(account, said=ANONYMOUS, serviceAccountName="shopper")) == []


def test_believes_the_kubelet_where_the_registrys_answer_is_not_recorded() -> None:
    waits = pod("cart", waiting("ImagePullBackOff"), **NAMED)
    told = event(waits, "FailedToRetrieveImagePullSecret", UNKNOWN)
    first, *_ = diagnose(parse_snapshot(scene(waits, told))).hypotheses
    assert (first.cause, first.confidence_label) == ("pull-secret-missing", "high")


def test_a_missing_secret_is_not_why_an_image_does_not_exist() -> None:
    waits = pod("cart", waiting("ImagePullBackOff"), **NAMED)
    told = event(waits, "FailedToRetrieveImagePullSecret", UNKNOWN)
    absent = event(waits, "Failed", 'Failed to pull image "registry.example/cart:1": not found')
    assert look(pull_secret_missing, scene(waits, told, absent)) == []
