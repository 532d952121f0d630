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
    ],
)
def test_severity_follows_the_alert_and_its_environment(said: str, environment: str, severity: str) -> None:
    assert triage(said, environment).severity == severity


def test_the_reason_names_what_lowered_it() -> None:
    assert triage("critical", "staging").reason == "the alert says “critical”; staging is at most high"
