"""A ConfigMap, Secret or key that is not there."""

from tests.investigation.worlds import event, look, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.configuration_missing import configuration_missing

FIRES = scene(pod("cart", waiting("CreateContainerConfigError", 'secret "cart-db" not found')))

QUIET = scene(
    pod("cart", waiting("CreateContainerConfigError", "container has runAsNonRoot and image will run as root"))
)


def test_names_what_is_missing() -> None:
    [found, *_] = look(configuration_missing, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q cannot start: secret cart-db does not exist in shop"


def test_names_a_missing_key() -> None:
    told = "couldn't find key url in ConfigMap shop/cart-config"
    [found] = look(configuration_missing, scene(pod("cart", waiting("CreateContainerConfigError", told))))
    assert "ConfigMap cart-config has no key url" in found.summary


def test_names_what_a_volume_lacks() -> None:
    made = pod("cart", waiting("ContainerCreating"))
    refused = event(
        made, "FailedMount", 'MountVolume.SetUp failed for volume "conf" : configmap "cart-config" not found'
    )
    [found] = look(configuration_missing, scene(made, refused))
    assert "configmap cart-config does not exist" in found.summary
