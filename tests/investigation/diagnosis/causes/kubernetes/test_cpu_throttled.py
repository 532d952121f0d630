"""A workload that is kept from the CPU by its own limit."""

from tests.investigation.worlds import container, deployment, look, pod, scene, service
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.cpu_throttled import cpu_throttled

ABOUT = {"kind": "Deployment", "namespace": "shop", "name": "cart"}
LATE = {"name": "p95_latency", "value": 0.5, "baseline": 0.01, "unit": "seconds", "about": ABOUT}
THROTTLED = {"name": "cpu_throttled_seconds", "value": 0.7, "unit": "seconds", "about": ABOUT}
LIMITED = deployment(containers=[{"name": "app", "resources": {"limits": {"cpu": "200m"}}}])
FIRES = scene(LIMITED, metrics=[LATE, THROTTLED])

QUIET = scene(LIMITED, metrics=[THROTTLED])


def test_says_who_waits() -> None:
    [found, *_] = look(cpu_throttled, FIRES)
    assert found.summary == "cart is held back by its CPU limit; cart takes 50 times its usual time"


def test_doubles_the_limit() -> None:
    [found] = look(cpu_throttled, FIRES)
    assert found.remedies[0].argv[-1] == "--limits=cpu=400m"


def test_believes_the_alert_that_measures_it_where_there_is_a_limit() -> None:
    limited = pod("cart", container(resources={"limits": {"cpu": "200m"}}))
    name = limited["metadata"]["name"]
    labels = {"alertname": "CPUThrottlingHigh", "namespace": "shop", "pod": name, "container": "app"}
    [found] = look(cpu_throttled, scene(limited, alert={"title": "CPUThrottlingHigh", "labels": labels}))
    assert found.summary == f"app in {name} is held back by its CPU limit of 200m, as the alert measured"
    assert look(cpu_throttled, scene(pod("cart"), alert={"title": "CPUThrottlingHigh", "labels": labels})) == []


def test_a_caller_that_waits_longer_than_it_stood_still_waits_for_something_else() -> None:
    calls = [{"caller": "web", "callee": "cart"}]
    waits = LATE | {"about": ABOUT | {"name": "web"}, "value": 2.5}
    web = [LIMITED, deployment("web"), service()]
    assert look(cpu_throttled, scene(*web, metrics=[waits, THROTTLED], dependencies=calls)) == []
    assert look(cpu_throttled, scene(*web, metrics=[waits | {"value": 0.4}, THROTTLED], dependencies=calls))


def test_ranks_first() -> None:
    best = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (best.cause, best.confidence > 0.85) == ("cpu-throttled", True)


def test_use_that_comes_up_to_the_limit_is_more_evidence() -> None:
    limited = pod("cart", container(resources={"limits": {"cpu": "200m"}}))
    use = {"name": "container_cpu_usage", "value": 0.195, "unit": "cores", "labels": {"container": "app"}}
    use |= {"about": {"kind": "Pod", "namespace": "shop", "name": limited["metadata"]["name"]}}
    [found] = look(cpu_throttled, scene(LIMITED, limited, metrics=[LATE, THROTTLED, use]))
    assert [cite.value for cite in found.cites] == [0.7, 0.5, 0.195]
