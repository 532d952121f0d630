"""The whole judgement on an incident."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.incidents.triage.names import LABELLED
from tocsin.incidents.triage.assessment import AlertFacts, Assessment, Facts, assess
from tocsin.incidents.triage.classes import Class
from tocsin.incidents.triage.priority import Workaround
from tocsin.incidents.triage.scope import Scope, Topology

TITLES = (*LABELLED, "Data loss on shard 3", "12 % of requests fail", "Login broken for 1,204 users")
ALERTS = st.builds(
    AlertFacts,
    title=st.sampled_from(TITLES),
    said=st.sampled_from(["", "critical", "warning", "info", "error", "purple"]),
    component=st.sampled_from(["", "cart", "payments", "db", "node-1", "search", "login"]),
    source_kind=st.sampled_from(["alertmanager", "sentry"]),
    labels=st.dictionaries(
        st.sampled_from(["user_id", "userCount", "tenant"]), st.sampled_from(["1", "2", "x"]), max_size=2
    ),
)
FACTS = st.builds(
    Facts,
    environment_kind=st.sampled_from(["production", "staging", "development", "unknown"]),
    alerts=st.lists(ALERTS, min_size=1, max_size=8),
    topology=st.builds(Topology, services=st.integers(0, 20)),
    critical_feature=st.sampled_from(["", "checkout"]),
    workaround=st.sampled_from(list(Workaround)),
)


def judged(*titles: str, kind: str = "production", said: str = "warning") -> Assessment:
    alerts = [AlertFacts(title, said, component=f"service-{n}") for n, title in enumerate(titles)]
    return assess(Facts(kind, alerts))


def with_alerts(facts: Facts, alerts: list[AlertFacts]) -> Facts:
    return Facts(
        facts.environment_kind,
        alerts,
        facts.topology,
        facts.cause,
        facts.category,
        facts.critical_feature,
        facts.workaround,
    )


def test_an_incident_is_judged_with_a_reason_for_everything() -> None:
    found = judged("MysqlDown", "CheckoutSlow")
    assert found.classified.of in (Class.INFRASTRUCTURE, Class.LATENCY)
    assert found.extent.scope is Scope.MANY_COMPONENTS
    assert found.priority.severity == "high"
    assert found.severity.severity == "high"
    assert (
        found.severity.reason == "the alert says “warning”, in production; raised to high: it touches many components"
    )


@pytest.mark.parametrize(
    ("kind", "severity"), [("production", "critical"), ("staging", "high"), ("development", "medium")]
)
def test_what_is_not_production_is_raised_only_so_far(kind: str, severity: str) -> None:
    assert judged("KubeAPIDown", kind=kind).severity.severity == severity


def test_a_breach_is_critical_in_development_too() -> None:
    assert judged("Security breach reported", kind="development", said="info").severity.severity == "critical"


def test_a_low_priority_does_not_lower_the_severity() -> None:
    found = judged("NodeFilesystemSpaceFillingUp", said="critical")
    assert (found.priority.severity, found.severity.severity) == ("low", "critical")


def test_an_incident_without_alerts_is_judged_too() -> None:
    assert assess(Facts("production", [])).severity.severity == "medium"


@given(FACTS, ALERTS)
def test_more_alerts_never_lower_the_severity(facts: Facts, another: AlertFacts) -> None:
    before, after = assess(facts), assess(with_alerts(facts, [*facts.alerts, another]))
    assert after.severity.severity.rank <= before.severity.severity.rank
    assert after.extent.scope.reach >= before.extent.scope.reach


@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_of_alerts_does_not_matter(facts: Facts, chance: random.Random) -> None:
    shuffled = list(facts.alerts)
    chance.shuffle(shuffled)
    assert assess(with_alerts(facts, shuffled)) == assess(facts)


@given(FACTS)
def test_everything_has_its_reason(facts: Facts) -> None:
    found = assess(facts)
    assert all((found.classified.reason, found.extent.reason, found.priority.reason, found.severity.reason))
