"""`tocsin source`."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, refused
from tests.server.test_listening import answer
from tocsin.alerts.sources import kinds
from tocsin.server.listening import announced, listen, local_address


def test_a_source_is_added_tried_changed_rotated_and_revoked(run_apart: Callable[..., str]) -> None:
    def told(*words: str) -> Any:
        return json.loads(run_apart("source", *words, "--output", "json"))

    made = told("add", "generic", "shop/production", "--name", "scripts", "--trial")
    number = str(made["id"])
    assert made["url"].endswith(f"/hooks/generic/{made['token']}")
    assert told("test", number)["alerts"] == ["Checkout answers 5xx"]
    assert told("set", number, "--live", "--rate", "60") == {
        "id": made["id"],
        "trial": False,
        "requests_per_minute": 60,
    }
    assert told("rotate", number)["token"] != made["token"]
    run_apart("source", "revoke", number)
    [listed] = told("list")
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
def test_what_can_not_be_is_refused_in_one_line(run: Run, arguments: tuple[str, ...], why: str) -> None:
    assert refused(run("source", *arguments, stdin="key\n"), why)


def test_an_address_is_that_of_the_server_that_runs_and_else_called_a_guess(
    run: Run, settings: Any, tmp_path: Path
) -> None:
    settings.CONFIG = replace(settings.CONFIG, data_dir=tmp_path, port=8499)
    add = ("source", "add", "generic", "shop/production")
    assert "http://127.0.0.1:8499/hooks/generic/" in (said := run(*add, "--name", "a").stdout)
    assert "are a guess" in said
    with listen("127.0.0.1", 0) as listening, announced(listening, tmp_path):
        web = threading.Thread(target=answer, args=(listening, b"HTTP/1.1 200 OK\r\n\r\n"))
        web.start()
        said = run(*add, "--name", "b").stdout
        web.join()
        assert said.startswith(f"{local_address(listening)}/hooks/generic/")
    assert "guess" not in said


def test_the_help_names_every_kind_of_source(run: Run) -> None:
    said = run("source", "add", "--help").stdout
    assert [kind for kind in kinds() if kind not in said] == []
