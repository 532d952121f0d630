"""How soon somebody should turn to an incident."""

import pytest

from tocsin.incidents.triage import Severity, Triage
from tocsin.incidents.triage.priority import Grounds, Workaround, prioritise
from tocsin.incidents.triage.scope import Extent, Scope

START = Triage(Severity.MEDIUM, "the alert says “warning”, in production")


def grounds(scope: Scope = Scope.UNMEASURED, **others: object) -> Grounds:
    return Grounds(START, Extent(scope, "measured"), **others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scope", "priority"),
    [
        (Scope.UNMEASURED, "medium"),
        (Scope.ONE_USER, "low"),
        (Scope.MANY_USERS, "medium"),
        (Scope.MANY_COMPONENTS, "high"),
        (Scope.WHOLE_SYSTEM, "critical"),
    ],
)
def test_priority_follows_the_scope(scope: Scope, priority: str) -> None:
    assert prioritise(grounds(scope)).severity == priority


def test_security_is_one_step_higher() -> None:
    assert prioritise(grounds(Scope.MANY_USERS, is_security=True)).severity == "high"
    assert prioritise(grounds(Scope.WHOLE_SYSTEM, is_security=True)).severity == "critical"


@pytest.mark.parametrize("consequence", ["data loss", "a breach"])
def test_lost_data_and_breaches_are_always_critical(consequence: str) -> None:
    judged = prioritise(
        grounds(Scope.ONE_USER, consequence=consequence, workaround=Workaround.EXISTS, is_approaching=True)
    )
    assert judged == (Severity.CRITICAL, f"{consequence} is always critical")


def test_approaching_a_threshold_is_low_however_many_do() -> None:
    assert prioritise(grounds(Scope.MANY_COMPONENTS, is_approaching=True)).severity == "low"


def test_no_way_around_a_critical_feature_is_high() -> None:
    judged = prioritise(grounds(Scope.ONE_USER, critical_feature="checkout", workaround=Workaround.NONE))
    assert judged == (Severity.HIGH, "there is no way around it, and checkout is critical")


def test_no_way_around_what_is_not_critical_changes_nothing() -> None:
    assert prioritise(grounds(Scope.ONE_USER, workaround=Workaround.NONE)).severity == "low"


def test_with_a_way_around_it_high_is_medium() -> None:
    assert prioritise(grounds(Scope.MANY_COMPONENTS, workaround=Workaround.EXISTS)).severity == "medium"


def test_a_way_around_it_does_not_make_the_whole_system_less_urgent() -> None:
    assert prioritise(grounds(Scope.WHOLE_SYSTEM, workaround=Workaround.EXISTS)).severity == "critical"


def test_of_what_is_unmeasured_the_alert_decides() -> None:
    assert prioritise(grounds()).reason == f"its scope is not measured: {START.reason}"
