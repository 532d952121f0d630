"""How far a failure reaches."""

import pytest

from tocsin.incidents.triage.scope import Affected, Scope, Topology, measure


@pytest.mark.parametrize(
    ("title", "scope"),
    [
        ("KubePodCrashLooping", Scope.UNMEASURED),
        ("High error rate on checkout", Scope.MANY_USERS),
        ("ALB-UnHealthyHostCount", Scope.UNMEASURED),
        ("IngressHigh5xxRate", Scope.MANY_USERS),
        ("12 % of requests fail", Scope.MANY_USERS),
        ("0% of requests fail", Scope.UNMEASURED),
        ("TypeError for 1 user", Scope.ONE_USER),
        ("TypeError, 1,204 affected users", Scope.MANY_USERS),
        ("Login broken for 1,204 users", Scope.MANY_USERS),
        ("KubeAPIDown", Scope.WHOLE_SYSTEM),
        ("etcdNoLeader", Scope.WHOLE_SYSTEM),
        ("CoreDNSDown", Scope.WHOLE_SYSTEM),
        ("MysqlDown", Scope.UNMEASURED),
    ],
)
def test_one_alert_tells_how_far_it_reaches(title: str, scope: Scope) -> None:
    assert measure([Affected(title, "shop/cart")]).scope is scope


def test_two_components_are_many() -> None:
    extent = measure([Affected("Slow", "cart"), Affected("Slow", "payments"), Affected("Down", "cart")])
    assert (extent.scope, extent.reason) == (Scope.MANY_COMPONENTS, "2 components alert: cart, payments")


def test_half_of_all_services_are_the_system() -> None:
    alerts = [Affected("Down", f"service-{number}") for number in range(6)]
    assert measure(alerts, Topology(services=12)).scope is Scope.WHOLE_SYSTEM
    assert measure(alerts, Topology(services=13)).scope is Scope.MANY_COMPONENTS


def test_a_small_system_is_not_down_because_two_of_three_services_alert() -> None:
    assert measure([Affected("Down", "a"), Affected("Down", "b")], Topology(services=3)).scope is Scope.MANY_COMPONENTS


def test_what_depends_on_them_is_named() -> None:
    alerts = [Affected("Down", "db"), Affected("Slow", "cart")]
    assert measure(alerts, Topology(9, ("checkout",))).reason == "2 components alert: cart, db; needed by checkout"


def test_a_label_names_one_user_and_several_alerts_name_many() -> None:
    alice, bob = (Affected("Error", "cart", labels={"user_id": name}) for name in ("alice", "bob"))
    assert measure([alice]).scope is Scope.ONE_USER
    assert measure([alice, bob]).scope is Scope.MANY_USERS


def test_a_label_that_counts_users_is_read() -> None:
    assert measure([Affected("TypeError", labels={"userCount": "37"})]).reason == "the label userCount names 37 users"


def test_nothing_measured_is_said_so() -> None:
    assert measure([]).reason == "nothing in its alerts tells how many users or components it touches"


@pytest.mark.parametrize("text", ["1" * 50_000 + "%", " of " * 20_000, "1," * 20_000, "12 % of " * 9_000])
def test_a_text_made_to_be_slow_is_read_no_further_than_others(text: str) -> None:
    assert measure([Affected(text, "cart", description=text)]).scope is Scope.UNMEASURED
