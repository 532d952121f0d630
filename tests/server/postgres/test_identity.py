"""PostgreSQL runs as somebody who is neither root nor everybody, and reaches its files as that one."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from tocsin.server.launch import User
from tocsin.server.postgres import start_postgres
from tocsin.server.postgres.identity import Identity, can_traverse, choose_identity, stand_in

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
DAEMON = Identity(User(1, 1, namespace=False), "root")


def entry(name: str, uid: int) -> pwd.struct_passwd:
    return pwd.struct_passwd((name, "x", uid, uid, "", "/", "/bin/false"))


def test_the_stand_in_for_root_is_a_user_made_for_databases_if_there_is_one() -> None:
    users = [entry("root", 0), entry("daemon", 1), entry("postgres", 101)]
    assert stand_in(users) == entry("postgres", 101)


def test_any_other_user_will_do_as_stand_in() -> None:
    assert stand_in([entry("root", 0), entry("nonroot", 65532)]) == entry("nonroot", 65532)


def test_root_and_nobody_are_no_stand_ins() -> None:
    assert stand_in([entry("root", 0), entry("toor", 0), entry("nobody", 65534), entry("nobody", 99)]) is None


def test_an_ordinary_user_runs_it_as_itself() -> None:
    ordinary = next(user for user in pwd.getpwall() if user.pw_uid)
    assert choose_identity(ordinary.pw_uid) == Identity(None, ordinary.pw_name)


def test_a_folder_within_a_closed_one_is_out_of_reach_for_others(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o700)
    assert not can_traverse(inner, uid=4242, gid=4242)


@as_root
def test_where_namespaces_are_not_allowed_it_runs_as_another_user() -> None:
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    running = start_postgres(folder / "data", identity=DAEMON)
    assert Path("/proc", str(running.pid)).stat().st_uid == 1
    psycopg.connect(running.url).close()
    running.stop()
    shutil.rmtree(folder)


@as_root
def test_a_database_made_as_one_user_starts_as_another_and_back(data_dir: Path) -> None:
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    (data_dir / "postgres").rename(folder / "postgres")
    for identity in (DAEMON, choose_identity()):
        running = start_postgres(folder, identity=identity)
        psycopg.connect(running.url).close()
        running.stop()
    shutil.rmtree(folder)
