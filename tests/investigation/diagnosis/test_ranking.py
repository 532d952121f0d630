"""Which finding explains what is wrong."""

from tests.investigation.worlds import deployment, event, exited, logs, node, pod, scene, service
from tocsin.investigation.diagnosis import Report, Subject, diagnose, parse_snapshot
from tocsin.investigation.diagnosis.evidence import Citation
from tocsin.investigation.diagnosis.ranking import evidence_sum

POD = Subject("Pod", "a", "b")
KILLED = exited("OOMKilled", 137, resources={"limits": {"memory": "64Mi"}})
CART = pod("cart", KILLED)
WEB = pod("web", exited("Error", 1))
CALLS_CART = deployment("web", ready=0, containers=[{"name": "app", "env": [{"name": "CART", "value": "http://cart"}]}])
CASCADE = scene(
    CART, deployment(ready=0), service(), WEB, CALLS_CART, node(), logs=logs(WEB, "error: dial tcp: connection refused")
)


def report(document: bytes, subject: Subject | None = None) -> Report:
    return diagnose(parse_snapshot(document), subject=subject)


def test_a_symptom_folds_under_the_cause_upstream() -> None:
    [first] = report(CASCADE).hypotheses
    assert (first.cause, first.subject.name) == ("oom-killed", "cart")
    assert any("container-crash" in explained for explained in first.folded)


def test_a_second_cause_explains_what_is_still_unexplained() -> None:
    image = pod("ads", exited("OOMKilled", 137, resources={"limits": {"memory": "1Gi"}}))
    both = report(scene(CART, deployment(ready=0), image, deployment("ads", ready=0))).hypotheses
    assert [hypothesis.subject.name for hypothesis in both] == ["ads", "cart"]


def test_trouble_elsewhere_does_not_win_but_is_told() -> None:
    asked = Subject("Deployment", "shop", "web")
    crashed = scene(CART, deployment(ready=0), WEB, deployment("web", ready=0), logs=logs(WEB, "fatal: no license"))
    found = report(crashed, subject=asked)
    assert found.hypotheses[0].subject == asked
    assert [told.partition(":")[0] for told in found.elsewhere] == ["Deployment/shop/cart"]
    assert "also wrong elsewhere: Deployment/shop/cart" in found.steps[6]


def test_a_healthy_world_is_called_healthy() -> None:
    found = report(scene(pod(), deployment(), service(), node(), logs=logs(pod(), "ready", run="current")))
    assert (found.outcome, found.hypotheses) == ("healthy", ())


def test_a_world_whose_logs_nobody_read_is_not_called_healthy() -> None:
    assert report(scene(pod(), deployment(), service(), node())).outcome == "inconclusive"


def test_nothing_seen_is_not_healthy() -> None:
    assert report(b'{"format": "tocsin-snapshot/1"}').outcome == "inconclusive"


def test_trouble_that_nothing_explains_is_inconclusive() -> None:
    assert report(scene(pod("cart", phase="Unknown"), deployment(ready=0))).outcome == "inconclusive"


def test_evidence_against_lowers_a_hypothesis() -> None:
    refused = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."
    waits = pod("cart", node="", unscheduled=refused, nodeSelector={"disk": "ssd"})
    alone = report(scene(waits, node(labels={"disk": "hdd"}))).hypotheses[0]
    doubted = report(scene(waits, node(labels={"disk": "ssd"}))).hypotheses[0]
    assert doubted.against
    assert doubted.confidence < alone.confidence


def test_the_reckoning_adds_up_to_what_it_says() -> None:
    [first] = report(scene(CART, deployment(ready=0))).hypotheses
    *lines, total = first.reckoning
    assert lines == ["+4.77 evidence: state of Deployment/shop/cart", "+2.00 explains 1 of 1 symptoms"]
    assert total.startswith("= +6.7")


def test_an_event_of_a_former_pod_is_no_evidence() -> None:
    gone = pod("cart")
    gone["metadata"]["name"] = "cart-7f9c4d-old00"
    assert report(scene(pod(), deployment(), event(gone, "OOMKilled", "killed"))).hypotheses == ()


def test_the_rest_of_a_group_counts_a_quarter() -> None:
    told = [Citation("Pod/a/b#/x", 1, 3.0, POD), Citation("Pod/a/b#/y", 1, 1.6, POD)]
    assert evidence_sum(told) == {"state of Pod/a/b": 3.4}


def test_replicas_are_one_witness() -> None:
    other = pod("cart", KILLED)
    other["metadata"]["name"] = "cart-7f9c4d-zzzzz"
    [alone], [both] = (report(scene(*pods, deployment(ready=0))).hypotheses for pods in ((CART,), (CART, other)))
    assert alone.confidence <= both.confidence < alone.confidence + 0.01


def test_what_applications_write_counts_half() -> None:
    assert evidence_sum([Citation("logs/a/b/c/current#L1", "x", 3.0, POD)]) == {"logs of Pod/a/b": 1.5}


def test_what_an_environment_learned_is_its_prior() -> None:
    plain, learned = (
        diagnose(parse_snapshot(CASCADE), priors=priors).hypotheses[0] for priors in ({}, {"oom-killed": -3.0})
    )
    assert learned.confidence < plain.confidence
    assert learned.reckoning[0] == "-3.00 prior of oom-killed"


def test_a_report_shows_no_password_of_an_address() -> None:
    secret = deployment(
        ready=0, containers=[{"name": "app", "env": [{"name": "DB", "value": "postgres://cart:hunter2@db:5432"}]}]
    )
    found = report(scene(secret, service()))
    assert found.hypotheses[0].cause == "dependency-address-wrong"
    assert b"hunter2" not in found.to_json()
    assert b"postgres://cart:***@db:5432" in found.to_json()
