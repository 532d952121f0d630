"""A pod that does not get its service account's token."""

from tests.investigation.worlds import event, look, meta, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.token_projection_failed import token_projection_failed

WAITS = pod("cart", waiting("ContainerCreating"), phase="Pending", serviceAccountName="shopper")
MOUNT = 'MountVolume.SetUp failed for volume "kube-api-access-x1" : '
FIRES = scene(WAITS, event(WAITS, "FailedMount", f'{MOUNT}failed to fetch token: serviceaccounts "shopper" not found'))

QUIET = scene(WAITS, event(WAITS, "FailedMount", 'MountVolume.SetUp failed for volume "conf" : timed out'))


def test_knows_that_the_account_is_gone() -> None:
    told = event(WAITS, "FailedMount", f"{MOUNT}failed to fetch token")
    [found] = look(token_projection_failed, scene(WAITS, told, meta("ServiceAccount", "default")))
    assert found.summary.endswith("no token for service account shopper, and the account is not in shop")


def test_names_the_missing_authority() -> None:
    told = event(WAITS, "FailedMount", f'{MOUNT}configmap "kube-root-ca.crt" not found')
    [found] = look(token_projection_failed, scene(WAITS, told))
    assert found.summary.endswith("ConfigMap kube-root-ca.crt is not there")
