"""An embedded database starts from every state that a crash, a mistake or another user leaves behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.server.conftest import Owner
from tests.server.processes import wait_until_gone
from tocsin.server.postgres import PostgresError, running_url, start_postgres

Own = Callable[[Path], Owner]


def postmaster_pid(owner: Owner) -> int:
    assert owner.stdout is not None
    return int(owner.stdout.readline())


def answers(data_dir: Path) -> bool:
    running = start_postgres(data_dir)
    with psycopg.connect(running.url) as connection:
        row = connection.execute("SELECT current_user, current_database()").fetchone()
    running.stop()
    return row == ("tocsin", "tocsin")


def test_a_first_start_makes_a_database_with_vectors_in_utf_8(tmp_path: Path) -> None:
    told: list[str] = []
    running = start_postgres(tmp_path / "data", told.append)
    with psycopg.connect(running.url) as connection:
        rows = connection.execute("SELECT '[1,2]'::vector::text, current_setting('server_encoding'), upper('é')")
        assert rows.fetchone() == ("[1,2]", "UTF8", "É")
    running.stop()
    assert told == ["making the database (first start only)"]


def test_the_application_is_no_superuser_and_may_make_databases(data_dir: Path) -> None:
    running = start_postgres(data_dir)
    with psycopg.connect(running.url) as connection:
        row = connection.execute("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
    running.stop()
    assert row == (False, True)


def test_it_starts_twice_in_a_row(data_dir: Path) -> None:
    assert answers(data_dir)
    assert answers(data_dir)


def test_stopping_twice_is_harmless(data_dir: Path) -> None:
    running = start_postgres(data_dir)
    running.stop()
    running.stop()
    assert not running.alive


def test_what_was_committed_survives_a_killed_postmaster(data_dir: Path) -> None:
    running = start_postgres(data_dir)
    with psycopg.connect(running.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    running.process.kill()
    running.process.wait()
    running.stop()
    told: list[str] = []
    again = start_postgres(data_dir, told.append)
    with psycopg.connect(again.url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    again.stop()
    assert told == ["recovering after an unclean stop"]


def test_a_killed_owner_takes_its_database_along(data_dir: Path, own: Own) -> None:
    owner = own(data_dir)
    pid = postmaster_pid(owner)
    owner.kill()
    wait_until_gone(pid)
    assert answers(data_dir)


def test_everything_killed_at_once_leaves_nothing_in_the_way(data_dir: Path, own: Own) -> None:
    owner = own(data_dir)
    pid = postmaster_pid(owner)
    owner.kill()
    os.kill(pid, signal.SIGKILL)
    assert answers(data_dir)


def test_a_pid_that_now_belongs_to_somebody_else_is_no_running_server(data_dir: Path, own: Own) -> None:
    owner = own(data_dir)
    pid = postmaster_pid(owner)
    owner.kill()
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    lock = data_dir / "postgres" / "data" / "postmaster.pid"
    lock.write_text(lock.read_text().replace(str(pid), str(os.getppid()), 1))
    assert answers(data_dir)


def test_a_second_start_names_the_process_that_holds_the_data_folder(data_dir: Path, own: Own) -> None:
    owner = own(data_dir)
    postmaster_pid(owner)
    with pytest.raises(PostgresError, match=rf"another Tocsin \(pid {owner.pid}\) uses the database"):
        start_postgres(data_dir)


def test_a_server_started_by_hand_is_named(data_dir: Path) -> None:
    cluster = data_dir / "postgres" / "data"
    with subprocess.Popen(["/bin/sleep", "60"], cwd=cluster) as stranger:
        (cluster / "postmaster.pid").write_text(f"{stranger.pid}\n")
        with pytest.raises(PostgresError, match=rf"another PostgreSQL \(pid {stranger.pid}\)"):
            start_postgres(data_dir)
        stranger.kill()


def test_the_address_is_known_while_it_runs_and_only_then(data_dir: Path) -> None:
    assert running_url(data_dir) is None
    running = start_postgres(data_dir)
    assert running_url(data_dir) == running.url
    running.stop()
    assert running_url(data_dir) is None


@pytest.mark.parametrize("name", ["with spaces and 'quotes'", 'a,b"c\\d', "ünïcode", "long/" + "x" * 120])
def test_any_path_will_do(data_dir: Path, name: str) -> None:
    place = data_dir.parent / name
    place.parent.mkdir(exist_ok=True)
    data_dir.rename(place)
    assert answers(place)


def test_a_long_path_gets_its_socket_in_a_private_folder_that_goes_with_the_server(data_dir: Path) -> None:
    place = data_dir.rename(data_dir.parent / ("x" * 120))
    running = start_postgres(place)
    folder = Path((place / "postgres" / "socket").read_text())
    assert folder.stat().st_mode & 0o777 == 0o700
    running.stop()
    assert not folder.exists()


def test_an_interrupted_first_start_is_begun_again(tmp_path: Path) -> None:
    half = tmp_path / "data" / "postgres" / "new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert answers(tmp_path / "data")


def test_initdb_killed_half_way_is_begun_again(tmp_path: Path, own: Own) -> None:
    owner = own(tmp_path)
    while not (tmp_path / "postgres" / "new" / "global").exists():
        time.sleep(0.005)
    owner.kill()
    owner.wait()
    assert not (tmp_path / "postgres" / "data").exists()
    assert answers(tmp_path)


def test_another_major_version_is_refused_with_the_way_out(data_dir: Path) -> None:
    (data_dir / "postgres" / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(PostgresError, match="is of PostgreSQL 17, this Tocsin carries PostgreSQL 18: dump it"):
        start_postgres(data_dir)


def test_a_refusal_ends_with_its_own_words_and_frees_the_folder(data_dir: Path) -> None:
    control = data_dir / "postgres" / "data" / "global" / "pg_control"
    kept = control.read_bytes()
    control.write_bytes(b"")
    with pytest.raises(PostgresError, match=r"did not start: .*pg_control"):
        start_postgres(data_dir)
    control.write_bytes(kept)
    assert answers(data_dir)


def interpreter_for_everyone() -> str | None:
    """A Python that an ordinary user can run and that has our version, if there is one."""
    for python in (sys.executable, "/usr/bin/python3"):
        command = [python, "-c", "import sys; sys.exit(sys.version_info[:2] != " + f"{sys.version_info[:2]})"]
        try:
            if subprocess.run(command, user=1, group=1, extra_groups=[], check=False, cwd="/").returncode == 0:
                return python
        except PermissionError:
            continue
    return None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("uid", [1, 54321], ids=["with an entry in /etc/passwd", "without one"])
def test_an_ordinary_user_runs_it_too(tmp_path: Path, uid: int) -> None:
    python = interpreter_for_everyone()
    if python is None:
        pytest.skip("no Python here that an ordinary user may run")
    folder = Path("/tmp", f"tocsin-test-{uid}-{os.getpid()}")
    folder.mkdir()
    os.chown(folder, uid, uid)
    script = (
        "import sys; from pathlib import Path; from tocsin.server.postgres import start_postgres; import psycopg\n"
        f"running = start_postgres(Path({str(folder)!r})); psycopg.connect(running.url).close(); running.stop()"
    )
    paths = os.pathsep.join(path for path in sys.path if path)
    ended = subprocess.run(
        [python, "-c", script], user=uid, group=uid, extra_groups=[], cwd="/", env={"PYTHONPATH": paths},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    shutil.rmtree(folder)
    assert (ended.returncode, ended.stderr) == (0, "")
