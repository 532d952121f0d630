"""The page of the severity matrix."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import NOW, make_environment, make_user
from tocsin.accounts.access import Role
from tocsin.incidents import matrices
from tocsin.incidents.models import SeverityMatrix
from tocsin.incidents.triage import Severity
from tocsin.incidents.triage.matrix import Hours, Matrix, parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    """The browser of somebody who may change settings."""
    client = Client()
    client.force_login(make_user("mary", Role.MANAGER))
    return client


def form(version: int = 0, **changed: object) -> dict[str, Any]:
    """What the browser sends when nothing but `changed` was typed."""
    levels = Matrix().levels
    typed: dict[str, Any] = {
        "version": version,
        "scale": "words",
        "zone": "UTC",
        "day": ["Mon", "Tue", "Wed", "Thu", "Fri"],
    }
    typed |= {"from": "09:00", "to": "17:00", "holidays": ""}
    for severity, level in levels.items():
        typed |= {
            f"acknowledge-{severity}": level.acknowledge,
            f"hours-{severity}": level.hours.value,
            f"notify-{severity}": ", ".join(level.notify),
            f"conduct-{severity}": level.conduct,
        }
    return typed | {name.replace("_", "-"): value for name, value in changed.items()}


def test_the_defaults_are_shown(browser: Client) -> None:
    page = browser.get("/settings/severity").content.decode()
    for words in ("at once", "15 min", "next business day", "Mitigate and escalate at once.", "P0 · P1 · P2 · P3"):
        assert words in page
    assert "Managers and admins can change it." in page


def test_a_manager_changes_it(manager: Client) -> None:
    typed = form(
        acknowledge_high=" 30  MIN ",
        hours_high="business hours",
        notify_high="team a, bob",
        holidays="2026-12-25 Christmas",
    )
    assert manager.post("/settings/severity", typed).status_code == 302
    matrix = matrices.installation_matrix()
    level = matrix.levels[Severity.HIGH]
    assert (level.acknowledge, level.hours, level.notify) == ("30 min", Hours.BUSINESS, ("team a", "bob"))
    assert list(matrix.calendar.holidays.values()) == ["Christmas"]
    assert SeverityMatrix.objects.get().author == "mary"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"acknowledge_low": "soon"}, "“soon”: write at once, 15 min"),
        ({"zone": "Berlin"}, "“Berlin” is no time zone"),
        ({"day": []}, "at least one of Mon"),
        ({"holidays": "Christmas"}, "“Christmas” is no day; write it as 2026-12-25"),
        ({}, "Nothing is different"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_typed_is_lost(
    manager: Client, changed: dict[str, Any], words: str
) -> None:
    answer = manager.post("/settings/severity", form(conduct_low="Sleep on it.", **changed) if changed else form())
    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert not changed or "Sleep on it." in page
    assert not SeverityMatrix.objects.exists()


def test_somebody_elses_version_is_not_written_over(manager: Client) -> None:
    matrices.keep(None, parse({"scale": "SEV1-4"}), seen=0, author="bob", now=NOW)
    answer = manager.post("/settings/severity", form(version=0, conduct_low="Sleep on it."))
    assert "Somebody else has changed" in answer.content.decode()


def test_who_may_not_change_it_is_told_who_may(browser: Client) -> None:
    answer = browser.post("/settings/severity", form(conduct_low="Sleep on it."))
    assert answer.status_code == 403
    assert "needs the role manager" in answer.content.decode()


def test_a_project_gets_its_own_and_follows_again(manager: Client) -> None:
    project = make_environment().project
    manager.post("/settings/severity/shop", form(acknowledge_high="1 h"))
    assert matrices.matrix_of(project.pk).levels[Severity.HIGH].acknowledge == "1 h"
    assert "Shop has a matrix of its own" in manager.get("/settings/severity/shop").content.decode()
    manager.post("/settings/severity/shop", form(version=1, follow="1"))
    assert matrices.matrix_of(project.pk) == Matrix()
    assert "Shop follows the installation" in manager.get("/settings/severity/shop").content.decode()


def test_of_no_project_there_is_no_page(browser: Client) -> None:
    assert browser.get("/settings/severity/nowhere").status_code == 404


def test_a_mistake_is_named_as_on_the_form(manager: Client) -> None:
    mistakes: tuple[tuple[dict[str, Any], str], ...] = (
        ({"acknowledge_high": "soon"}, "High: acknowledge within: “soon”"),
        ({"zone": "Atlantis"}, "Time zone: “Atlantis” is no time zone"),
    )
    for typed, said in mistakes:
        page = manager.post("/settings/severity", form(**typed)).content.decode()
        assert said in page
