"""A monitor that looks for its target where there is none."""

from tests.investigation.worlds import Document, deployment, look, meta, pod, scene, service
from tocsin.investigation.diagnosis.causes.kubernetes.scrape_target_misconfigured import scrape_target_misconfigured

DOWN = {"title": "TargetDown", "labels": {"alertname": "TargetDown", "namespace": "shop"}}
CART = service()
CART["metadata"]["labels"] = {"app": "cart"}
CART["spec"]["ports"][0]["name"] = "http"


def monitor(port: str, app: str = "cart") -> Document:
    spec = {"selector": {"matchLabels": {"app": app}}, "endpoints": [{"port": port}]}
    return meta("ServiceMonitor", "cart") | {"spec": spec}


FIRES = scene(monitor("metrics"), CART, pod(), deployment(), alert=DOWN)

QUIET = scene(monitor("http"), CART, pod(), deployment(), alert=DOWN)


def test_names_the_ports() -> None:
    [found] = look(scrape_target_misconfigured, FIRES)
    assert found.summary == (
        "ServiceMonitor cart asks for port metrics, but service cart has http, so Prometheus has no target there"
    )


def test_without_such_an_alert_nobody_misses_the_target() -> None:
    assert look(scrape_target_misconfigured, scene(monitor("metrics"), CART, pod())) == []


def test_an_alert_about_another_job_is_not_about_this_monitor() -> None:
    other = {"title": "TargetDown", "labels": {"alertname": "TargetDown", "job": "kubelet", "namespace": "shop"}}
    assert look(scrape_target_misconfigured, scene(monitor("metrics"), CART, pod(), alert=other)) == []


def test_a_machine_that_is_down_is_no_target() -> None:
    down = {"title": "HostDown", "labels": {"alertname": "HostDown", "instance": "db-9"}}
    assert look(scrape_target_misconfigured, scene(monitor("metrics"), CART, pod(), alert=down)) == []
