"""PostgreSQL's programs: found, tried, copied where others can read them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tocsin.server.postgres import PostgresError
from tocsin.server.postgres.binaries import check_version, copied_binaries, wheel_binaries


def test_a_copy_of_the_programs_runs_and_is_open_to_all(tmp_path: Path) -> None:
    copy = copied_binaries(wheel_binaries(), tmp_path / "system")
    check_version(copy)
    assert subprocess.run([copy / "initdb", "--version"], check=True, capture_output=True).stdout
    assert copy.stat().st_mode & 0o777 == 0o755


def test_a_copy_is_made_once(tmp_path: Path) -> None:
    first = copied_binaries(wheel_binaries(), tmp_path / "system")
    (first / "mark").touch()
    assert (copied_binaries(wheel_binaries(), tmp_path / "system") / "mark").exists()


def test_without_the_wheel_it_asks_for_a_database_address() -> None:
    with pytest.raises(PostgresError, match=r"no embedded PostgreSQL for this system .* set TOCSIN_DATABASE_URL"):
        wheel_binaries("a_package_that_is_not_installed")


def test_programs_that_cannot_run_here_ask_for_a_database_address(tmp_path: Path) -> None:
    (tmp_path / "postgres").write_text("not for this machine")
    (tmp_path / "postgres").chmod(0o755)
    with pytest.raises(PostgresError, match=r"can't run on this system .* set TOCSIN_DATABASE_URL"):
        check_version(tmp_path)


def test_programs_of_another_major_version_are_refused(tmp_path: Path) -> None:
    (tmp_path / "postgres").write_text("#!/bin/sh\necho postgres '(PostgreSQL)' 17.2\n")
    (tmp_path / "postgres").chmod(0o755)
    with pytest.raises(PostgresError, match=r"expected PostgreSQL 18, .* has postgres \(PostgreSQL\) 17.2"):
        check_version(tmp_path)
