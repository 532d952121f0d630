"""The socket's folder is ours alone, and its address survives any path."""

from __future__ import annotations

import tempfile
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from tocsin.server.postgres.identity import Identity
from tocsin.server.postgres.sockets import address, socket_folder

OURSELVES = Identity(None, "whoever")


def test_the_address_names_any_folder_faithfully() -> None:
    folder = Path("/tmp/a b/&c=d/%41/ü?")
    assert conninfo_to_dict(address(folder)) == {"host": str(folder), "user": "tocsin", "dbname": "tocsin"}


def test_a_folder_once_recorded_is_kept(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as short:  # pytest's own may be longer than an address can be
        (tmp_path / "socket").write_text(f"{short}/private")
        assert socket_folder(tmp_path, OURSELVES) == Path(short, "private")


def test_a_recorded_folder_that_others_can_enter_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "socket").write_text(str(tmp_path / "open"))
    assert socket_folder(tmp_path, OURSELVES) == tmp_path / "run"


def test_a_recorded_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "socket").write_text(str(tmp_path / "link"))
    assert socket_folder(tmp_path, OURSELVES) == tmp_path / "run"


def test_a_copied_data_folder_leaves_the_socket_of_the_original_alone(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as short:
        original, copy = Path(short, "a"), Path(short, "b")
        for home in (original, copy):
            home.mkdir()
        (copy / "socket").write_text(str(socket_folder(original, OURSELVES)))
        assert socket_folder(copy, OURSELVES) == copy / "run"
