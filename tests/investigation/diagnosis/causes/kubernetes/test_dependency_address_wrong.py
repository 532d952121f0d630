"""An address in the environment that leads nowhere."""

from tests.investigation.worlds import deployment, look, meta, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.dependency_address_wrong import dependency_address_wrong


def calling(address: str) -> dict[str, object]:
    return deployment(ready=0, containers=[{"name": "app", "env": [{"name": "CACHE_ADDR", "value": address}]}])


FIRES = scene(calling("redis-cart:6379"), service("cache", port=6379))

QUIET = scene(calling("cache:6379"), service("cache", port=6379))


def test_names_the_variable_and_the_service() -> None:
    [found, *_] = look(dependency_address_wrong, FIRES)
    assert found.summary == "CACHE_ADDR of cart is redis-cart:6379, but there is no service redis-cart in shop"


def test_sets_a_wrong_port_right_on_the_workload() -> None:
    [found] = look(dependency_address_wrong, scene(calling("cache:6380"), service("cache", port=6379)))
    assert found.summary.endswith("but service cache offers 6379")
    assert found.remedies[0].argv[-1] == "CACHE_ADDR=cache:6379"


def test_sets_a_value_of_a_configmap_right_and_restarts_the_reader() -> None:
    reads = deployment(containers=[{"name": "app", "envFrom": [{"configMapRef": {"name": "conf"}}]}])
    conf = meta("ConfigMap", "conf") | {"data": {"CACHE_HOST": "cache", "CACHE_PORT": "6380"}}
    [found] = look(dependency_address_wrong, scene(reads, conf, service("cache", port=6379)))
    assert '"path": "/data/CACHE_PORT", "value": "6379"' in found.remedies[0].argv[-1]
    assert found.remedies[1].argv[-3:] == ("rollout", "restart", "deployment/cart")


def test_goes_back_to_the_value_that_the_journal_of_changes_knows() -> None:
    reads = deployment(ready=0, containers=[{"name": "app", "envFrom": [{"configMapRef": {"name": "conf"}}]}])
    conf = meta("ConfigMap", "conf") | {"data": {"CACHE_HOST": "elsewhere", "CACHE_PORT": "6379"}}
    about = {"kind": "ConfigMap", "namespace": "shop", "name": "conf"}
    edit = {
        "at": "2026-03-01T05:00:00Z",
        "about": about,
        "field": "/data/CACHE_HOST",
        "old": "cache",
        "new": "elsewhere",
    }
    [found] = look(dependency_address_wrong, scene(reads, conf, service("cache", port=6379), changes=[edit]))
    assert '"path": "/data/CACHE_HOST", "value": "cache"' in found.remedies[0].argv[-1]


def test_without_a_better_value_it_says_where_to_look() -> None:
    [found, *_] = look(dependency_address_wrong, FIRES)
    assert [command.tier for command in found.remedies] == ["read-only", "read-only"]


def test_says_nothing_of_hosts_outside_the_cluster() -> None:
    assert look(dependency_address_wrong, scene(calling("https://api.example.com:8443/v1"), service("cache"))) == []


def test_says_nothing_where_services_were_not_collected() -> None:
    assert look(dependency_address_wrong, scene(calling("redis-cart:6379"))) == []


def test_types_nothing_that_would_write_a_redacted_password_back() -> None:
    [found] = look(
        dependency_address_wrong, scene(calling("redis://cart:secret@cache:6380"), service("cache", port=6379))
    )
    assert all(command.tier == "read-only" for command in found.remedies)
