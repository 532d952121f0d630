"""The database's folder: where it is, and who holds it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tocsin.server.launch import User
from tocsin.server.postgres import PostgresError
from tocsin.server.postgres.folder import HeldError, database_home, take_lock
from tocsin.server.postgres.identity import Identity

OURSELVES = Identity(None, "whoever")
STRANGER = Identity(User(4242, 4242, namespace=False), "root")


def silent(message: str) -> None:
    pass


def test_the_database_lives_in_the_data_folder(tmp_path: Path) -> None:
    assert database_home(tmp_path / "data", OURSELVES, silent) == tmp_path / "data" / "postgres"
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_out_of_its_users_reach_it_lives_in_the_system_folder_behind_a_link(tmp_path: Path) -> None:
    data, told = tmp_path / "data", list[str]()
    home = database_home(data, STRANGER, told.append, tmp_path / "system")
    assert home.parent == tmp_path / "system"
    assert (data / "postgres").readlink() == home
    assert f"PostgreSQL's user can't reach {data}" in told[0]


def test_a_database_moves_along_when_its_user_changes(tmp_path: Path) -> None:
    old = database_home(tmp_path / "data", OURSELVES, silent)
    (old / "kept").write_text("everything")
    new = database_home(tmp_path / "data", STRANGER, silent, tmp_path / "system")
    assert (new / "kept").read_text() == "everything"
    assert database_home(tmp_path / "data", OURSELVES, silent) == new


def test_two_databases_in_the_way_of_each_other_are_left_to_people(tmp_path: Path) -> None:
    place = database_home(tmp_path / "data", STRANGER, silent, tmp_path / "system")
    (tmp_path / "data" / "postgres").unlink()
    database_home(tmp_path / "data", OURSELVES, silent)
    with pytest.raises(PostgresError, match=f"and another in {place}: move one of them away"):
        database_home(tmp_path / "data", STRANGER, silent, tmp_path / "system")


def test_a_database_in_use_is_not_moved(tmp_path: Path) -> None:
    old = database_home(tmp_path / "data", OURSELVES, silent)
    lock = take_lock(old / "owner.lock", "4711")
    with pytest.raises(PostgresError, match=r"another Tocsin \(pid 4711\)"):
        database_home(tmp_path / "data", STRANGER, silent, tmp_path / "system")
    os.close(lock)


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PostgresError, match=r"can't make the database's folder .*: Not a directory"):
        database_home(tmp_path / "file" / "data", OURSELVES, silent)


def test_a_lock_tells_who_holds_it_and_ends_with_its_descriptor(tmp_path: Path) -> None:
    first = take_lock(tmp_path / "lock", "4711")
    with pytest.raises(HeldError, match="4711"):
        take_lock(tmp_path / "lock")
    os.close(first)
    os.close(take_lock(tmp_path / "lock"))
