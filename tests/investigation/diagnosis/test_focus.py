"""An alert is blamed on what can be behind it, and on nothing else."""

from typing import Any

from tests.investigation.worlds import deployment, exited, logs, node, pod, scene, service, waiting
from tocsin.investigation.diagnosis import Report, Subject, diagnose, parse_snapshot

CART = pod("cart", exited("OOMKilled", 137, resources={"limits": {"memory": "64Mi"}}))
EMAIL = pod("email")
SHOP = (CART, deployment(ready=0), service(), EMAIL, deployment("email"), service("email"), node())


def asked(alert: dict[str, Any], *more: dict[str, Any]) -> Report:
    return diagnose(parse_snapshot(scene(*SHOP, *more, alert=alert, logs=logs(EMAIL, "ready", run="current"))))


def about(kind: str, name: str, namespace: str = "shop") -> dict[str, Any]:
    return {"title": "x", "resource": {"kind": kind, "namespace": namespace, "name": name}}


def test_an_alert_about_another_machine_blames_nothing_for_sure() -> None:
    [first] = asked({"title": "Certificate of vpn.example.com expires", "labels": {"host": "vpn"}}).hypotheses
    assert (first.confidence, first.confidence_label) == (0.6, "medium")


def test_an_alert_that_names_nothing_says_why_it_is_in_doubt() -> None:
    [first] = asked({"title": "x"}).hypotheses
    assert first.confidence == 0.6
    assert first.reckoning[-1] == "at most 60%: the alert names nothing that was read"


def test_a_healthy_workload_is_healthy_whatever_is_wrong_beside_it() -> None:
    found = asked(about("Deployment", "email"))
    assert (found.outcome, found.hypotheses) == ("healthy", ())
    assert "cart" in found.elsewhere[0]


def test_a_namespace_of_which_nothing_was_read_is_inconclusive() -> None:
    found = asked({"title": "x", "labels": {"namespace": "billing"}})
    assert (found.outcome, found.hypotheses, found.examined) == ("inconclusive", (), ())


def test_a_pod_that_is_not_there_is_inconclusive() -> None:
    found = asked(about("Pod", "tax-5d5d5d-abcde"))
    assert (found.outcome, found.hypotheses) == ("inconclusive", ())
    assert "is missing" in found.steps[1]


def test_whatever_is_wrong_in_a_named_namespace_may_be_to_blame() -> None:
    [first] = asked({"title": "x", "labels": {"namespace": "shop"}}).hypotheses
    assert first.confidence > 0.9


def test_labels_that_name_an_object_are_the_question() -> None:
    found = asked({"title": "x", "labels": {"namespace": "shop", "service": "exporter", "deployment": "email"}})
    assert "asked about Deployment/shop/email" in found.steps[0]


def test_an_entry_service_is_led_to_the_fault_far_behind_it() -> None:
    calls = [{"name": "app", "env": [{"name": "CART", "value": "http://cart"}]}]
    found = asked(about("Service", "web"), service("web"), deployment("web", containers=calls))
    assert str(found.hypotheses[0].subject) == "Deployment/shop/cart"


def test_a_callers_trouble_is_not_blamed_for_what_it_calls() -> None:
    calls = [{"name": "app", "env": [{"name": "EMAIL", "value": "http://email"}]}]
    web = pod("web", exited("OOMKilled", 137, resources={"limits": {"memory": "64Mi"}}))
    assert asked(about("Deployment", "email"), web, deployment("web", ready=0, containers=calls)).outcome == "healthy"


def test_of_two_failures_each_alert_gets_its_own() -> None:
    ads = pod("ads", waiting("CreateContainerConfigError", 'configmap "ads" not found'))
    for name, other in (("cart", "ads"), ("ads", "cart")):
        found = asked(about("Deployment", name), ads, deployment("ads", ready=0))
        assert {hypothesis.subject for hypothesis in found.hypotheses} == {Subject("Deployment", "shop", name)}
        assert any(other in told for told in found.elsewhere)
