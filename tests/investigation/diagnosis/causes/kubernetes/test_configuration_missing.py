"""A ConfigMap, Secret or key that is not there."""

from typing import Any

from tests.investigation.worlds import deployment, event, look, meta, pod, scene, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.configuration_missing import configuration_missing


def refused(told: str, *others: dict[str, Any]) -> bytes:
    return scene(pod("cart", waiting("CreateContainerConfigError", told)), *others)


ROOT = refused("container has runAsNonRoot and image will run as root")
CONF = meta("ConfigMap", "cart-config") | {"data": {"uri": "…"}}
NO_KEY = "couldn't find key url in ConfigMap shop/cart-config"
FIRES = {
    "config.secret_missing": refused('secret "cart-db" not found'),
    "config.configmap_missing": refused('configmap "cart-config" not found', meta("ConfigMap", "other")),
    "config.key_missing": refused(NO_KEY, CONF),
}
MOUNTING = pod("cart", waiting("ContainerCreating"), phase="Pending")
UNMOUNTED = 'MountVolume.SetUp failed for volume "conf" : configmap "cart-config" not found'
LATE = 'MountVolume.SetUp failed for volume "conf" : object "shop"/"cart-config" not registered'
FIRES["storage.cm_secret_volume"] = scene(MOUNTING, event(MOUNTING, "FailedMount", UNMOUNTED))
QUIET = dict.fromkeys(FIRES, ROOT) | {"storage.cm_secret_volume": scene(MOUNTING, event(MOUNTING, "FailedMount", LATE))}


def test_names_what_is_missing() -> None:
    [found, *_] = look(configuration_missing, FIRES["config.secret_missing"])
    assert found.summary == "cart-7f9c4d-x2x1q cannot start: secret cart-db does not exist in shop"


def test_names_a_missing_key_and_those_that_are_there() -> None:
    [found] = look(configuration_missing, FIRES["config.key_missing"])
    assert found.summary.endswith("ConfigMap cart-config has no key url; it has uri")


def test_names_what_a_volume_lacks() -> None:
    [found] = look(configuration_missing, FIRES["storage.cm_secret_volume"])
    assert "configmap cart-config does not exist" in found.summary


def test_lets_the_template_read_what_has_a_similar_name() -> None:
    env = [{"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "cart-db", "key": "password"}}}]
    reads = deployment(containers=[{"name": "app", "env": env}])
    [found] = look(configuration_missing, refused('secret "cart-db" not found', reads, meta("Secret", "cart-db2")))
    assert found.summary.endswith("; there is Secret cart-db2")
    assert '"/spec/template/spec/containers/0/env/0/valueFrom/secretKeyRef/name"' in found.remedies[0].argv[-1]


def test_knows_an_object_of_the_other_kind() -> None:
    [found] = look(configuration_missing, refused('secret "cart-db" not found', meta("ConfigMap", "cart-db")))
    assert found.summary.endswith("; there is a ConfigMap of that name")
