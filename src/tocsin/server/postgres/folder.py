"""The folder of an embedded database, its owner, and the locks that say who uses it.

postgres/            in the data folder; a link where PostgreSQL's user can't reach the data folder
    data/            the cluster (PGDATA)
    new/             a cluster being made; renamed to data once whole
    log/             PostgreSQL's own log, a file for each day of the week
    start.log        what PostgreSQL said before it opened its log
    run/             the socket, where the path is short enough for one
    socket           path of the folder that the socket is in
    owner.lock       locked by the process that started PostgreSQL; contains its pid
    server.lock      locked by every process of PostgreSQL, by inheritance
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import ExitStack
from pathlib import Path

from tocsin.server.postgres.binaries import SYSTEM_FOLDER
from tocsin.server.postgres.errors import PostgresError, in_use
from tocsin.server.postgres.identity import Identity
from tocsin.server.postgres.progress import Progress


class HeldError(Exception):
    """A lock is held by another process; the argument is what the holder wrote into it."""


def take_lock(path: Path, note: str = "") -> int:
    """Locks the file, made when missing, with the note in it; returns its descriptor. Raises HeldError, OSError.

    The lock belongs to everyone who inherits the descriptor, and ends with the last of them, however they end.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        note = os.pread(descriptor, 100, 0).decode(errors="replace").strip()
        os.close(descriptor)
        raise HeldError(note) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, note.encode(), 0)
    return descriptor


def database_home(data_dir: Path, identity: Identity, progress: Progress, system_folder: Path = SYSTEM_FOLDER) -> Path:
    """The database's folder, made when missing, real path. Raises PostgresError where it can't be made.

    Where PostgreSQL's user can't reach the data folder, the database lives in the system folder, with a link to it.
    Modes of existing folders stay as they are; a folder made here is one that PostgreSQL's user can pass.
    """
    home = data_dir / "postgres"
    try:
        data_dir.mkdir(mode=0o711 if identity.becomes else 0o700, parents=True, exist_ok=True)
        if not home.is_symlink() and not identity.reaches(data_dir):
            place = system_folder / _name_for(data_dir.resolve())
            progress(
                f"keeping the database in {place}: PostgreSQL's user can't reach {data_dir} (chmod o+x would let it)"
            )
            _move_away(home, place)
        home.resolve().mkdir(mode=0o700, exist_ok=True)
    except HeldError as held:
        raise PostgresError(in_use(held, home)) from None
    except OSError as error:
        raise PostgresError(f"can't make the database's folder {home}: {error.strerror}") from error
    return home.resolve()


def _name_for(data_dir: Path) -> str:
    import hashlib  # here: it is rarely needed, and OpenSSL would stay in the supervisor's memory

    return hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]


def _move_away(home: Path, place: Path) -> None:
    """Moves the database, if there is one, and leaves a link. Killed in between, the next start goes on from there."""
    place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if home.exists():
        if place.exists():
            raise PostgresError(f"there is a database in {home} and another in {place}: move one of them away")
        with ExitStack() as locks:
            for name in ("owner.lock", "server.lock"):
                locks.callback(os.close, take_lock(home / name))
            copy, old = place.with_suffix(".copying"), home.with_suffix(".moved")
            for leftover in (copy, old):
                shutil.rmtree(leftover, ignore_errors=True)
            shutil.copytree(home, copy, symlinks=True, ignore=shutil.ignore_patterns(".s.PGSQL.*"))
            copy.rename(place)
            home.rename(old)
            home.symlink_to(place)
            shutil.rmtree(old)
        return
    place.mkdir(mode=0o700, exist_ok=True)
    home.symlink_to(place)


def give_to(tree: Path, identity: Identity) -> None:
    """As root, makes PostgreSQL's user own the whole tree (it may have been started as another user before)."""
    if os.geteuid() != 0:
        return
    uid, gid = identity.owner
    for folder, _, files in os.walk(tree):
        for path in (folder, *(os.path.join(folder, file) for file in files)):
            if os.lstat(path).st_uid != uid:
                os.lchown(path, uid, gid)
