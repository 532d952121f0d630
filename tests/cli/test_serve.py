"""The server's commands refuse what they can't use in one line, with the status that says whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tocsin.cli import main

NOWHERE = "postgresql://someone:swordfish@127.0.0.1:1/nothing"


def run(arguments: Sequence[str], **environ: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env={"TOCSIN_PORT": "0", **environ})


@pytest.mark.parametrize("command", ["web", "worker", "migrate"])
def test_a_database_that_is_away_is_one_line_without_its_password(command: str) -> None:
    result = run([command], TOCSIN_DATABASE_URL=NOWHERE)
    assert result.exit_code == 1
    assert result.output.startswith("Error: can't reach the database: ")
    assert result.output.count("\n") == 1
    assert "swordfish" not in result.output


@pytest.mark.parametrize("command", ["web", "worker", "migrate"])
def test_an_address_that_is_none_is_a_bad_setting_and_not_repeated(command: str) -> None:
    result = run([command], TOCSIN_DATABASE_URL="swordfish")
    assert result.exit_code == 2
    assert result.output.startswith("Error: TOCSIN_DATABASE_URL: an address like postgresql://")
    assert "swordfish" not in result.output


def test_without_any_database_it_says_where_one_comes_from(tmp_path: Path) -> None:
    result = run(["worker"], TOCSIN_DATA_DIR=str(tmp_path))
    assert (result.exit_code, result.output) == (
        1,
        "Error: there is no database: run `tocsin serve`, which brings its own, or set TOCSIN_DATABASE_URL\n",
    )


def test_a_setting_that_does_not_exist_is_named() -> None:
    result = run(["serve"], TOCSIN_PRT="1")
    assert (result.exit_code, result.output) == (
        2,
        "Error: TOCSIN_PRT: there is no such setting; did you mean TOCSIN_PORT?\n",
    )
