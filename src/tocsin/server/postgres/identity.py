"""As whom PostgreSQL runs: it refuses root, and needs a user with an entry in the user database."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tocsin.server.launch import User, launch_command
from tocsin.server.postgres.errors import PostgresError

OVERFLOW_UID = 65534  # what every foreign user looks like inside a user namespace: to be it is to be everybody
PREFERRED = ("postgres", "daemon", "bin")


@dataclass(frozen=True, slots=True)
class Identity:
    """How PostgreSQL's processes run (`user`; None: as we do) and our own name as PostgreSQL sees it (`peer`)."""

    user: User | None
    peer: str

    @property
    def becomes(self) -> User | None:
        """The other user that PostgreSQL runs as; None: as we ourselves, whatever we look like to it."""
        return self.user if self.user and not self.user.namespace else None

    @property
    def owner(self) -> tuple[int, int]:
        """The uid and gid that must own PostgreSQL's files, as seen from here."""
        return (self.becomes.uid, self.becomes.gid) if self.becomes else (os.geteuid(), os.getegid())

    def reaches(self, folder: Path) -> bool:
        """Whether PostgreSQL's user can get into the folder: root's right to enter everything is not its."""
        return can_traverse(folder, *self.owner)


def stand_in(users: Iterable[pwd.struct_passwd]) -> pwd.struct_passwd | None:
    """The system user to run as in place of root: a preferred one, else any that is neither root nor nobody."""
    eligible = [user for user in users if user.pw_uid not in (0, OVERFLOW_UID) and user.pw_name != "nobody"]
    by_name = {user.pw_name: user for user in eligible}
    return next((by_name[name] for name in PREFERRED if name in by_name), eligible[0] if eligible else None)


def _own_name(uid: int) -> str | None:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def namespaces_allowed(user: User) -> bool:
    """Whether this process may start programs in a user namespace: tried, because nothing else tells for sure."""
    if sys.platform != "linux":
        return False
    command = launch_command(["/bin/true"], death_signal=signal.SIGKILL, user=user)
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def choose_identity(uid: int | None = None) -> Identity:
    """As whom PostgreSQL runs when we are `uid` (default: the effective one). Raises PostgresError."""
    uid = os.geteuid() if uid is None else uid
    name = _own_name(uid)
    if uid != 0 and name is not None:
        return Identity(None, name)
    substitute = stand_in(pwd.getpwall())
    if substitute is not None:
        inside = User(substitute.pw_uid, substitute.pw_gid, namespace=True)
        if namespaces_allowed(inside):
            return Identity(inside, substitute.pw_name)
        if uid == 0:
            return Identity(User(substitute.pw_uid, substitute.pw_gid, namespace=False), name or "root")
    if uid == 0:
        raise PostgresError("PostgreSQL can't run as root and this system has no other user: add one named postgres")
    raise PostgresError(
        f"user id {uid} has no entry in /etc/passwd, which PostgreSQL needs: add one, run as another user, "
        "or set TOCSIN_DATABASE_URL to an external PostgreSQL"
    )


def can_traverse(folder: Path, uid: int, gid: int) -> bool:
    """Whether that user passes every folder down to this one, by mode bits (access lists are not looked at)."""
    for ancestor in (folder, *folder.parents):
        status = ancestor.stat()
        shift = 6 if status.st_uid == uid else 3 if status.st_gid == gid else 0
        if not status.st_mode >> shift & 1:
            return False
    return True
