"""How a team calls the severities."""

import pytest

from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.scale import Scale, read, shown


@pytest.mark.parametrize(
    ("scale", "names"),
    [
        ("words", ["Critical", "High", "Medium", "Low"]),
        ("P1-P4", ["P1", "P2", "P3", "P4"]),
        ("P0-P3", ["P0", "P1", "P2", "P3"]),
        ("SEV1-4", ["SEV1", "SEV2", "SEV3", "SEV4"]),
    ],
)
def test_a_severity_is_shown_as_the_team_says_it(scale: str, names: list[str]) -> None:
    assert [shown(severity, scale) for severity in Severity] == names


@pytest.mark.parametrize("scale", list(Scale))
@pytest.mark.parametrize("severity", list(Severity))
def test_what_is_shown_and_the_plain_word_are_read(severity: Severity, scale: Scale) -> None:
    assert read(shown(severity, scale).lower(), scale) is read(f" {severity.value} ", scale) is severity


def test_another_teams_word_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="choose one of P0, P1, P2, P3"):
        read("SEV1", Scale.P0)
