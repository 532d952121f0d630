"""How much a firing has to do with an incident."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW
from tests.incidents.test_matching import QUIET, incident
from tocsin.catalog.directory import Directory, ServiceFacts
from tocsin.incidents.matching import Candidate, Context, Firing, Joins, Match, Opens, match
from tocsin.incidents.relation import MOST_KEYS, NO_TRAITS, Pairs, Traits, pair_key, spreads, template, traits_of

SHOP = Directory(
    [
        ServiceFacts("web", "shop", "web", depends_on=("orders",)),
        ServiceFacts("orders", "shop", "orders", depends_on=("db",)),
        ServiceFacts("db", "shop", "db"),
        ServiceFacts("mail", "shop", "mail"),
    ]
)


def firing(title: str, directory: Directory = SHOP, /, **labels: str) -> Firing:
    key = f"x/{labels['deployment']}" if "deployment" in labels else ""
    kind = {"kind": "Node", "name": labels["node"]} if title.startswith("Node") else {}
    return Firing(1, 1, title, key, labels, kind, directory)


def about(one: Firing, seconds_ago: float = 30, number: int = 7, **values: object) -> Candidate:
    """The incident that it opened."""
    last = NOW - timedelta(seconds=seconds_ago)
    given_: dict[str, object] = {"subject_key": one.subject_key, "traits": one.traits, "last_firing_at": last}
    return incident(number, **({"opened_at": last, "is_untouched": True} | given_ | values))


def decide(one: Firing, *candidates: Candidate, **context: object) -> Match:
    return match(one, candidates, NOW, QUIET, Context(**context))  # type: ignore[arg-type]


def test_what_needs_a_failed_service_joins_it_and_says_why() -> None:
    decision = decide(firing("HighErrorRate", service="orders"), about(firing("DatabaseDown", service="db")))
    assert isinstance(decision, Joins)
    assert "orders needs db 0.40, 30 s apart 0.27" in decision.reason


def test_an_outage_does_not_disappear_in_what_somebody_has_taken_up_as_less() -> None:
    certificate = about(firing("CertificateExpiresSoon", deployment="db"), 3600, is_firing=True)
    outage = firing("DatabaseDown", deployment="db")
    assert isinstance(decide(outage, certificate), Joins)
    decision = decide(outage, replace(certificate, is_untouched=False))
    assert isinstance(decision, Opens)
    assert "INC-007 is about x/db too, but somebody has that already" in decision.reason


def test_two_that_each_run_on_a_localhost_stay_apart() -> None:
    one, other = (firing("InstanceDown", instance=f"localhost:{port}") for port in (8081, 9090))
    assert isinstance(decide(one, about(other)), Opens)


def test_services_that_do_not_need_each_other_stay_apart() -> None:
    down = about(firing("HighErrorRate", service="mail"))
    assert isinstance(decide(firing("HighErrorRate", service="orders"), down), Opens)


def test_two_hops_join_at_once_but_not_minutes_later() -> None:
    late, soon = (about(firing("DatabaseDown", service="db"), seconds) for seconds in (200, 5))
    assert isinstance(decide(firing("HighErrorRate", service="web"), late), Opens)
    assert isinstance(decide(firing("HighErrorRate", service="web"), soon), Joins)


def test_a_certificate_of_a_neighbour_is_no_reason_for_errors() -> None:
    expiring = about(firing("CertificateExpiresSoon", service="db"))
    assert isinstance(decide(firing("HighErrorRate", service="orders"), expiring), Opens)


def test_what_runs_on_a_node_that_is_down_joins_it() -> None:
    down = about(firing("NodeNotReady", node="worker-3"))
    assert isinstance(decide(firing("PodNotReady", deployment="cart", node="worker-3"), down), Joins)
    assert isinstance(decide(firing("PodNotReady", deployment="cart", node="worker-4"), down), Opens)


def test_two_workloads_on_one_healthy_node_stay_apart() -> None:
    other = about(firing("PodCrashLooping", deployment="web", node="worker-3"))
    assert isinstance(decide(firing("PodCrashLooping", deployment="cart", node="worker-3"), other), Opens)


def test_the_same_change_joins() -> None:
    other = about(firing("PodCrashLooping", deployment="web", commit="4be1"))
    assert isinstance(decide(firing("HighErrorRate", deployment="cart", commit="4be1"), other), Joins)


def test_nearness_and_likeness_alone_never_join() -> None:
    same = about(firing("HighErrorRate", team="a", region="eu"), 0)
    assert isinstance(decide(firing("HighErrorRate", team="a", region="eu"), same), Opens)


def test_an_incident_that_fired_long_ago_is_not_near() -> None:
    down = about(firing("DatabaseDown", service="db"), 3600)
    assert isinstance(decide(firing("HighErrorRate", service="orders"), down), Opens)


def test_what_explains_untouched_incidents_folds_them_into_one() -> None:
    one = about(firing("HighErrorRate", service="orders"), number=3)
    other = about(firing("PodCrashLooping", service="orders", deployment="x"), number=4)
    decision = decide(firing("DatabaseDown", service="db"), one, other)
    assert isinstance(decision, Joins)
    assert (decision.incident_id, decision.folds) == (3, (4,))


def test_an_incident_that_somebody_has_taken_up_is_never_folded() -> None:
    taken = about(firing("HighErrorRate", service="orders"), number=4, is_untouched=False)
    decision = decide(firing("DatabaseDown", service="db"), about(firing("Down", service="orders"), number=3), taken)
    assert isinstance(decision, Joins)
    assert decision.folds == ()


def test_what_fails_on_top_of_two_failures_does_not_make_them_one() -> None:
    both = Directory([ServiceFacts("web", "s", "web", depends_on=("a", "b")), *(ServiceFacts(n, "s", n) for n in "ab")])
    downs = [about(firing("Down", both, service=name), number=number) for number, name in ((3, "a"), (4, "b"))]
    decision = decide(firing("HighErrorRate", both, service="web"), *downs)
    assert isinstance(decision, Joins)
    assert decision.folds == ()


def test_what_people_merged_joins_and_what_they_split_stays_apart() -> None:
    one, other = firing("Slow", Directory(), deployment="web"), firing("Full", Directory(), deployment="db")
    keys = pair_key("Slow", "x/web", ""), pair_key("Full", "x/db", "db")
    taught = {keys[0]: {keys[1]}, keys[1]: {keys[0]}}
    assert isinstance(decide(one, about(other), pairs=Pairs(together=taught)), Joins)
    same = about(firing("Full", Directory(), deployment="db"), subject_key="x/web")
    assert isinstance(decide(one, same), Joins)
    assert isinstance(decide(one, same, pairs=Pairs(apart=taught)), Opens)


def test_only_in_a_storm_the_same_title_is_enough() -> None:
    other = about(firing("TargetDown", namespace="shop", team="a", deployment="web"), 0)
    one = firing("TargetDown", namespace="shop", team="a", deployment="cart")
    assert isinstance(decide(one, other), Opens)
    assert isinstance(decide(one, other, is_storm=True), Joins)


def test_a_title_without_its_numbers_is_its_template() -> None:
    assert template("disk 91 % full on web-3") == template("disk 95 % full on web-7")
    assert template("KubePodNotReady") == "KubePodNotReady"


def test_errors_spread_and_certificates_do_not() -> None:
    assert [spreads(title) for title in ("HighErrorRate", "CertificateExpiresSoon", "Unheard of")] == [
        True,
        False,
        False,
    ]


@given(st.lists(st.text(min_size=1, max_size=8), max_size=300))
def test_what_is_kept_of_an_incident_is_bounded(keys: list[str]) -> None:
    traits = NO_TRAITS
    for key in keys:
        traits = traits.joined_by(Traits(frozenset({f"about:{key}"})))
    assert len(traits.keys) == min(MOST_KEYS, len(set(keys)))


LABELS = st.dictionaries(
    st.sampled_from(["node", "service", "zone", "instance", "namespace", "commit"]), st.sampled_from(["a", "b"])
)


@given(LABELS, LABELS, st.floats(0, 700), st.booleans())
def test_a_decision_has_a_reason_and_never_joins_what_is_over(
    one: dict[str, str], other: dict[str, str], ago: float, is_open: bool
) -> None:
    decision = decide(firing("Down", **one), about(firing("Down", **other), ago, is_open=is_open))
    assert decision.reason
    assert is_open or not isinstance(decision, Joins)


def test_the_address_of_what_was_scraped_says_nothing_of_a_workload() -> None:
    labels = {"instance": "10.0.0.3:9100", "deployment": "cart"}
    found = traits_of("Down", labels, {"kind": "Deployment", "name": "cart"}, "cart", "")
    assert not any(key.startswith("host:") for key in found.keys)
