"""How bad an alert is at first sight."""

import pytest

from tocsin.incidents.triage import triage


@pytest.mark.parametrize(
    ("said", "environment", "severity"),
    [
        ("critical", "production", "critical"),
        ("Critical", "unknown", "critical"),
        ("critical", "staging", "high"),
        ("critical", "development", "low"),
        ("warning", "staging", "medium"),
        ("info", "production", "low"),
        ("", "production", "medium"),
        ("purple", "production", "medium"),
        ("P0", "production", "critical"),
    ],
)
def test_severity_follows_the_alert_and_its_environment(said: str, environment: str, severity: str) -> None:
    assert triage(said, environment).severity == severity


@pytest.mark.parametrize(
    ("trigger", "environment", "severity"),
    [
        ("apply failure", "production", "critical"),
        ("apply failure", "unknown", "critical"),
        ("security policy block", "production", "critical"),
        ("apply failure", "staging", "high"),
        ("drift", "production", "high"),
        ("plan timeout", "production", "medium"),
        ("policy block", "production", "medium"),
        ("drift", "staging", "medium"),
        ("plan failure", "production", "low"),
        ("drift", "development", "low"),
    ],
)
def test_what_happens_to_a_deployment_weighs_by_environment(trigger: str, environment: str, severity: str) -> None:
    assert triage(trigger, environment).severity == severity


def test_the_reason_names_what_lowered_it() -> None:
    assert triage("critical", "staging").reason == "the alert says “critical”; staging is at most high"


def test_an_unknown_environment_is_said_to_count_as_production() -> None:
    assert triage("critical", "unknown").reason.endswith("in an unknown environment, which counts as production")


def test_lost_data_is_critical_even_in_development() -> None:
    assert triage("info", "development", "Data loss detected on volume pg-0").severity == "critical"


def test_approaching_a_threshold_is_low_where_the_sender_names_no_severity() -> None:
    assert triage("", "production", "NodeFilesystemSpaceFillingUp").severity == "low"


def test_approaching_a_threshold_does_not_overrule_the_sender() -> None:
    assert triage("critical", "production", "NodeFilesystemSpaceFillingUp").severity == "critical"
