"""An address in the environment that leads nowhere."""

from tests.investigation.worlds import container, deployment, look, meta, pod, scene, service, waiting
from tocsin.investigation.diagnosis.causes.kubernetes.dependency_address_wrong import dependency_address_wrong


def calling(address: str, variable: str = "CACHE_ADDR", name: str = "cart", ready: int = 0) -> dict[str, object]:
    return deployment(name, ready=ready, containers=[{"name": "app", "env": [{"name": variable, "value": address}]}])


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
    [found] = look(dependency_address_wrong, scene(calling("store:6379", "STORE_ADDR"), service("cache", port=6379)))
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


def test_the_name_of_the_variable_tells_which_service_is_meant() -> None:
    [found] = look(dependency_address_wrong, scene(calling("nowhere:6379"), service("cache", port=6379)))
    assert found.remedies[0].argv[-1] == "CACHE_ADDR=cache:6379"


def test_blames_the_service_whose_port_is_not_the_one_that_all_callers_ask_for() -> None:
    callers = [calling("cache:6379", name=name, ready=1) for name in ("cart", "till")]
    [found] = look(dependency_address_wrong, scene(*callers, service("cache", port=6380)))
    assert found.subject.name == "cache"
    assert found.summary == "cart, till ask for port 6379 of cache, but service cache offers 6380"


def test_blames_the_callers_where_somebody_asks_for_the_right_port() -> None:
    callers = [calling(f"cache:{port}", name=name) for name, port in (("cart", 6379), ("till", 6379), ("tax", 6380))]
    found = look(dependency_address_wrong, scene(*callers, service("cache", port=6380)))
    assert [one.subject.name for one in found] == ["cart", "till"]


def test_a_program_that_never_ran_has_read_no_address() -> None:
    held = pod("cart", waiting("ImagePullBackOff"), phase="Pending")
    assert look(dependency_address_wrong, scene(calling("nowhere:6379"), held, service("cache", port=6379))) == []


def test_a_complaint_may_name_the_port_alone() -> None:
    caller = pod("cart", container(ready=False))
    logs = {"shop/cart-7f9c4d-x2x1q/app": {"current": "error: dial tcp 10.0.0.9:6380: i/o timeout"}}
    [found] = look(
        dependency_address_wrong, scene(calling("cache:6380"), caller, service("cache", port=6379), logs=logs)
    )
    assert any(cite.ref.startswith("logs/") for cite in found.cites)


def test_a_workload_of_that_name_without_a_service_makes_the_address_right() -> None:
    store, cache = deployment("store"), service("cache", port=6379)
    assert look(dependency_address_wrong, scene(calling("store:6379"), store, cache)) == []
    assert look(
        dependency_address_wrong,
        scene(calling("store:6379"), store, cache, service("other", selector={"app": "store"})),
    )
