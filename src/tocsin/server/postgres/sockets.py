"""A private folder for the socket: its path must be short (107 bytes), and free of what libpq reads as a list."""

from __future__ import annotations

import os
import socket
import stat
import tempfile
import urllib.parse
from pathlib import Path

from tocsin.server.postgres.configuration import DATABASE, ROLE
from tocsin.server.postgres.errors import PostgresError
from tocsin.server.postgres.identity import Identity

SOCKET = ".s.PGSQL.5432"
RECORD = "socket"
SHORTEST = "/tmp"  # noqa: S108  the folder made there is private
UNFIT = frozenset(",\"'\\\n@")


def socket_folder(home: Path, identity: Identity) -> Path:
    """A folder where a socket can be made and only we can enter, recorded in the home. Raises PostgresError.

    The one used last comes first, so that an address handed out stays good; then the home itself, then a new folder in
    XDG_RUNTIME_DIR or a folder for temporary files.
    """
    record = home / RECORD
    for candidate in [Path(record.read_text())] if record.exists() else []:
        # of a data folder that was copied: the socket inside of it is the original's
        is_anothers = candidate.name == "run" and candidate.parent != home
        if candidate.is_absolute() and not is_anothers and _usable(candidate, identity):
            return candidate
    if _usable(home / "run", identity):
        record.write_text(str(home / "run"))
        return home / "run"
    for parent in filter(None, (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), SHORTEST)):
        folder = _new_folder(Path(parent), identity)
        if folder is not None:
            record.write_text(str(folder))
            return folder
    raise PostgresError(
        "found no folder for PostgreSQL's socket: set XDG_RUNTIME_DIR to a short path that we can write"
    )


def _new_folder(parent: Path, identity: Identity) -> Path | None:
    try:
        folder = Path(tempfile.mkdtemp(prefix="tocsin-", dir=parent))
    except OSError:
        return None
    if _usable(folder, identity):
        return folder
    folder.rmdir()
    return None


def _usable(folder: Path, identity: Identity) -> bool:
    """Whether the folder (made when missing) is ours alone and takes a socket, which is tried."""
    if UNFIT & set(str(folder)):
        return False
    uid, gid = identity.owner
    probe = folder / f"{SOCKET}.probe"
    try:
        if not identity.reaches(folder.parent):
            return False
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in (uid, os.geteuid()) or status.st_mode & 0o077:
            return False
        if os.geteuid() == 0:
            os.chown(folder, uid, gid)
        with socket.socket(socket.AF_UNIX) as trial:
            probe.unlink(missing_ok=True)
            trial.bind(str(probe))
            probe.unlink()
    except OSError:
        return False
    return True


def address(folder: Path) -> str:
    """The database's URL over the socket in this folder, good for libpq; any path is quoted."""
    return f"postgresql:///{DATABASE}?host={urllib.parse.quote(str(folder), safe='')}&user={ROLE}"
