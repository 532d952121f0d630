"""A service that answers slowly of its own accord."""

from tests.investigation.worlds import deployment, look, pod, scene, service
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.service_slow import service_slow

ABOUT = {"kind": "Deployment", "namespace": "shop", "name": "cart"}
LATE = {"name": "p95_latency", "value": 0.25, "baseline": 0.01, "unit": "seconds", "about": ABOUT}
BUSY = {"name": "cpu_usage", "value": 0.9, "baseline": 0.1, "unit": "cores", "about": ABOUT}
THROTTLED = {"name": "cpu_throttled_seconds", "value": 0.7, "unit": "seconds", "about": ABOUT}
FIRES = scene(deployment(), metrics=[LATE, BUSY])

QUIET = scene(deployment(), metrics=[LATE, THROTTLED])


def test_tells_the_usual_value_and_what_it_does_more_than_usual() -> None:
    [found, *_] = look(service_slow, FIRES)
    assert found.summary == (
        "cart is slow by itself: p95_latency is 0.25 seconds, usually 0.01; it works harder: cpu_usage is 0.9 cores, usually 0.1"
    )


def test_blames_what_is_called_and_not_the_caller() -> None:
    web = deployment("web", containers=[{"name": "app", "env": [{"name": "CART", "value": "http://cart"}]}])
    waits = LATE | {"about": ABOUT | {"name": "web"}}
    [found] = look(service_slow, scene(web, deployment(), service(), metrics=[waits, LATE]))
    assert found.subject.name == "cart"


def test_what_several_slow_ones_all_need_is_slow_when_nobody_measures_it() -> None:
    names = ("cart", "stock", "mail")
    pods = [pod(name, node=f"worker-{name}") for name in (*names, "orders-db")]
    calls = [{"caller": name, "callee": "orders-db"} for name in names]
    slow = [LATE | {"about": ABOUT | {"name": name}} for name in names]
    callers = [deployment(name) for name in (*names, "orders-db")]
    [found] = look(service_slow, scene(*callers, *pods, service("orders-db"), metrics=slow, dependencies=calls))
    assert found.summary.startswith("orders-db is slow, though nobody measures it: cart, mail, stock all need it")


def test_ranks_first() -> None:
    assert diagnose(parse_snapshot(FIRES)).hypotheses[0].cause == "service-slow"
