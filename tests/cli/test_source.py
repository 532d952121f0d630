"""`tocsin source`, on a data folder of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_admin import refused, run
from tocsin.alerts.sources import kinds


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("source")


def told(folder: Path, *arguments: str, stdin: str = "") -> Any:
    return json.loads(run(folder, "source", *arguments, "--output", "json", stdin=stdin).stdout)


def test_a_source_is_added_tried_changed_rotated_and_revoked(folder: Path) -> None:
    made = told(folder, "add", "generic", "shop/production", "--name", "scripts", "--trial")
    number = str(made["id"])
    assert made["url"].endswith(f"/hooks/generic/{made['token']}")
    assert told(folder, "test", number)["alerts"] == ["Checkout answers 5xx"]
    assert told(folder, "set", number, "--live", "--rate", "60") == {
        "id": made["id"],
        "trial": False,
        "requests_per_minute": 60,
    }
    assert told(folder, "rotate", number)["token"] != made["token"]
    assert run(folder, "source", "revoke", number).returncode == 0
    [listed] = told(folder, "list")
    assert (listed["name"], listed["state"], listed["last_signal_at"]) == ("scripts", "revoked", None)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("add", "smoke", "shop/production"), "there is no source “smoke”; there are alertmanager, atlantis"),
        (("add", "generic", "shop"), "say PROJECT/ENVIRONMENT"),
        (("add", "generic", "shop/x", "--signing-key-file", "-"), "generic does not sign"),
        (("add", "generic", "shop/x", "--topic", "arn:aws:sns:eu-central-1:1:a"), "a topic is that of an SNS source"),
        (("add", "generic", "shop/x", "--rate", "-1"), "requests a minute"),
        (("revoke", "99"), "there is no source 99"),
        (("test", "99"), "there is no source 99"),
    ],
)
def test_what_can_not_be_is_refused_in_one_line(folder: Path, arguments: tuple[str, ...], why: str) -> None:
    assert refused(run(folder, "source", *arguments, stdin="key\n"), why)


def test_the_help_names_every_kind_of_source(folder: Path) -> None:
    said = run(folder, "source", "add", "--help").stdout
    assert [kind for kind in kinds() if kind not in said] == []
