"""Where a firing alert belongs."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW
from tocsin.catalog.directory import Directory, ServiceFacts
from tocsin.incidents.matching import Candidate, Firing, Ignored, Joins, Opens, match

QUIET = timedelta(minutes=5)
FIRING = Firing(alert_id=1, environment_id=1, title="PodDown", subject_key="shop/cart")


def incident(id_: int = 7, **values: object) -> Candidate:
    defaults: dict[str, object] = {
        "environment_id": 1,
        "subject_key": "shop/web",
        "alert_ids": frozenset(),
        "is_open": True,
        "is_firing": False,
        "last_firing_at": NOW,
        "resolved_at": None,
        "quiet_period": QUIET,
    }
    return Candidate(id=id_, **(defaults | values))  # type: ignore[arg-type]


def resolved(id_: int, minutes_ago: float, **values: object) -> Candidate:
    at = NOW - timedelta(minutes=minutes_ago)
    return incident(id_, alert_ids=frozenset({1}), is_open=False, resolved_at=at, **values)


def test_without_candidates_it_opens() -> None:
    assert isinstance(match(FIRING, [], NOW, QUIET), Opens)


def test_its_own_open_incident_is_joined() -> None:
    decision = match(FIRING, [incident(alert_ids=frozenset({1}))], NOW, QUIET)
    assert decision == Joins(7, "PodDown is already part of INC-007")


def test_an_open_incident_about_the_same_subject_is_joined() -> None:
    assert isinstance(match(FIRING, [incident(subject_key="shop/cart")], NOW, QUIET), Joins)


def test_a_subject_that_last_fired_yesterday_is_another_story() -> None:
    old = incident(subject_key="shop/cart", last_firing_at=NOW - timedelta(days=1))
    assert isinstance(match(FIRING, [old], NOW, QUIET), Opens)


def test_a_subject_that_still_fires_is_joined_however_old() -> None:
    old = incident(subject_key="shop/cart", last_firing_at=NOW - timedelta(days=1), is_firing=True)
    assert isinstance(match(FIRING, [old], NOW, QUIET), Joins)


def test_a_long_usual_quiet_period_is_never_shortened() -> None:
    decision = match(FIRING, [resolved(7, 2, quiet_period=timedelta(hours=2))], NOW, timedelta(hours=2))
    assert isinstance(decision, Opens)
    assert decision.quiet_period == timedelta(hours=2)


def test_another_environment_is_never_joined() -> None:
    elsewhere = incident(environment_id=2, subject_key="shop/cart", alert_ids=frozenset({1}))
    assert isinstance(match(FIRING, [elsewhere], NOW, QUIET), Opens)


def test_alerts_without_a_subject_do_not_join_each_other() -> None:
    nothing = Firing(1, 1, "Odd", "")
    assert isinstance(match(nothing, [incident(subject_key="")], NOW, QUIET), Opens)


def test_a_quick_recurrence_waits_twice_as_long_up_to_an_hour() -> None:
    assert match(FIRING, [resolved(7, 2)], NOW, QUIET) == Opens(
        "PodDown came back soon after INC-007; it now must stay quiet for 10 min", 2 * QUIET, 7
    )
    long = match(FIRING, [resolved(7, 2, quiet_period=timedelta(minutes=50))], NOW, QUIET)
    assert isinstance(long, Opens)
    assert long.quiet_period == timedelta(hours=1)


def test_a_late_recurrence_is_linked_with_the_usual_quiet_period() -> None:
    assert match(FIRING, [resolved(7, 600)], NOW, QUIET) == Opens("PodDown fired before, in INC-007", QUIET, 7)


def test_the_watchdog_is_ignored() -> None:
    assert isinstance(match(Firing(1, 1, "Watchdog", ""), [], NOW, QUIET), Ignored)


CANDIDATES = st.lists(
    st.builds(
        lambda id_, open_, own, same: incident(
            id_,
            is_open=open_,
            alert_ids=frozenset({1} if own else {2}),
            subject_key="shop/cart" if same else "shop/web",
            resolved_at=None if open_ else NOW,
        ),
        st.integers(1, 50),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    unique_by=lambda candidate: candidate.id,
)


@given(CANDIDATES, st.randoms())
def test_the_order_of_candidates_does_not_matter(candidates: list[Candidate], random: object) -> None:
    shuffled = list(candidates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' Random
    assert match(FIRING, candidates, NOW, QUIET) == match(FIRING, shuffled, NOW, QUIET)


@given(CANDIDATES)
def test_a_resolved_incident_is_never_joined(candidates: list[Candidate]) -> None:
    decision = match(FIRING, candidates, NOW, QUIET)
    closed = {candidate.id for candidate in candidates if not candidate.is_open}
    assert not (isinstance(decision, Joins) and decision.incident_id in closed)


def test_failed_runs_of_two_configurations_stay_apart_although_one_needs_the_other() -> None:
    services = [
        ServiceFacts("queue", "infra", "queue", depends_on=("network",)),
        ServiceFacts("network", "infra", "network"),
    ]
    known = Directory(services)
    network = Firing(2, 1, "terraform apply failed", "Configuration/network", _service="network", directory=known)
    queue = Firing(1, 1, "terraform apply failed", "Configuration/queue", _service="queue", directory=known)
    going_on = incident(subject_key="Configuration/network", traits=network.traits)
    assert isinstance(match(queue, [going_on], NOW, QUIET), Opens)
    slow = Firing(3, 1, "QueueDown", "shop/queue", _service="queue", directory=known)
    assert isinstance(match(slow, [going_on], NOW, QUIET), Joins)
